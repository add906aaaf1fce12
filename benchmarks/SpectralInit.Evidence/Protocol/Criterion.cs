namespace SpectralInit.Evidence;

/// <summary>What initializers are compared by, and learning rates chosen by.</summary>
internal enum Criterion
{
    /// <summary>Accuracy or R² in percent; more is better.</summary>
    Score,

    /// <summary>Mean loss; less is better.</summary>
    Loss,
}
