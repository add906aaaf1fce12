namespace SpectralInit;

/// <summary>Which of the whitening matrices W, all with W·Σ·Wᵀ = I (Kessy, Lewin and Strimmer, "Optimal whitening and decorrelation", 2018).</summary>
public enum WhiteningKind
{
    /// <summary>Λ^−½·Vᵀ: principal components of unit variance, in descending order; one row per kept direction.</summary>
    PrincipalComponents,

    /// <summary>V·Λ^−½·Vᵀ: zero-phase, the whitening closest to the identity; d×d.</summary>
    ZeroPhase,

    /// <summary>L⁻¹ of Σ = L·Lᵀ: lower triangular, output i depends on inputs 0 … i only (Gram–Schmidt); d×d, needs full rank.</summary>
    Cholesky,
}
