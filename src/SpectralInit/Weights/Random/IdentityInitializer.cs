using System.Numerics;

namespace SpectralInit;

/// <summary>
/// gain · I: output i is gain times input i, the rest 0; every gate or packed part is its own (partial) identity. Deterministic.
/// The recurrent use is Le, Jaitly and Hinton, "A simple way to initialize recurrent networks of rectified linear units" (2015).
/// </summary>
public sealed class IdentityInitializer : IWeightInitializer
{
    /// <summary>A scaled identity.</summary>
    /// <param name="gain">The diagonal; finite, 1 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="gain"/> is not finite.</exception>
    public IdentityInitializer(double gain = 1) => DiagonalGain = ParameterGuard.Finite(gain);

    /// <summary>The diagonal.</summary>
    public double DiagonalGain { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The shape is a convolution: use <see cref="DiracInitializer"/>.</exception>
    public void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightGuard.Check<T>(weights, shape);
        if (!shape.Kernel.IsEmpty)
            throw new ArgumentException($"An identity is a matrix, not a {shape.Kind}; use {nameof(DiracInitializer)} for convolutions.", nameof(shape));
        T gain = WeightGuard.Rounded<T>(DiagonalGain);
        weights.Clear();
        int rows = shape.Rows / shape.Blocks, diagonal = Math.Min(rows, shape.Columns);
        for (int block = 0; block < shape.Blocks; block++)
        {
            for (int i = 0; i < diagonal; i++)
                weights[WeightMatrix.IndexOf(shape, (block * rows) + i, i)] = gain;
        }
    }
}
