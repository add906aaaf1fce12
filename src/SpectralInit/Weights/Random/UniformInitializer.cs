using System.Numerics;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>
/// Independent weights uniform on [lower, upper), both rounded to float or double. Symmetric bounds give symmetric weights that reach neither bound;
/// <see cref="Half"/> weights are rounded from float and may equal a bound's rounding.
/// </summary>
public sealed class UniformInitializer : IWeightInitializer
{
    /// <summary>Uniform weights.</summary>
    /// <param name="lower">Finite; 0 by default.</param>
    /// <param name="upper">Finite, ≥ <paramref name="lower"/>; 1 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public UniformInitializer(double lower = 0, double upper = 1)
    {
        Lower = ParameterGuard.Finite(lower);
        Upper = ParameterGuard.Finite(upper);
        ArgumentOutOfRangeException.ThrowIfLessThan(upper, lower);
    }

    /// <summary>The lower bound.</summary>
    public double Lower { get; }

    /// <summary>The upper bound.</summary>
    public double Upper { get; }

    /// <inheritdoc/>
    public void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightGuard.Check<T>(weights, shape);
        RandomFill.Uniform(weights, Lower, Upper, seed);
    }
}
