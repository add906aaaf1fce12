namespace SpectralInit;

/// <summary>
/// What a nonlinearity does to the scale of its inputs, as the factor that weights make up for: PyTorch's table (calculate_gain).
/// Use them as <c>new HeInitializer(Gain.LeakyRelu(0.2))</c> or <c>new XavierInitializer(Gain.Tanh)</c>.
/// </summary>
public static class Gain
{
    /// <summary>No nonlinearity: 1.</summary>
    public const double Linear = 1;

    /// <summary>Logistic sigmoid: 1.</summary>
    public const double Sigmoid = 1;

    /// <summary>Hyperbolic tangent: 5/3, empirical.</summary>
    public const double Tanh = 5.0 / 3;

    /// <summary>Rectifier: √2, because half of a symmetric input passes (He, Zhang, Ren and Sun, "Delving deep into rectifiers", 2015).</summary>
    public const double Relu = 1.4142135623730951;

    /// <summary>Scaled exponential unit: 3/4, empirical. For truly self-normalizing nets use <see cref="Linear"/> (Klambauer et al., 2017).</summary>
    public const double Selu = 0.75;

    /// <summary>Leaky rectifier max(x, slope·x): √(2/(1 + slope²)).</summary>
    /// <param name="slope">Slope for negative inputs, finite; 0.01 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="slope"/> is not finite.</exception>
    public static double LeakyRelu(double slope = 0.01) => Math.Sqrt(2 / (1 + (ParameterGuard.Finite(slope) * slope)));
}
