namespace SpectralInit.Evidence;

/// <summary>One hidden layer's rows or filters from what arrives at it, in dense and convolution layers alike.</summary>
internal static class Filters
{
    /// <summary>As many cluster directions as the layer has units or the data rows; the other units keep what they have.</summary>
    public static void Clusters(InitializationContext context, int layer)
    {
        WeightLayer target = context.Network.WeightLayers[layer];
        IRowSource rows = context.LayerInputs(layer);
        int inputs = target.Shape.Columns, units = (int)Math.Min(target.Shape.Rows, rows.RowCount ?? target.Shape.Rows);
        SphericalKMeans clusters = SphericalKMeans.Fit(rows, new() { Clusters = units, SampleRows = 20_000, Seed = Seeds.Derive(context.Seed, (ulong)layer) });
        new SphericalKMeansInitializer(clusters, Math.Sqrt(2)).Initialize(target.Weights[..(units * inputs)], WeightShape.Dense(inputs, units), context.Seed);
    }

    /// <summary>Principal directions, and He rows beyond the rank, with one gain.</summary>
    public static void Components(InitializationContext context, int layer)
    {
        DataSpectrum spectrum = layer == 0 ? context.FirstLayerSpectrum : DataSpectrum.Fit(context.LayerInputs(layer));
        context.Fill(layer, new PrincipalComponentInitializer(spectrum, new() { Completion = ComponentCompletion.HeRemainder, Scaling = ComponentScaling.Proportional, TargetVariance = 2 }));
    }

    /// <summary>Sets the hidden layers one after the other, then scales every layer to unit variance on the rows.</summary>
    public static void InEveryHiddenLayer(InitializationContext context, Action<InitializationContext, int> set)
    {
        for (int layer = 0; layer < context.Network.WeightLayers.Length - 1; layer++)
            set(context, layer);
        LayerSequentialUnitVariance.Apply(context);
    }
}
