namespace SpectralInit;

/// <summary>How principal directions are scaled to weights.</summary>
public enum ComponentScaling
{
    /// <summary>Unit rows, W = U_kᵀ: the definition, and the default. Output i has variance λᵢ on the data.</summary>
    Orthonormal,

    /// <summary>
    /// W = g·U_kᵀ with one gain g for all rows, chosen so that the mean pre-activation variance g²·(λ₁ + … + λ_r)/r over the r principal rows
    /// is <see cref="PrincipalComponentOptions.TargetVariance"/>. The proportions between components stay.
    /// </summary>
    Proportional,
}
