namespace SpectralInit;

/// <summary>The spectral norm a weight matrix shall have.</summary>
public sealed record SpectralTarget
{
    private SpectralTarget(double factor, bool byFans) => (Factor, ByFans) = (factor, byFans);

    /// <summary>‖W‖₂ = 1: the layer stretches no input.</summary>
    public static SpectralTarget One { get; } = new(1, false);

    /// <summary>‖W‖₂ = √(fan_out/fan_in), the spectral condition for feature learning at any width (Yang, Simon and Bernstein, "A spectral condition for feature learning", 2023, Condition 1). An embedding (fan_in 1) gets √dimension.</summary>
    public static SpectralTarget FanRatio { get; } = new(1, true);

    /// <summary>The constant, or the factor before √(fan_out/fan_in).</summary>
    public double Factor { get; }

    /// <summary>Whether the target is proportional to √(fan_out/fan_in).</summary>
    public bool ByFans { get; }

    /// <summary>‖W‖₂ = <paramref name="norm"/>.</summary>
    /// <param name="norm">Finite, ≥ 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The norm is negative or not finite.</exception>
    public static SpectralTarget Norm(double norm) => new(Checked(norm, nameof(norm)), false);

    /// <summary>‖W‖₂ = <paramref name="factor"/>·√(fan_out/fan_in).</summary>
    /// <param name="factor">Finite, ≥ 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The factor is negative or not finite.</exception>
    public static SpectralTarget TimesFanRatio(double factor) => new(Checked(factor, nameof(factor)), true);

    /// <summary>The target for a shape; fans of one gate, packed part or group.</summary>
    /// <param name="shape">What the tensor is.</param>
    public double For(WeightShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return ByFans && shape.FanIn > 0 ? Factor * Math.Sqrt((double)shape.FanOut / shape.FanIn) : Factor;
    }

    /// <summary>The norm, as a number or a formula.</summary>
    public override string ToString() => FormattableString.Invariant($"{Factor}{(ByFans ? "·√(fan_out/fan_in)" : "")}");

    private static double Checked(double value, string parameter) => double.IsFinite(value) && value >= 0
        ? value
        : throw new ArgumentOutOfRangeException(parameter, value, "A norm is finite and not negative.");
}
