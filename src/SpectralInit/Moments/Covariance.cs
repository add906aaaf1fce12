using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>Covariances of rows in one call. For rows that come bit by bit, merging and snapshots see <see cref="MomentAccumulator"/>.</summary>
public static class Covariance
{
    /// <summary>The covariance of all rows of a source, in one pass.</summary>
    /// <param name="rows">n × d rows.</param>
    /// <param name="normalization">Divide by n−1 (default, as <c>numpy.cov</c>) or n.</param>
    /// <param name="progress">Told the number of rows read so far.</param>
    /// <param name="cancellationToken">Stops between blocks of rows.</param>
    /// <exception cref="ArgumentException">A value is not finite; or there are too few rows: fewer than 2, or 1 when dividing by n; or sums of squares overflow.</exception>
    public static CovarianceEstimate Of(IRowSource rows, CovarianceNormalization normalization = CovarianceNormalization.Unbiased, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        RowReading.Check(rows);
        MomentAccumulator moments = new(rows.Columns);
        moments.Add(rows, progress, nameof(rows), cancellationToken, last: true);
        return Finish(moments, normalization, nameof(rows));
    }

    /// <summary>The covariance of the columns of a MathNet matrix.</summary>
    /// <param name="rows">n × d: observations in rows.</param>
    /// <param name="normalization">Divide by n−1 (default) or n.</param>
    /// <exception cref="ArgumentException">A value is not finite, or there are too few rows.</exception>
    public static CovarianceEstimate Of(Matrix<double> rows, CovarianceNormalization normalization = CovarianceNormalization.Unbiased) => Of(RowSource.From(rows), normalization);

    /// <inheritdoc cref="Of(Matrix{double}, CovarianceNormalization)"/>
    public static CovarianceEstimate Of(Matrix<float> rows, CovarianceNormalization normalization = CovarianceNormalization.Unbiased) => Of(RowSource.From(rows), normalization);

    /// <summary>The covariance of rows stored one after the other.</summary>
    /// <param name="rows">n·d values, row-major.</param>
    /// <param name="columns">Features per row, d ≥ 1.</param>
    /// <param name="normalization">Divide by n−1 (default) or n.</param>
    /// <exception cref="ArgumentException">The length is not a multiple of <paramref name="columns"/>, a value is not finite, or there are too few rows.</exception>
    public static CovarianceEstimate Of(ReadOnlySpan<double> rows, int columns, CovarianceNormalization normalization = CovarianceNormalization.Unbiased)
    {
        MomentAccumulator moments = new(columns);
        moments.AddLast(rows);
        return Finish(moments, normalization, nameof(rows));
    }

    /// <inheritdoc cref="Of(ReadOnlySpan{double}, int, CovarianceNormalization)"/>
    public static CovarianceEstimate Of(ReadOnlySpan<float> rows, int columns, CovarianceNormalization normalization = CovarianceNormalization.Unbiased)
    {
        MomentAccumulator moments = new(columns);
        moments.AddLast(rows);
        return Finish(moments, normalization, nameof(rows));
    }

    /// <summary>
    /// The Ledoit–Wolf estimate: Σ (divided by n) shrunk towards (tr Σ/d)·I with the intensity min(β, δ)/δ that minimizes the expected squared error,
    /// β = (Σᵢ‖xᵢ−x̄‖⁴/n − ‖Σ‖²)/(d·n), δ = ‖Σ − (tr Σ/d)·I‖²/d (Ledoit and Wolf, "A well-conditioned estimator for large-dimensional covariance matrices",
    /// 2004, §3), as scikit-learn. Two passes, O(d²) memory.
    /// </summary>
    /// <param name="rows">n × d rows, n ≥ 1, readable twice.</param>
    /// <param name="progress">Told the number of rows read so far, up to 2n.</param>
    /// <param name="cancellationToken">Stops between blocks of rows.</param>
    /// <returns>The shrunk covariance; its <see cref="CovarianceEstimate.Shrinkage"/> is the intensity.</returns>
    /// <exception cref="ArgumentException">A value is not finite, or there is no row.</exception>
    /// <exception cref="InvalidOperationException">The source can be read only once.</exception>
    public static CovarianceEstimate LedoitWolf(IRowSource rows, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        CovarianceEstimate covariance = Of(rows, CovarianceNormalization.MaximumLikelihood, progress, cancellationToken);
        int d = covariance.Dimension;
        if (d == 1)
            return covariance;
        int half = HalfExponent(covariance);
        CovarianceEstimate unit = covariance.Times(Math.ScaleB(1, -2 * half));
        double n = covariance.Count, mu = unit.Trace / d, squares = TensorPrimitives.SumOfSquares<double>(unit.Values);
        double fourth = FourthMoment(rows, covariance.Mean, covariance.Count, Math.ScaleB(1, -half), progress, cancellationToken);
        double delta = Math.Max(0, (squares - (d * mu * mu)) / d), beta = Math.Min((fourth - squares) / (d * n), delta);
        return covariance.Shrink(beta <= 0 ? 0 : Math.Min(1, beta / delta));
    }

