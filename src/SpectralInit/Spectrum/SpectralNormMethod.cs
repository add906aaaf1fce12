namespace SpectralInit;

/// <summary>How a spectral norm is computed.</summary>
public enum SpectralNormMethod
{
    /// <summary>Direct when the shorter side is small, block Lanczos otherwise, with the direct method behind it.</summary>
    Automatic,

    /// <summary>The largest eigenvalue of the Gram matrix of the shorter side, in double precision: exact to a few roundings.</summary>
    Direct,

    /// <summary>Block Golub–Kahan–Lanczos from a random start, with a posterior certificate.</summary>
    Lanczos,
}
