using System.Numerics;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>Weights and bias of one dense layer, in double.</summary>
public sealed class DenseParameters
{
    internal DenseParameters(DenseLayer layer, double[] weights, double[] bias, int groups = 1)
    {
        Layer = layer;
        Weights = weights;
        Bias = bias;
        Groups = groups;
    }

    /// <summary>The layer they belong to.</summary>
    public DenseLayer Layer { get; }

    /// <summary>Weights [out, in], row-major.</summary>
    public double[] Weights { get; }

    /// <summary>Equal parts of the outputs that read equal parts of the inputs: the groups of a convolution, whose weights are [out, in/g]; 1 elsewhere.</summary>
    internal int Groups { get; }

    /// <summary>Inputs of one unit.</summary>
    internal int FanIn => Layer.Inputs / Groups;

    /// <summary>Bias, one value per output.</summary>
    public double[] Bias { get; }

    /// <summary>Shape and activation.</summary>
    public override string ToString() => Layer.ToString();

    /// <summary>Copies the weights, rounding once.</summary>
    /// <typeparam name="T">float, double or Half.</typeparam>
    /// <param name="destination">in·out elements.</param>
    /// <param name="layout">[out, in] (default, PyTorch) or [in, out] (Keras).</param>
    /// <exception cref="ArgumentException">The destination has another length, or a value overflows <typeparamref name="T"/>; nothing is written.</exception>
    public void CopyWeights<T>(Span<T> destination, WeightLayout layout = WeightLayout.OutputsFirst)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightShape shape = Layer.Shape.With(layout);
        WeightGuard.Check<T>(destination, shape, nameof(destination));
        WeightMatrix.WriteRows<double, T>(0, Weights, shape, destination);
    }

    /// <summary>Copies the bias, rounding once.</summary>
    /// <typeparam name="T">float, double or Half.</typeparam>
    /// <param name="destination">One element per output.</param>
    /// <exception cref="ArgumentException">The destination has another length, or a value overflows <typeparamref name="T"/>; nothing is written.</exception>
    public void CopyBias<T>(Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (destination.Length != Bias.Length)
            throw new ArgumentException($"The destination has {destination.Length} elements, the layer {Bias.Length} outputs.", nameof(destination));
        WeightGuard.Write<double, T>(Bias, destination);
    }

    /// <summary>Room for the outputs of a block of rows.</summary>
    /// <exception cref="ArgumentException">It exceeds one array.</exception>
    internal double[] Room(int count, string parameter = "network") => (long)count * Layer.Outputs <= Array.MaxLength
        ? new double[count * Layer.Outputs]
        : throw new ArgumentException($"What {count} rows give in a layer of {Layer.Outputs} outputs exceeds an array; measure fewer rows, or narrow the layer.", parameter);

    /// <summary>pre ← x·Wᵀ + b for a block of rows.</summary>
    internal unsafe void PreActivations(ReadOnlySpan<double> rows, int count, Span<double> pre)
    {
        int outputs = Layer.Outputs, units = outputs / Groups;
        for (int i = 0; i < count; i++)
            Bias.CopyTo(pre[(i * outputs)..]);
        fixed (double* x = rows, w = Weights, y = pre)
        {
            for (int group = 0; group < Groups; group++)
                MatrixProduct.Multiply(false, true, count, units, FanIn, 1.0, x + (group * FanIn), Layer.Inputs, w + ((nint)group * units * FanIn), FanIn, 1.0, y + (group * units), outputs);
        }
    }

    /// <summary>The layer's outputs for a block of rows.</summary>
    internal double[] Forward(ReadOnlySpan<double> rows, int count)
    {
        double[] outputs = Room(count);
        PreActivations(rows, count, outputs);
        Layer.Activation.Apply(outputs);
        return outputs;
    }
}
