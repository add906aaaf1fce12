namespace SpectralInit;

/// <summary>Principal components from products with the centered rows alone: λ = σ²/(n−1) with σ, v the singular values and right vectors of X − 1·μᵀ.</summary>
internal static class MatrixFreeSpectrum
{
    public static DataSpectrum Solve(IRowSource rows, DataSpectrumOptions options, string reason, IProgress<SolverProgress>? progress, CancellationToken cancellationToken)
    {
        RowMoments moments = RowMoments.Of(rows, progress, cancellationToken);
        DataSpectrumSolver.CheckRows(moments.Count, options, nameof(rows));
        if (moments.Count > int.MaxValue)
            throw new ArgumentException($"{moments.Count} rows exceed what the matrix-free solver counts with, {int.MaxValue}; use the covariance.", nameof(rows));
        int n = (int)moments.Count, most = Math.Min(n, rows.Columns), k = options.Components ?? most;
        if (k > most)
            throw OptionError.Of(nameof(options.Components), k, $"{n} rows have at most {most} components; only the covariance solver gives directions without variance.");

        if (WideSpectrum.Suits(rows, n, k) && WideSpectrum.Solve(rows, moments, k, options, reason, mayGiveUp: false, progress, cancellationToken) is { } wide)
            return wide;
        CenteredRows centered = new(rows, moments.Mean, n, cancellationToken);
        if (WideSpectrum.Stream(centered, moments, k, options, reason, progress, cancellationToken) is { } streamed)
            return streamed;
        LeadingEigenOptions search = new() { Tolerance = options.Tolerance, Seed = options.Seed };
        SingularTriples triples = TruncatedSvd.Decompose(centered, k, search, progress, cancellationToken);
        double divisor = DataSpectrumSolver.Divisor(moments.Count, options);
        double[] values = new double[k], residuals = new double[k];
        for (int i = 0; i < k; i++)
        {
            double sigma = triples.Values[i];
            values[i] = sigma * sigma / divisor;

            // ‖AᵀA·v − σ²·v‖ ≤ ‖Aᵀ‖·‖A·v − σ·u‖ + σ·‖Aᵀu − σ·v‖.
            residuals[i] = (triples.Values[0] + sigma) * triples.Residuals[i] / divisor;
        }

        EigenPairs pairs = new(rows.Columns, values, triples.RightVectors)
        {
            Residuals = residuals,
            Method = EigenMethod.BlockKrylov,
            MethodReason = reason,
            Converged = triples.Converged,
            Products = triples.Iterations,
        };
        return new DataSpectrum(n, moments.Mean, pairs, moments.Scatter / divisor, SpectrumSolver.MatrixFree, reason, centered.Passes + 1, Math.ScaleB(Math.Max(n, rows.Columns), -52));
    }
}
