namespace SpectralInit;

/// <summary>
/// Xavier: variance gain² · 2/(fan_in + fan_out) (Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks",
/// AISTATS 2010, eq. 12 and 16). PyTorch's xavier_normal_ and xavier_uniform_; Keras' and JAX's glorot_normal with <see cref="WeightDistribution.TruncatedNormal"/>.
/// </summary>
/// <param name="gain">Finite, ≥ 0; 1 by default, see <see cref="Gain"/>.</param>
/// <param name="distribution">Which distribution.</param>
/// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
public sealed class XavierInitializer(double gain = Gain.Linear, WeightDistribution distribution = WeightDistribution.Normal)
    : VarianceScalingInitializer(ParameterGuard.FiniteNonNegative(gain) * gain, FanMode.Average, distribution);
