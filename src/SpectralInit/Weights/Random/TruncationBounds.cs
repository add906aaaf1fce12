namespace SpectralInit;

/// <summary>How the bounds of a <see cref="TruncatedNormalInitializer"/> are meant.</summary>
public enum TruncationBounds
{
    /// <summary>In deviations from the mean, as in JAX and Keras: lower = −2 is mean − 2·deviation.</summary>
    Deviations,

    /// <summary>As values of weights, as in PyTorch's trunc_normal_.</summary>
    Absolute,
}
