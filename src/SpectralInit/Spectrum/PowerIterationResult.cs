using System.Collections.Immutable;

namespace SpectralInit;

/// <summary>A power iteration: its trajectory, what the stretching settled to, and how far to trust it.</summary>
public sealed record PowerIterationResult
{
    /// <summary>What was found. Read this first.</summary>
    public required PowerIterationVerdict Verdict { get; init; }

    /// <summary>ln ‖Aᵗ·x‖₂ for t = 0, 1, …, with ‖x‖₂ = 1; logarithms, so that nothing overflows. −∞ once Aᵗ·x is zero.</summary>
    public required ImmutableArray<double> LogNorms { get; init; }

    /// <summary>‖Aᵗ⁺¹·x‖ ÷ ‖Aᵗ·x‖ for t = 0, 1, …: how much step t stretches.</summary>
    public required ImmutableArray<double> Quotients { get; init; }

    /// <summary>
    /// The stretching per step in the long run, which is the spectral radius: the value the quotients settle to (<see cref="PowerIterationVerdict.Converged"/>), or their long-run
    /// geometric mean, taken from the two-dimensional space that the iterates have settled in (<see cref="PowerIterationVerdict.Alternating"/>,
    /// <see cref="PowerIterationVerdict.ComplexPair"/>); 0 for <see cref="PowerIterationVerdict.Nilpotent"/>. Null when nothing settled; see <see cref="Radius"/> then.
    /// </summary>
    public required double? StretchingFactor { get; init; }

    /// <summary>The dominant eigenvalue, with its sign, when it is real and isolated (<see cref="PowerIterationVerdict.Converged"/>); else null.</summary>
    public required double? Eigenvalue { get; init; }

    /// <summary>The unit eigenvector of <see cref="Eigenvalue"/>, its entry of largest magnitude positive; empty when there is none.</summary>
    public required ImmutableArray<double> Eigenvector { get; init; }

    /// <summary>
    /// ‖A·x − λ·x‖₂ ÷ |λ| for the last unit iterate and its Rayleigh quotient, or the same for the two-dimensional space of a pair: λ is exact for a matrix that close to A, which for A far
    /// from normal says little of the eigenvalues of A (<see cref="SpectralRadiusResult.ErrorEstimate"/> does).
    /// </summary>
    public required double Residual { get; init; }

    /// <summary>Steps taken.</summary>
    public required int Iterations { get; init; }

    /// <summary>The spectral radius by <see cref="SpectralRadius"/>, when the iteration did not settle and <see cref="PowerIterationOptions.ResolveUnsettled"/> is set; else null.</summary>
    public required SpectralRadiusResult? Radius { get; init; }

    /// <summary>The verdict, the stretching and the steps.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Verdict} after {Iterations} steps, {(StretchingFactor is { } factor ? FormattableString.Invariant($"stretching by {factor:G10} each") : Radius is { } radius ? $"{radius}" : "unsettled")}");

    /// <summary>True when the quotients themselves settled on <see cref="StretchingFactor"/>.</summary>
    public bool QuotientsSettled => Verdict == PowerIterationVerdict.Converged;
}
