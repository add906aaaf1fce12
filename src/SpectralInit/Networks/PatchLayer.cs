namespace SpectralInit;

/// <summary>A convolution as a dense layer of its patches: filters follow the gradient outer product of patches that carry their sample's target, and their covariance.</summary>
internal static class PatchLayer
{
    public static LayerReport Apply(INetwork network, int layer, Targets targets, WarmStartOptions options, CancellationToken cancellationToken)
    {
        DenseLayer dense = NetworkLayers.Describe(network, layer);
        IRowSource patches = network.InputsOf(layer);
        if (patches.RowCount is not { } count || count == 0 || count % targets.Count != 0 || count / targets.Count > int.MaxValue / targets.Count)
            throw new ArgumentException($"Layer {layer} is a convolution: {patches.RowCount?.ToString() ?? "an unknown number of"} patches are not equally many for each of {targets.Count} samples.", nameof(network));
        RowSample sample = RowSample.Take(patches, targets.Repeat((int)(count / targets.Count)), options.MaxCenters, options.Seed, cancellationToken, nameof(network));
        if (sample.Count < 2)
            throw new ArgumentException($"Layer {layer} is a convolution over a single patch.", nameof(network));
        GradientOuterProduct product = GradientOuterProduct.Fit(sample, new GradientOuterProductOptions());
        DenseParameters parameters = FeatureLayer.Create(dense, product, options.Recipes[0], options.BiasDeviation, Seeds.Derive(options.Seed, $"convolution {layer}"));
        NetworkLayers.Write(network, layer, parameters);
        return LayerStack.Describe(layer, options.Recipes[0].Name + " of patches", parameters, sample.Rows, sample.Count);
    }
}
