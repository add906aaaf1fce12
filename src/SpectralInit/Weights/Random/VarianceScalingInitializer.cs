using System.Numerics;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>
/// Independent weights of mean 0 and variance scale / fan. <see cref="XavierInitializer"/>, <see cref="HeInitializer"/> and
/// <see cref="LeCunInitializer"/> are presets of it.
/// </summary>
/// <remarks>
/// Draw i fills stored element i (docs/random.md): the layouts give differently ordered draws of the same distribution. A fan of 0 counts as 1. The fan-in of an embedding is 1 too, for a lookup sums nothing: see
/// <see cref="WeightShape.Embedding"/> for what suits one.
/// </remarks>
public class VarianceScalingInitializer : IWeightInitializer
{
    private static readonly double s_truncation = Math.Sqrt(NormalTail.Truncated(-2, 2).Variance);

    /// <summary>Weights of variance <paramref name="scale"/> / fan.</summary>
    /// <param name="scale">Finite, ≥ 0. 1 keeps the variance of a linear layer, 2 that of a rectified one.</param>
    /// <param name="fan">Which fan.</param>
    /// <param name="distribution">Which distribution; it does not change the variance.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public VarianceScalingInitializer(double scale = 1, FanMode fan = FanMode.In, WeightDistribution distribution = WeightDistribution.Normal)
    {
        Scale = ParameterGuard.FiniteNonNegative(scale);
        Fan = ParameterGuard.Defined(fan);
        Distribution = ParameterGuard.Defined(distribution);
    }

    /// <summary>Variance × fan.</summary>
    public double Scale { get; }

    /// <summary>Which fan.</summary>
    public FanMode Fan { get; }

    /// <summary>Which distribution.</summary>
    public WeightDistribution Distribution { get; }

    /// <summary>The variance of the weights of a layer: <see cref="Scale"/> / fan.</summary>
    /// <param name="shape">The layer.</param>
    /// <exception cref="ArgumentNullException"><paramref name="shape"/> is null.</exception>
    public double Variance(WeightShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        double fan = Fan switch
        {
            FanMode.In => shape.FanIn,
            FanMode.Out => shape.FanOut,
            FanMode.Average => 0.5 * ((double)shape.FanIn + shape.FanOut),
            _ => Math.Sqrt((double)shape.FanIn * shape.FanOut),
        };
        return Scale / Math.Max(fan, 1);
    }

    /// <inheritdoc/>
    public void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightGuard.Check<T>(weights, shape);
        double deviation = Math.Sqrt(Variance(shape));
        switch (Distribution)
        {
            case WeightDistribution.Normal:
                RandomFill.Normal(weights, 0, deviation, seed);
                break;
            case WeightDistribution.Uniform:
                double limit = Math.Sqrt(3) * deviation;
                RandomFill.Uniform(weights, -limit, limit, seed);
                break;
            default:
                if (deviation == 0)
                    weights.Clear();
                else
                    RandomFill.TruncatedNormal(weights, 0, deviation / s_truncation, -2 * deviation / s_truncation, 2 * deviation / s_truncation, seed);
                break;
        }
    }

    /// <summary>For example <c>HeInitializer: Normal, variance 2 / fan (In)</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{GetType().Name}: {Distribution}, variance {Scale:g6} / fan ({Fan})");
}