    /// <summary>
    /// The oracle-approximating shrinkage estimate: Σ (divided by n) shrunk towards (tr Σ/d)·I with intensity
    /// (α + μ²)/((n+1)(α − μ²/d)), at most 1, where α is the mean squared entry of Σ and μ = tr Σ/d (Chen, Wiesel, Eldar and Hero,
    /// "Shrinkage algorithms for MMSE covariance estimation", 2010, eq. 23, in the variant of the authors' code and scikit-learn).
    /// </summary>
    /// <param name="covariance">An estimate that knows its <see cref="CovarianceEstimate.Count"/>.</param>
    /// <exception cref="ArgumentException">The number of rows is unknown.</exception>
    public static CovarianceEstimate OracleApproximating(CovarianceEstimate covariance)
    {
        ArgumentNullException.ThrowIfNull(covariance);
        if (covariance.Count < 1)
            throw new ArgumentException("The estimate does not know how many rows it was made from; pass count to FromMatrix.", nameof(covariance));
        covariance = covariance.Normalized(CovarianceNormalization.MaximumLikelihood);
        int d = covariance.Dimension;
        if (d == 1)
            return covariance;
        CovarianceEstimate unit = covariance.Times(Math.ScaleB(1, -2 * HalfExponent(covariance)));
        double mu = unit.Trace / d, alpha = TensorPrimitives.SumOfSquares<double>(unit.Values) / d / d;
        double denominator = (covariance.Count + 1.0) * (alpha - (mu * mu / d));
        return covariance.Shrink(denominator <= 0 ? 1 : Math.Min(1, (alpha + (mu * mu)) / denominator));
    }

    // The intensity does not depend on the unit of the rows. In units of 2^half, products of variances neither overflow nor vanish; 2^(−2·half) must be a number.
    private static int HalfExponent(CovarianceEstimate covariance)
    {
        double largest = Math.Abs(TensorPrimitives.MaxMagnitude<double>(covariance.Values));
        return largest > 0 ? Math.Max(Math.ILogB(largest) / 2, -511) : 0;
    }

    private static CovarianceEstimate Finish(MomentAccumulator moments, CovarianceNormalization normalization, string parameter)
    {
        if (moments.Count < (normalization == CovarianceNormalization.Unbiased ? 2 : 1))
            throw new ArgumentException($"A covariance divided by n{(normalization == CovarianceNormalization.Unbiased ? "−1" : "")} needs more than {moments.Count} rows.", parameter);
        return moments.ToCovariance(normalization, last: true, parameter);
    }

    // Σ‖x−x̄‖⁴ / n in the given unit. Rows are added up by slabs of fixed size, so threads do not matter.
    private static double FourthMoment(IRowSource source, double[] mean, long count, double unit, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        int d = mean.Length, capacity = Math.Max(16, (1 << 18) / d / 16 * 16);
        using Scratch<double> rows = Scratch.Rent<double>((long)capacity * d);
        using IRowReader reader = source.Begin();
        double[] sums = new double[(capacity + 15) / 16];
        double total = 0;
        long seen = 0;
        for (int read = reader.Next(rows.Span, d); read > 0; read = reader.Next(rows.Span, d))
        {
            cancellationToken.ThrowIfCancellationRequested();
            int slabs = (read + 15) / 16, now = read;
            Parallelism.Run(slabs, slab =>
            {
                double sum = 0;
                for (int i = slab * 16; i < Math.Min(now, (slab + 1) * 16); i++)
                {
                    double distance = unit * TensorPrimitives.Distance(rows.Span.Slice(i * d, d), mean);
                    sum += distance * distance * distance * distance / count;
                }

                sums[slab] = sum;
            });
            for (int slab = 0; slab < slabs; slab++)
                total += sums[slab];
            seen += read;
            progress?.Report(count + seen);
        }

        return seen == count ? total : throw new InvalidOperationException($"The source gave {count} rows at first and {seen} the second time.");
    }
}
