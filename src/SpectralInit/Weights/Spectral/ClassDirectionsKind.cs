namespace SpectralInit;

/// <summary>Which directions separate the classes.</summary>
public enum ClassDirectionsKind
{
    /// <summary>Eigenvectors of the between-class scatter S_B = Σ_k n_k/n·(μ_k − μ)(μ_k − μ)ᵀ: where the class means lie.</summary>
    BetweenClass,

    /// <summary>Fisher's discriminants, eigenvectors of S_W⁻¹·S_B (Fisher, 1936): where the class means lie apart, measured by the spread within the classes.</summary>
    Discriminant,
}
