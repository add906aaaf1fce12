using System.Numerics;

namespace SpectralInit;

/// <summary>
/// Convolutions that copy their input: output channel c of a group is gain times input channel c of the same group, by the centre tap
/// ⌊k/2⌋ of each kernel axis (PyTorch's dirac_), the rest 0. Deterministic.
/// </summary>
/// <remarks>With "same" padding of an odd kernel and stride 1 the layer is the identity on the channels both sides have.</remarks>
public sealed class DiracInitializer : IWeightInitializer
{
    /// <summary>A channel-preserving convolution.</summary>
    /// <param name="gain">The centre weight; finite, 1 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="gain"/> is not finite.</exception>
    public DiracInitializer(double gain = 1) => CenterGain = ParameterGuard.Finite(gain);

    /// <summary>The centre weight.</summary>
    public double CenterGain { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The shape is not a convolution: use <see cref="IdentityInitializer"/>.</exception>
    public void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightGuard.Check<T>(weights, shape);
        if (shape.Kernel.IsEmpty)
            throw new ArgumentException($"A Dirac initializer needs a convolution, not {shape.Kind}; use {nameof(IdentityInitializer)}.", nameof(shape));
        T gain = WeightGuard.Rounded<T>(CenterGain);
        weights.Clear();

        int taps = shape.KernelSize, centre = 0;
        foreach (int size in shape.Kernel)
            centre = (centre * size) + (size / 2);
        int rows = shape.Rows / shape.Groups, channels = shape.Columns / taps;
        for (int group = 0; group < shape.Groups; group++)
        {
            for (int c = 0; c < Math.Min(rows, channels); c++)
                weights[WeightMatrix.IndexOf(shape, (group * rows) + c, (c * taps) + centre)] = gain;
        }
    }
}
