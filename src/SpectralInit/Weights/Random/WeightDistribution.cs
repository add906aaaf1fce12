namespace SpectralInit;

/// <summary>The distribution of a <see cref="VarianceScalingInitializer"/>; all three have mean 0 and exactly the variance asked for.</summary>
public enum WeightDistribution
{
    /// <summary>Normal, untruncated (what PyTorch calls normal).</summary>
    Normal,

    /// <summary>Normal truncated at ±2 deviations and widened by 1/0.87962566103423978 to the variance asked for (what Keras and JAX call normal).</summary>
    TruncatedNormal,

    /// <summary>Uniform on (−√(3·variance), √(3·variance)).</summary>
    Uniform,
}
