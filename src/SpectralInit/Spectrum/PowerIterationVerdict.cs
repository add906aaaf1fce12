namespace SpectralInit;

/// <summary>What a power iteration found.</summary>
public enum PowerIterationVerdict
{
    /// <summary>The quotients settled: one real eigenvalue dominates, and its residual is within the tolerance.</summary>
    Converged,

    /// <summary>Two real eigenvalues ±ρ dominate: the quotients alternate between two values whose geometric mean is ρ.</summary>
    Alternating,

    /// <summary>A complex conjugate pair dominates: the quotients oscillate for ever; their long-run geometric mean is ρ.</summary>
    ComplexPair,

    /// <summary>Aᵗ·x vanished, exactly or to working precision: every eigenvalue is zero, or cannot be told from zero.</summary>
    Nilpotent,

    /// <summary>The quotients still drift: the dominant eigenvalue is defective, or others are nearly as large.</summary>
    Slow,

    /// <summary>The quotients neither settled nor fell into one of the patterns above within the steps allowed: several eigenvalues share the circle |λ| = ρ, or nearly; or the pair it fell into is so small beside the norms on the way that its digits cancelled.</summary>
    NotConverged,
}
