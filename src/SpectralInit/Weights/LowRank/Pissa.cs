namespace SpectralInit;

/// <summary>
/// Principal singular values and vectors as an adapter: B = U_r·√(Σ_r/s), A = √(Σ_r/s)·V_rᵀ, and the frozen weights lose s·B·A
/// (Meng, Wang and Zhang, "PiSSA: principal singular values and singular vectors adaptation", NeurIPS 2024, §3).
/// </summary>
/// <remarks>
/// For ranks of at most a sixteenth of the smaller side, from a side of 384 on, the triples come from <see cref="TruncatedSvd"/>, to residuals of 1e-10·σ₁ (or, where it does not
/// converge, as the others do), for others from <see cref="SingularValueDecomposition"/>. What the factors leave out is measured on them either way, so W = residual + scale·B·A to rounding.
/// </remarks>
public static class Pissa
{
    /// <summary>Factors trained weights.</summary>
    /// <param name="weights">W, rows × columns, row-major ([out, in]).</param>
    /// <param name="rows">Outputs, ≥ 1.</param>
    /// <param name="columns">Inputs, ≥ 1.</param>
    /// <param name="rank">r, 1 … min(rows, columns).</param>
    /// <param name="scale">s = alpha/r of the adapter, positive. Default: 1.</param>
    /// <param name="progress">Told the share of the decomposition done, 0 … 1.</param>
    /// <param name="cancellationToken">Stops the decomposition between its steps.</param>
    /// <exception cref="ArgumentException">A length, a value or a parameter is wrong.</exception>
    public static LowRankFactors Factor(ReadOnlySpan<double> weights, int rows, int columns, int rank, double scale = 1, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        LowRankGuard.Check(weights, rows, columns, rank, scale);
        return LowRankFactors.Balanced(weights, LeadingTriples.Of(weights.ToArray(), rows, columns, rank, progress, cancellationToken), 0, rank, scale);
    }

    /// <inheritdoc cref="Factor(ReadOnlySpan{double}, int, int, int, double, IProgress{double}, CancellationToken)"/>
    public static LowRankFactors Factor(double[] weights, int rows, int columns, int rank, double scale = 1, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return Factor(weights.AsSpan(), rows, columns, rank, scale, progress, cancellationToken);
    }
}
