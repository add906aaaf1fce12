namespace SpectralInit;

/// <summary>The leading singular triples of a weight matrix, by whichever decomposition is faster for its shape.</summary>
internal static class LeadingTriples
{
    /// <summary>Smaller sides are decomposed directly in about the time a Krylov basis takes.</summary>
    private const int DirectBelow = 384;

    /// <summary>By measurement: up to the smaller side divided by this many, <see cref="TruncatedSvd"/> is faster also for flat spectra, which it finds hardest.</summary>
    private const int SidePerTriple = 16;

    /// <summary>At least <paramref name="rank"/> triples, or all there are.</summary>
    public static SingularTriples Of(double[] weights, int rows, int columns, int rank, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        int side = Math.Min(rows, columns);
        if (side >= DirectBelow && rank <= side / SidePerTriple)
        {
            Shares? shares = progress is null ? null : new(progress);
            SingularTriples leading = TruncatedSvd.Decompose(new DenseOperator(weights, rows, columns), rank, progress: shares, cancellationToken: cancellationToken);
            progress = shares;
            if (leading.Converged)
            {
                progress?.Report(1);
                return leading;
            }
        }

        return SingularValueDecomposition.Decompose(weights, rows, columns, progress, cancellationToken);
    }

    /// <summary>Shares done from stages, each of which counts from zero: only what is more than before is told.</summary>
    private sealed class Shares(IProgress<double> progress) : IProgress<SolverProgress>, IProgress<double>
    {
        private double _told;

        public void Report(SolverProgress value) => Report(value.Total is > 0 ? 0.99 * value.Done / value.Total.Value : 0);

        public void Report(double value)
        {
            _told = Math.Max(_told, value);
            progress.Report(_told);
        }
    }
}
