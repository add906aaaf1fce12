namespace SpectralInit;

/// <summary>
/// LeCun: variance 1 / fan_in (LeCun, Bottou, Orr and Müller, "Efficient backprop", 1998, §4.6); the choice for self-normalizing nets.
/// Keras' and JAX's lecun_normal with <see cref="WeightDistribution.TruncatedNormal"/>.
/// </summary>
/// <param name="distribution">Which distribution.</param>
/// <exception cref="ArgumentOutOfRangeException">The distribution is not defined.</exception>
public sealed class LeCunInitializer(WeightDistribution distribution = WeightDistribution.Normal)
    : VarianceScalingInitializer(1, FanMode.In, distribution);
