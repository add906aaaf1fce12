using System.Numerics;

namespace SpectralInit;

/// <summary>Every weight the same value; deterministic.</summary>
public sealed class ConstantInitializer : IWeightInitializer
{
    /// <summary>Constant weights.</summary>
    /// <param name="value">The value; finite.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is not finite.</exception>
    public ConstantInitializer(double value) => Value = ParameterGuard.Finite(value);

    /// <summary>All weights 0.</summary>
    public static ConstantInitializer Zeros { get; } = new(0);

    /// <summary>All weights 1.</summary>
    public static ConstantInitializer Ones { get; } = new(1);

    /// <summary>The value.</summary>
    public double Value { get; }

    /// <inheritdoc/>
    public void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightGuard.Check<T>(weights, shape);
        T value = WeightGuard.Rounded<T>(Value);
        weights.Fill(value);
    }
}
