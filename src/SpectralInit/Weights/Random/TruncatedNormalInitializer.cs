using System.Numerics;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>
/// Independent normal weights conditioned to lie between two bounds, by inversion of the distribution function from the nearer tail: exact for bounds
/// of any size, with no outliers at the bounds, and every float or double weight strictly between them (<see cref="Half"/> is rounded from float).
/// </summary>
/// <remarks>
/// By default the variance is that of the truncated distribution, below standardDeviation² (PyTorch, JAX and Keras do the same). With
/// <c>correctVariance</c> the normal is widened until the truncated one has exactly the deviation asked for: bounds in deviations then
/// count the widened deviations (variance scaling's rule, ÷ 0.87962566103423978 for ±2); absolute bounds stay where they are.
/// </remarks>
public sealed class TruncatedNormalInitializer : IWeightInitializer
{
    private readonly double _mean, _deviation, _low, _high;

    /// <summary>Truncated normal weights.</summary>
    /// <param name="mean">Mean of the normal before truncation; finite, 0 by default.</param>
    /// <param name="standardDeviation">Deviation of the normal before truncation, or of the weights with <paramref name="correctVariance"/>; finite, &gt; 0, 1 by default.</param>
    /// <param name="lower">Lower bound; may be −∞. −2 by default.</param>
    /// <param name="upper">Upper bound, above <paramref name="lower"/>; may be +∞. 2 by default.</param>
    /// <param name="bounds">Whether the bounds are in deviations from the mean (default) or values of weights.</param>
    /// <param name="correctVariance">Whether <paramref name="standardDeviation"/> is that of the weights.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A parameter is out of its range; both bounds lie more than 30 deviations to one side of the mean; or the deviation asked for is more than the bounds allow.
    /// </exception>
    public TruncatedNormalInitializer(double mean = 0, double standardDeviation = 1, double lower = -2, double upper = 2, TruncationBounds bounds = TruncationBounds.Deviations, bool correctVariance = false)
    {
        _mean = ParameterGuard.Finite(mean);
        _deviation = ParameterGuard.FinitePositive(standardDeviation);
        if (double.IsNaN(lower) || double.IsPositiveInfinity(lower))
            throw new ArgumentOutOfRangeException(nameof(lower), lower, "Choose a finite bound, or −∞ for none.");
        if (!(upper > lower))
            throw new ArgumentOutOfRangeException(nameof(upper), upper, $"Choose an upper bound above the lower one, {lower}.");
        ParameterGuard.Defined(bounds);

        if (bounds == TruncationBounds.Deviations)
        {
            if (correctVariance)
                _deviation /= Math.Sqrt(NormalTail.Truncated(CheckedTail(lower, upper, nameof(lower)), upper).Variance);
            (_low, _high) = (_mean + (lower * _deviation), _mean + (upper * _deviation));
        }
        else
        {
            (_low, _high) = (lower, upper);
            if (correctVariance)
                _deviation = Widened();
        }

        CheckedTail((_low - _mean) / _deviation, (_high - _mean) / _deviation, nameof(lower));
        if (!(_high > _low))
            throw new ArgumentOutOfRangeException(nameof(upper), upper, "The bounds are so close that no number lies between them.");
    }

    /// <inheritdoc/>
    public void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightGuard.Check<T>(weights, shape);
        RandomFill.TruncatedNormal(weights, _mean, _deviation, _low, _high, seed);
    }

    private static double CheckedTail(double a, double b, string parameter) =>
        a < TruncatedNormalTails.Farthest && b > -TruncatedNormalTails.Farthest
            ? a
            : throw new ArgumentOutOfRangeException(parameter, a, $"Both bounds lie more than {TruncatedNormalTails.Farthest} deviations to one side of the mean; move them or widen the deviation.");

    // The deviation grows with that of the untruncated normal, towards a uniform's (upper − lower)/√12: bisection on a logarithmic scale.
    private double Widened()
    {
        double target = _deviation, low = target, high = target;
        double Attained(double deviation) => deviation * Math.Sqrt(NormalTail.Truncated((_low - _mean) / deviation, (_high - _mean) / deviation).Variance);
        while (Attained(high) < target)
        {
            high *= 2;
            if (high > 1e6 * target)
                throw new ArgumentOutOfRangeException("standardDeviation", target, $"Weights between {_low} and {_high} cannot have this deviation; a uniform there has {(_high - _low) / Math.Sqrt(12)}.");
        }

        for (int i = 0; i < 60 && high > low; i++)
        {
            double middle = Math.Sqrt(low) * Math.Sqrt(high);
            (low, high) = Attained(middle) < target ? (middle, high) : (low, middle);
        }

        return high;
    }
}
