using System.Numerics;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>Independent normal weights, w ~ N(mean, standardDeviation²), whatever the fans.</summary>
public sealed class NormalInitializer : IWeightInitializer
{
    /// <summary>Normal weights.</summary>
    /// <param name="mean">Finite; 0 by default.</param>
    /// <param name="standardDeviation">Finite, ≥ 0; 1 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public NormalInitializer(double mean = 0, double standardDeviation = 1)
    {
        Mean = ParameterGuard.Finite(mean);
        StandardDeviation = ParameterGuard.FiniteNonNegative(standardDeviation);
    }

    /// <summary>The mean.</summary>
    public double Mean { get; }

    /// <summary>The standard deviation.</summary>
    public double StandardDeviation { get; }

    /// <inheritdoc/>
    public void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightGuard.Check<T>(weights, shape);
        RandomFill.Normal(weights, Mean, StandardDeviation, seed);
    }
}
