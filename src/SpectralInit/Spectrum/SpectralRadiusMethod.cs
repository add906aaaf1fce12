namespace SpectralInit;

/// <summary>How a spectral radius is computed.</summary>
public enum SpectralRadiusMethod
{
    /// <summary>Direct for at most <see cref="SpectralRadiusOptions.DirectLimit"/> rows, Arnoldi above with the direct method behind it: for any dense matrix, and for an operator of up to 2048 rows.</summary>
    Automatic,

    /// <summary>All eigenvalues: balancing, Hessenberg reduction and Francis's double-shift QR iteration; O(n³) work, O(n²) memory.</summary>
    Direct,

    /// <summary>Thick-restarted block Arnoldi (Krylov–Schur): products with the matrix only.</summary>
    Arnoldi,
}
