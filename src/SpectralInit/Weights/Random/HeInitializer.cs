namespace SpectralInit;

/// <summary>
/// He: variance gain² / fan, by default w ~ N(0, 2/fan_in) (He, Zhang, Ren and Sun, "Delving deep into rectifiers", ICCV 2015, eq. 10).
/// PyTorch's kaiming_normal_ and kaiming_uniform_; Keras' and JAX's he_normal with <see cref="WeightDistribution.TruncatedNormal"/>.
/// </summary>
/// <param name="gain">Finite, ≥ 0; √2 for rectifiers, see <see cref="Gain"/>.</param>
/// <param name="fan">Which fan.</param>
/// <param name="distribution">Which distribution.</param>
/// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
public sealed class HeInitializer(double gain = Gain.Relu, FanMode fan = FanMode.In, WeightDistribution distribution = WeightDistribution.Normal)
    : VarianceScalingInitializer(Square(gain), fan, distribution)
{
    // √2 squared is not 2 in floating point.
    private static double Square(double gain) => gain == Gain.Relu ? 2 : ParameterGuard.FiniteNonNegative(gain) * gain;
}
