namespace SpectralInit;

/// <summary>How word vectors are made from co-occurrence.</summary>
public sealed class WordVectorOptions
{
    /// <summary>Length of a vector, 1 … vocabulary. Default: 100.</summary>
    public int Dimension { get; init; } = 100;

    /// <summary>
    /// p of U·Σ^p. Default: ½, which Levy, Goldberg and Dagan (TACL 2015, §3.3) found better than 1 for similarity; 0 gives every direction the same weight.
    /// </summary>
    public double SingularValuePower { get; init; } = 0.5;

    /// <summary>Shift k of the pointwise mutual information, ≥ 1. Default: 1, none.</summary>
    public double Shift { get; init; } = 1;

    /// <summary>Exponent of the context counts, in (0, 1]. Default: 0.75.</summary>
    public double ContextSmoothing { get; init; } = 0.75;

    /// <summary>Seed of the iterative decomposition; the same seed gives the same bits. Default: 0.</summary>
    public ulong Seed { get; init; }
}
