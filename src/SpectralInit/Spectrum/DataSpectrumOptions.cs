namespace SpectralInit;

/// <summary>How a <see cref="DataSpectrum"/> is fitted.</summary>
public sealed record DataSpectrumOptions
{
    /// <summary>Leading components wanted, 1 … d; null (default) for every one there can be: d, or n − 1 when the Gram matrix is used because n ≤ d.</summary>
    public int? Components { get; init; }

    /// <summary>Which solver; default: by the case.</summary>
    public SpectrumSolver Solver { get; init; }

    /// <summary>Divide by n − 1 (default) or n.</summary>
    public CovarianceNormalization Normalization { get; init; }

    /// <summary>Working memory that <see cref="SpectrumSolver.Auto"/> may plan with, in bytes, the rows themselves not counted. Default 4 GiB, on every machine.</summary>
    public long MemoryBudget { get; init; } = 4L << 30;

    /// <summary>Residual at which a component counts as found by a Krylov solver, relative to its eigenvalue. Default 1e-10. Products of float rows are good to about 2·10⁻⁷ of the largest eigenvalue, and no less is asked of them.</summary>
    public double Tolerance { get; init; } = 1e-10;

    /// <summary>Seed of the Krylov start block.</summary>
    public ulong Seed { get; init; }

    /// <summary>All of them, with their values.</summary>
    public override string ToString() => InvariantText.Of(nameof(DataSpectrumOptions), PrintMembers);
}
