namespace SpectralInit;

/// <summary>How leading eigenpairs are searched for.</summary>
public sealed record LeadingEigenOptions
{
    /// <summary>Residual ‖A·v − λ·v‖ at which a pair counts as found, relative to |λ|; never asked below rounding, about √n·10⁻¹⁵·‖A‖. For singular triples the residual relative to σ₁, see <see cref="TruncatedSvd"/>. Default 1e-10, in (0, 1).</summary>
    public double Tolerance { get; init; } = 1e-10;

    /// <summary>Direct, Krylov, or by the case (default).</summary>
    public EigenSolver Solver { get; init; }

    /// <summary>Vectors kept before the Krylov basis is compressed, each n doubles; null (default) for as many as pay, up to 512 MB.</summary>
    public int? BasisSize { get; init; }

    /// <summary>Matrix-vector products allowed, the check of the result not counted; null (default) for 20·n + 1000.</summary>
    public long? MaxProducts { get; init; }

    /// <summary>Seed of the start block. The same seed gives the same bits on any number of threads.</summary>
    public ulong Seed { get; init; }

    /// <summary>All of them, with their values.</summary>
    public override string ToString() => InvariantText.Of(nameof(LeadingEigenOptions), PrintMembers);
}
