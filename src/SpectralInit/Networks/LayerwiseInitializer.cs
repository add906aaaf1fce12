namespace SpectralInit;

/// <summary>Initializes a network front to back, each layer by an initializer made from the rows that really arrive at it.</summary>
public static class LayerwiseInitializer
{
    /// <summary>Initializes a network in place.</summary>
    /// <param name="network">The network.</param>
    /// <param name="initializerOf">
    /// Makes a layer's initializer from the rows that arrive and the layer's number; for example
    /// <c>(rows, layer) => new SpectralPowerInitializer(DataSpectrum.Fit(rows), 1)</c>. Return a plain initializer (He, ZerO, a spectral norm target) where no rows are needed,
    /// and a <see cref="PerGroupInitializer"/> for a convolution with groups, whose rows are the patches of all groups.
    /// </param>
    /// <param name="seed">The seed; layer i uses <see cref="Seeds.Derive(ulong, ulong)"/>(seed, i).</param>
    /// <param name="progress">Told the share of the layers done, 0 … 1.</param>
    /// <param name="cancellationToken">Stops between layers.</param>
    /// <returns>What every layer does to the rows that arrive. The bias is the initializer's own (<see cref="IBiasInitializer"/>) or zero.</returns>
    /// <exception cref="ArgumentException">An initializer is null, gives weights that are not finite, or does not suit the layer or its rows; the layers before it are initialized.</exception>
    public static IReadOnlyList<LayerReport> Apply(
        INetwork network, Func<IRowSource, int, IWeightInitializer> initializerOf, ulong seed = 0, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(initializerOf);
        List<LayerReport> report = [];
        for (int layer = 0; layer < network.LayerCount; layer++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            WeightShape shape = NetworkLayers.ShapeOf(network, layer).With(WeightLayout.OutputsFirst);
            IRowSource arriving = NetworkLayers.Arriving(network, layer);
            IWeightInitializer initializer = initializerOf(arriving, layer) ?? throw new ArgumentException($"No initializer was made for layer {layer}.", nameof(initializerOf));
            ulong layerSeed = Seeds.Derive(seed, (ulong)layer);
            double[] weights = initializer.Create<double>(shape, layerSeed);
            double[] bias = initializer is IBiasInitializer centered ? centered.CreateBias<double>(shape, layerSeed) : new double[shape.Outputs];
            if (Math.Max(Finite.FirstNot(weights), Finite.FirstNot(bias)) >= 0)
                throw new ArgumentException($"The initializer of layer {layer} made parameters that are not finite.", nameof(initializerOf));
            DenseParameters parameters = new(NetworkLayers.Describe(network, layer), weights, bias, shape.Groups);
            NetworkLayers.Write(network, layer, parameters);
            (double[] rows, int count) = ArrivingRows.Take(NetworkLayers.InputsOf(network, layer), 1024, layer, cancellationToken);
            report.Add(LayerStack.Describe(layer, initializer.GetType().Name, parameters, rows, count));
            progress?.Report((layer + 1.0) / network.LayerCount);
        }

        return report;
    }
}
