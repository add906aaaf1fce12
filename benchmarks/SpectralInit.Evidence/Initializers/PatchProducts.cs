using System.Numerics.Tensors;

namespace SpectralInit.Evidence;

/// <summary>
/// Filters from the gradient outer product of whole images: M of the images that arrive at a convolution, summed over the positions its filters see (Beaglehole, Radhakrishnan, Pandit and
/// Belkin 2023 take it of a convolutional kernel). Patches by themselves say little of the class; here the kernel has seen the image.
/// </summary>
internal static class PatchProducts
{
    /// <summary>Convolutions from M^½, mixed with a tenth of all directions, or clusters for the first half of the filters; the dense layers by the warm start.</summary>
    public static void Start(InitializationContext context, bool halfClusters)
    {
        INetwork network = context;
        int layer = 0;
        for (; context.Network.WeightLayers[layer] is ConvolutionLayer convolution; layer++)
        {
            WeightShape shape = network.ShapeOf(layer);
            float[] images = context.Arriving(convolution);
            GradientOuterProduct product = GradientOuterProduct.Fit(RowSource.From(images, images.Length / context.Train.Count), context.Targets, new() { Seed = context.Seed });
            double[] filters = Draw(convolution, product, Seeds.Derive(context.Seed, (ulong)layer));
            if (halfClusters)
            {
                int half = shape.Rows / 2;
                SphericalKMeans clusters = SphericalKMeans.Fit(context.LayerInputs(layer), new() { Clusters = half, Seed = context.Seed });
                new SphericalKMeansInitializer(clusters).Initialize(filters.AsSpan(0, half * shape.Columns), WeightShape.Dense(shape.Columns, half), context.Seed);
            }

            double[] bias = new double[shape.Rows], patches = new double[2000 * shape.Columns];
            using (IRowReader reader = context.LayerInputs(layer).Open())
                patches = patches[..(reader.Read(patches) * shape.Columns)];
            Standardize(filters, bias, patches, shape.Columns);
            network.Write(layer, filters, bias);
        }

        int first = layer;
        (WeightShape, LayerActivation)[] dense = [.. Enumerable.Range(first, network.LayerCount - first).Select(i => (network.ShapeOf(i), network.ActivationOf(i)))];
        DelegateNetwork behind = new(dense, i => network.InputsOf(first + i), i => throw new NotSupportedException(), (i, weights, bias) => network.Write(first + i, weights, bias));
        SpectralWarmStart.Apply(behind, context.Targets, new() { Seed = context.Seed, Recipe = FeatureRecipe.Mixed });
    }

    // The patches of the images √λᵢ·vᵢ have the second moment wanted.
    private static double[] Draw(ConvolutionLayer convolution, GradientOuterProduct product, ulong seed)
    {
        EigenPairs components = product.Components;
        int d = product.Dimension, columns = convolution.Shape.Columns, units = convolution.Shape.Rows;
        float[] images = new float[components.Count * d];
        for (int i = 0; i < components.Count; i++)
        {
            for (int j = 0; j < d; j++)
                images[(i * d) + j] = (float)(Math.Sqrt(Math.Max(0, components.Values[i])) * components.Vector(i)[j]);
        }

        double[] moment = new double[columns * columns], row = new double[columns];
        using IRowReader reader = convolution.Patches(images).Open();
        while (reader.Read(row) > 0)
        {
            for (int i = 0; i < columns; i++)
            {
                for (int j = 0; j < columns; j++)
                    moment[(i * columns) + j] += row[i] * row[j];
            }
        }

        EigenPairs patch = SymmetricEigen.Decompose(moment, columns);
        double[] scales = [.. patch.Values.Select(value => Math.Sqrt(Math.Max(0, value)))];
        double total = scales.Sum();
        double[] draws = new NormalInitializer(0, 1).Create<double>(WeightShape.Dense(columns, units), seed), filters = new double[units * columns];
        for (int unit = 0; unit < units; unit++)
        {
            for (int i = 0; i < columns; i++)
            {
                double size = draws[(unit * columns) + i] * Math.Sqrt((0.9 * scales[i] / Math.Max(total, 1e-300)) + (0.1 / columns));
                for (int j = 0; j < columns; j++)
                    filters[(unit * columns) + j] += size * patch.Vector(i)[j];
            }
        }

        return filters;
    }

    // Every filter to unit variance on the patches, the bias to mean zero.
    private static void Standardize(double[] filters, double[] bias, double[] patches, int columns)
    {
        int count = patches.Length / columns;
        for (int unit = 0; unit < bias.Length; unit++)
        {
            Span<double> filter = filters.AsSpan(unit * columns, columns);
            double sum = 0, square = 0;
            for (int i = 0; i < count; i++)
            {
                double value = TensorPrimitives.Dot(filter, patches.AsSpan(i * columns, columns));
                sum += value;
                square += value * value;
            }

            double variance = (square - (sum * sum / count)) / count, gain = variance > 0 ? 1 / Math.Sqrt(variance) : 1;
            TensorPrimitives.Multiply(filter, gain, filter);
            bias[unit] = -gain * sum / count;
        }
    }
}
