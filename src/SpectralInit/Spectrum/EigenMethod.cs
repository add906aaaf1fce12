namespace SpectralInit;

/// <summary>Which algorithm found eigenpairs.</summary>
public enum EigenMethod
{
    /// <summary>Householder tridiagonalisation, then implicit QL (small matrices, and the fallback of divide and conquer).</summary>
    ImplicitQl,

    /// <summary>Householder tridiagonalisation, then divide and conquer (Cuppen 1981; Gu and Eisenstat 1995).</summary>
    DivideAndConquer,

    /// <summary>Block Lanczos with full reorthogonalisation and thick restart: leading pairs only.</summary>
    BlockKrylov,
}
