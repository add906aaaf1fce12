using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>What a block Krylov run is asked for, checked and complete.</summary>
/// <param name="Count">Leading pairs wanted.</param>
/// <param name="Tolerance">Residual at which a pair counts as found, relative to its eigenvalue.</param>
/// <param name="BasisLimit">Vectors kept before the basis is compressed.</param>
/// <param name="MaxProducts">Matrix-vector products allowed.</param>
/// <param name="Seed">Seed of the start block.</param>
internal sealed record KrylovSettings(int Count, double Tolerance, int BasisLimit, long MaxProducts, ulong Seed)
{
    /// <summary>Give up early, with <see cref="KrylovResult.Converged"/> false, once the basis would reach this size.</summary>
    public int GiveUpAt { get; init; } = int.MaxValue;

    /// <summary>Give up early, too, once the basis would reach this size before the residuals, falling as fast as they last did, meet the tolerance.</summary>
    public double HopelessAt { get; init; } = double.PositiveInfinity;

    /// <summary>Vectors of a block; a multiple of eight.</summary>
    public int Block { get; init; } = SkinnyProduct.Group;

    /// <summary>Rounding of the operator, relative to its norm, when it is coarser than that of double: no residual below it is asked for.</summary>
    public double Floor { get; init; }

    /// <summary>Whether the residuals returned are measured by products with the vectors returned (default), or those the recurrence tells.</summary>
    public bool Measures { get; init; } = true;

    public IProgress<SolverProgress>? Progress { get; init; }

    public CancellationToken CancellationToken { get; init; }
}
