namespace SpectralInit;

/// <summary>What a block Krylov run is asked for, checked and complete.</summary>
/// <param name="Count">Leading pairs wanted.</param>
/// <param name="Tolerance">Residual at which a pair counts as found, relative to its eigenvalue.</param>
/// <param name="BasisLimit">Vectors kept before the basis is compressed.</param>
/// <param name="MaximumProducts">Matrix-vector products allowed.</param>
/// <param name="Seed">Seed of the start block.</param>
internal sealed record KrylovSettings(int Count, double Tolerance, int BasisLimit, long MaximumProducts, ulong Seed)
{
    /// <summary>Give up early, with <see cref="KrylovResult.Converged"/> false, once the basis would reach this size.</summary>
    public int GiveUpAt { get; init; } = int.MaxValue;

    public IProgress<SolverProgress>? Progress { get; init; }

    public CancellationToken CancellationToken { get; init; }
}
