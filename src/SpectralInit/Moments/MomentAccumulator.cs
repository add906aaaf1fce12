namespace SpectralInit;

/// <summary>Accumulates count, mean and scatter Σ(x−x̄)(x−x̄)ᵀ of streamed rows in double; partial accumulators merge.</summary>
public sealed class MomentAccumulator
{
    private readonly double[] _mean;
    private readonly double[] _scatter;

    /// <summary>An empty accumulator.</summary>
    /// <param name="columns">Features per row, d ≥ 1.</param>
    public MomentAccumulator(int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        _mean = new double[columns];
        _scatter = new double[checked(columns * columns)];
    }

    /// <summary>Features per row.</summary>
    public int Columns => _mean.Length;

    /// <summary>Rows seen.</summary>
    public long Count { get; private set; }

    /// <summary>Adds rows.</summary>
    /// <param name="rows">A whole number of rows, row-major.</param>
    public void Add(ReadOnlySpan<double> rows)
    {
        int d = Columns;
        if (rows.Length % d != 0)
            throw new ArgumentException($"{rows.Length} values do not make rows of {d}.", nameof(rows));
        double[] delta = new double[d];
        for (; rows.Length > 0; rows = rows[d..])
        {
            Count++;
            for (int i = 0; i < d; i++)
                delta[i] = rows[i] - _mean[i];
            for (int i = 0; i < d; i++)
                _mean[i] += delta[i] / Count;
            double factor = (Count - 1.0) / Count;
            for (int i = 0; i < d; i++)
            {
                for (int j = 0; j < d; j++)
                    _scatter[(i * d) + j] += factor * delta[i] * delta[j];
            }
        }
    }

    /// <summary>Adds all rows of a source.</summary>
    /// <param name="source">The rows; d columns.</param>
    /// <param name="progress">Told the number of rows read so far.</param>
    /// <param name="cancellationToken">Stops between blocks of rows.</param>
    public void Add(IRowSource source, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        using IRowReader reader = source.Open();
        double[] buffer = new double[256 * Columns];
        for (int read = reader.Read(buffer); read > 0; read = reader.Read(buffer))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Add(buffer.AsSpan(0, read * Columns));
            progress?.Report(Count);
        }
    }

    /// <summary>The covariance of the rows seen so far.</summary>
    /// <param name="normalization">Divide by n−1 (default) or n.</param>
    public CovarianceEstimate ToCovariance(CovarianceNormalization normalization = CovarianceNormalization.Unbiased)
    {
        double divisor = normalization == CovarianceNormalization.Unbiased ? Count - 1 : Count;
        if (divisor <= 0)
            throw new InvalidOperationException($"A covariance needs more rows than the {Count} seen.");
        return new CovarianceEstimate(Count, [.. _mean], [.. _scatter.Select(value => value / divisor)]);
    }
}
