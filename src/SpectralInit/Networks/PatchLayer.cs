using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>A convolution of a warm start as a dense layer of its patches, each group by itself: clusters of whitened patches, or draws over their gradient outer product.</summary>
internal static class PatchLayer
{
    private const int MostPatches = 20_000;
    private const int MostValues = 1 << 22;

    /// <summary>Larger patches are not clustered: whitening costs their size to the third power.</summary>
    private const int MostFeatures = 1024;

    /// <summary>Sets the convolutions a network begins with; what comes after them is dense.</summary>
    public static List<LayerReport> ApplyAll(INetwork network, Targets targets, WarmStartOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(targets);
        if (network.LayerCount <= 0)
            throw new ArgumentException("The network has no layers.", nameof(network));
        if (targets.Count == 0)
            throw new ArgumentException("There are no rows.", nameof(targets));
        List<LayerReport> convolutions = [];
        for (int layer = 0; layer < network.LayerCount - 1 && !NetworkLayers.ShapeOf(network, layer).Kernel.IsEmpty; layer++)
            convolutions.Add(Apply(network, layer, targets, options, cancellationToken));
        return convolutions;
    }

    private static LayerReport Apply(INetwork network, int layer, Targets targets, WarmStartOptions options, CancellationToken cancellationToken)
    {
        WeightShape shape = NetworkLayers.ShapeOf(network, layer);
        DenseLayer all = NetworkLayers.Describe(network, layer);
        IRowSource patches = NetworkLayers.InputsOf(network, layer);
        if (patches.RowCount is not { } count || count == 0 || count % targets.Count != 0 || count / targets.Count > int.MaxValue / targets.Count)
            throw new ArgumentException($"Layer {layer} is a convolution: {patches.RowCount?.ToString() ?? "an unknown number of"} patches are not equally many for each of {targets.Count} samples.", nameof(network));
        if (count < 2)
            throw new ArgumentException($"Layer {layer} is a convolution over a single patch.", nameof(network));

        ulong seed = Seeds.Derive(options.Seed, $"convolution {layer}");
        bool labelled = options.Filters == ConvolutionFilters.Recipe;
        RowSample? sample = labelled ? RowSample.Take(patches, targets.Repeat((int)(count / targets.Count)), options.MaxCenters ?? 1000, options.Seed, cancellationToken, nameof(network)) : null;
        double[] rows = sample?.Rows ?? BottomSample.Take(patches, Math.Clamp(MostValues / all.Inputs, 256, MostPatches), seed, cancellationToken);
        if (Finite.FirstNot(rows) is int bad and >= 0)
            throw new ArgumentException($"Feature {bad % all.Inputs} of a patch that arrives at layer {layer} is {rows[bad]}; check the data and the layers before.", nameof(network));

        int groups = shape.Groups, units = all.Outputs / groups, d = shape.Columns, n = rows.Length / all.Inputs;
        double[] weights = new double[shape.Count], bias = new double[all.Outputs];
        string method = labelled ? options.LaterRecipe.Name : "clusters";
        for (int group = 0; group < groups; group++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            double[] own = OfGroup(rows, n, d, groups, group);
            ulong groupSeed = group == 0 ? seed : Seeds.Derive(seed, (ulong)group);
            Span<double> filters = weights.AsSpan(group * units * d, units * d);
            double[] mean;
            if (sample is not null)
            {
                FeatureDirections directions = new(sample.With(own, d));
                directions.Rows(options.LaterRecipe, units, groupSeed).CopyTo(filters);
                mean = directions.Mean;
            }
            else if (!Clusters(own, n, d, filters, groupSeed, out mean, cancellationToken))
            {
                method = "isotropic draws";
            }

            LayerStack.Centering(filters, mean, units).CopyTo(bias, group * units);
        }

        FeatureLayer.Spread(bias, all.Activation, options.BiasDeviation, seed);
        DenseParameters parameters = new(all, weights, bias, groups);
        NetworkLayers.Write(network, layer, parameters);
        return LayerStack.Describe(layer, method + " of patches", parameters, rows, n);
    }

    /// <summary>Filters of unit mean variance on the patches; false where they could not be clustered and point anywhere.</summary>
    private static bool Clusters(double[] rows, int n, int d, Span<double> filters, ulong seed, out double[] mean, CancellationToken cancellationToken)
    {
        int units = filters.Length / d;
        InputScale scale = InputScale.Of(rows, n, d, out mean);
        SphericalKMeansOptions options = new() { Clusters = units, SampleRows = Math.Max(n, units), MaxIterations = 20, Seed = seed };
        SphericalKMeans? clusters = d > MostFeatures || !(scale.TotalVariance > 0) ? null : SphericalKMeans.Fit(new MemoryRowSource<double>(rows, d), options, out _, null, cancellationToken);
        if (clusters is null)
            RandomFill.Normal(filters, 0, Math.Sqrt(2.0 / d), seed);
        else
            new SphericalKMeansInitializer(clusters).Initialize(filters, WeightShape.Dense(d, units), seed);
        double variance = scale.MeanVariance(filters, units);
        if (variance > 0)
            TensorPrimitives.Multiply(filters, 1 / Math.Sqrt(variance), filters);
        return clusters is not null;
    }

    private static double[] OfGroup(double[] rows, int n, int d, int groups, int group)
    {
        if (groups == 1)
            return rows;
        double[] own = new double[n * d];
        for (int i = 0; i < n; i++)
            rows.AsSpan(((i * groups) + group) * d, d).CopyTo(own.AsSpan(i * d));
        return own;
    }
}
