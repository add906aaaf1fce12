using System.Numerics.Tensors;

namespace SpectralInit;

/// <summary>What the whole-network initializers share: checks, the output layer, the report.</summary>
internal static class LayerStack
{
    private static readonly SpectralNormOptions s_norm = new() { Tolerance = 1e-6 };

    public static void Check(IReadOnlyList<DenseLayer> layers, IRowSource rows)
    {
        ArgumentNullException.ThrowIfNull(layers);
        RowReading.Check(rows);
        if (layers.Count == 0)
            throw new ArgumentException("The network has no layers.", nameof(layers));
        if (layers[0].Inputs != rows.Columns)
            throw new ArgumentException($"The first layer has {layers[0].Inputs} inputs, the rows {rows.Columns} features.", nameof(layers));
        for (int i = 1; i < layers.Count; i++)
        {
            if (layers[i].Inputs != layers[i - 1].Outputs)
                throw new ArgumentException($"Layer {i} has {layers[i].Inputs} inputs, layer {i - 1} {layers[i - 1].Outputs} outputs.", nameof(layers));
        }
    }

    public static void Check(IReadOnlyList<DenseLayer> layers, IRowSource rows, Targets targets)
    {
        Check(layers, rows);
        CheckOutputs(layers[^1], targets);
    }

    public static void CheckOutputs(DenseLayer last, Targets targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        if (targets.Count == 0)
            throw new ArgumentException("There are no rows.", nameof(targets));
        bool single = targets is { IsClassification: true, Outputs: 2 } && last.Outputs == 1;
        if (last.Outputs != targets.Outputs && !single)
            throw new ArgumentException($"The last layer has {last.Outputs} outputs, the targets {targets.Outputs}.", nameof(targets));
    }

    /// <summary>The output layer of a readout: logits times a factor; one output for two classes is the difference of theirs.</summary>
    public static DenseParameters Output(DenseLayer layer, RidgeReadout readout, double scale)
    {
        double[] weights = new double[layer.Outputs * layer.Inputs], bias = new double[layer.Outputs];
        if (layer.Outputs < readout.Bias.Length)
        {
            TensorPrimitives.Subtract(readout.Weights.AsSpan(layer.Inputs), readout.Weights.AsSpan(0, layer.Inputs), weights);
            bias[0] = readout.Bias[1] - readout.Bias[0];
        }
        else
        {
            readout.Weights.CopyTo(weights, 0);
            readout.Bias.CopyTo(bias, 0);
        }

        TensorPrimitives.Multiply(weights, scale, weights);
        TensorPrimitives.Multiply(bias, scale, bias);
        return new DenseParameters(layer, weights, bias);
    }

    /// <summary>He weights, no bias.</summary>
    public static DenseParameters He(DenseLayer layer, ulong seed) => new(layer, new HeInitializer().Create<double>(layer.Shape, seed), new double[layer.Outputs]);

    /// <summary>b = −W·μ.</summary>
    public static double[] Centering(ReadOnlySpan<double> weights, ReadOnlySpan<double> mean, int units)
    {
        double[] bias = new double[units];
        for (int i = 0; i < units; i++)
            bias[i] = -TensorPrimitives.Dot(weights.Slice(i * mean.Length, mean.Length), mean);
        return bias;
    }

    public static LayerReport Describe(int index, string method, DenseParameters parameters, ReadOnlySpan<double> rows, int count)
    {
        int units = parameters.Layer.Outputs, dead = 0;
        double[] pre = parameters.Room(count);
        parameters.PreActivations(rows, count, pre);
        double[] post = [.. pre];
        parameters.Layer.Activation.Apply(post);
        double mean = 0, variance = 0;
        for (int j = 0; j < units; j++)
        {
            double sum = 0, square = 0;
            bool constant = true;
            for (int i = 0; i < count; i++)
            {
                sum += pre[(i * units) + j];
                constant &= post[(i * units) + j] == post[j];
            }

            for (int i = 0; i < count; i++)
            {
                double gap = pre[(i * units) + j] - (sum / count);
                square += gap * gap;
            }

            mean += sum / count / units;
            variance += square / count / units;
            dead += constant && count > 1 ? 1 : 0;
        }

        return new LayerReport(index, method, mean, variance, dead, LargestSingularValue(parameters));
    }

    /// <summary>The largest over the groups.</summary>
    private static double LargestSingularValue(DenseParameters parameters)
    {
        int rows = parameters.Layer.Outputs / parameters.Groups, columns = parameters.FanIn;
        double largest = 0;
        for (int group = 0; group < parameters.Groups; group++)
            largest = Math.Max(largest, SpectralNorm.Of(parameters.Weights.AsSpan(group * rows * columns, rows * columns), rows, columns, s_norm).Value);
        return largest;
    }
}
