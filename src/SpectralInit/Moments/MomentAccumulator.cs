using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>
/// Accumulates count, mean and scatter Σ(x−x̄)(x−x̄)ᵀ of streamed rows in one pass, in double and in O(d²) memory. Rows are centered in chunks of 256
/// or more by about their own mean, and chunks are merged exactly (Chan, Golub and LeVeque, "Algorithms for computing the sample variance", 1983), so means far from zero,
/// drift and outliers cost no digits. Deviations from the mean are squared: those beyond some 1e150 overflow and are refused, those below some 1e-160 count as nothing.
/// </summary>
/// <remarks>
/// The result is the same to the bit for every number of threads and however the rows are cut into calls of Add; rows passed as float are
/// multiplied in float within a chunk and summed in double (exactly so for bytes and small integers). Not thread-safe: accumulate apart and <see cref="Merge"/>.
/// </remarks>
public sealed partial class MomentAccumulator
{
    /// <summary>The widest rows whose covariance fits an array.</summary>
    internal const int MaxColumns = 46_340;

    /// <summary>What rows are told whose deviations are too large to square.</summary>
    internal const string OutOfRange = "The sums of squares overflow double: scale the rows, for example by 1e-150.";

    private const int ReadBytes = 8 << 20;

    private readonly ScatterStream _stream;
    private ScatterState? _merged;

    /// <summary>An empty accumulator.</summary>
    /// <param name="columns">Features per row, 1 ≤ d ≤ 46,340 (d² values must fit an array).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="columns"/> is out of range.</exception>
    public MomentAccumulator(int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns, MaxColumns);
        Columns = columns;
        _stream = new ScatterStream(columns);
    }

    /// <summary>Features per row, d.</summary>
    public int Columns { get; }

    /// <summary>Rows seen, n.</summary>
    public long Count => _stream.Count + (_merged?.Count ?? 0);

    /// <summary>The mean of the rows seen, d values; zero before the first row.</summary>
    public double[] Mean
    {
        get
        {
            using ScatterState total = Total();
            return total.Mean();
        }
    }

    /// <summary>Adds rows.</summary>
    /// <param name="rows">A whole number of rows, row-major.</param>
    /// <exception cref="ArgumentException">The length is not a multiple of <see cref="Columns"/>, or a value is not finite; then nothing is added.</exception>
    public void Add(ReadOnlySpan<double> rows) => AddSpan(rows);

    /// <summary>Adds rows of floats, about twice as fast as doubles.</summary>
    /// <inheritdoc cref="Add(ReadOnlySpan{double})"/>
    public void Add(ReadOnlySpan<float> rows) => AddSpan(rows);

    /// <summary>Adds all rows of a source. Rows in memory are read where they lie; others stream, the next block being read while this one multiplies.</summary>
    /// <param name="source">The rows; d columns. <see cref="IRowSource.IsSingle"/> decides whether they are read as float.</param>
    /// <param name="progress">Told the number of rows of this source read so far.</param>
    /// <param name="cancellationToken">Stops between blocks of rows; then nothing is added.</param>
    /// <exception cref="ArgumentException">The source has another number of columns, or a value is not finite; then nothing is added.</exception>
    public void Add(IRowSource source, IProgress<long>? progress = null, CancellationToken cancellationToken = default) => Add(source, progress, nameof(source), cancellationToken);

    /// <param name="source">The rows.</param>
    /// <param name="progress">Told the number of rows read.</param>
    /// <param name="parameter">What the caller of the public method calls the rows.</param>
    /// <param name="cancellationToken">Stops between blocks of rows.</param>
    /// <param name="last">True when no more rows are added afterwards.</param>
    internal void Add(IRowSource source, IProgress<long>? progress, string parameter, CancellationToken cancellationToken, bool last = false)
    {
        RowReading.Check(source, parameter);
        if (source.Columns != Columns)
            throw new ArgumentException($"The source has {source.Columns} columns, this accumulator {Columns}.", parameter);
        if (source.IsSingle)
            AddSource<float>(source, progress, parameter, last, cancellationToken);
        else
            AddSource<double>(source, progress, parameter, last, cancellationToken);
    }

    /// <summary>Adds what another accumulator has seen, as if after its rows came this one's; the other does not change.</summary>
    /// <remarks>Equal to accumulating all rows in one, to rounding.</remarks>
    /// <param name="other">An accumulator of as many columns.</param>
    /// <exception cref="ArgumentException"><paramref name="other"/> has another number of columns.</exception>
    public void Merge(MomentAccumulator other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Columns != Columns)
            throw new ArgumentException($"The other accumulator has {other.Columns} columns, this one {Columns}.", nameof(other));
        ScatterState theirs = other.Total();
        if (_merged is null)
        {
            _merged = theirs;
            return;
        }

        _merged.Merge(theirs);
        theirs.Dispose();
    }

    /// <summary>Rows seen and features.</summary>
    public override string ToString() => FormattableString.Invariant($"moments of {Count:N0} rows × {Columns} features");

    /// <summary>The covariance of the rows seen so far.</summary>
    /// <param name="normalization">Divide by n−1 (default) or n.</param>
    /// <exception cref="InvalidOperationException">Fewer than 2 rows (1 for <see cref="CovarianceNormalization.MaximumLikelihood"/>) were seen, or the sums of squares overflow double.</exception>
    public CovarianceEstimate ToCovariance(CovarianceNormalization normalization = CovarianceNormalization.Unbiased) => ToCovariance(normalization, last: false, parameter: null);

    /// <summary>The covariance.</summary>
    /// <param name="normalization">The divisor.</param>
    /// <param name="last">True when it is the last thing asked of this accumulator: then nothing is copied for it.</param>
    /// <param name="parameter">What the caller of the public method calls the rows; null when that method is this object's own.</param>
    internal CovarianceEstimate ToCovariance(CovarianceNormalization normalization, bool last, string? parameter)
    {
        if (normalization is not (CovarianceNormalization.Unbiased or CovarianceNormalization.MaximumLikelihood))
            throw new ArgumentOutOfRangeException(nameof(normalization), normalization, "Use Unbiased or MaximumLikelihood.");
        long divisor = normalization == CovarianceNormalization.Unbiased ? Count - 1 : Count;
        if (divisor <= 0)
            throw new InvalidOperationException($"A covariance divided by n{(normalization == CovarianceNormalization.Unbiased ? "−1" : "")} needs more rows than the {Count} seen: Add some first.");
        using ScatterState total = Total(last);
        return SymmetricMatrix.Scaled(total, divisor) is { } values
            ? new CovarianceEstimate(Count, total.Mean(), values, normalization)
            : throw (parameter is null ? new InvalidOperationException(OutOfRange) : new ArgumentException(OutOfRange, parameter));
    }

    private ScatterState Total(bool last = false)
    {
        ScatterState total = _stream.Total(last);
        if (_merged is null)
            return total;
        ScatterState all = _merged.Clone();
        all.Merge(total);
        total.Dispose();
        return all;
    }

    /// <summary>Adds rows after which no more are added; when that fails, the accumulator is of no use.</summary>
    internal void AddLast<T>(ReadOnlySpan<T> rows)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => AddSpan(rows, last: true);

    private unsafe void AddSpan<T>(ReadOnlySpan<T> rows, bool last = false)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        if (rows.Length % Columns != 0)
            throw new ArgumentException($"{rows.Length} values do not make rows of {Columns}.", nameof(rows));
        int count = rows.Length / Columns;
        fixed (T* pointer = rows)
        {
            PointerRows<T> blocks = new(pointer, count, Columns);

            if (last)
            {
                _stream.Add(blocks, 0, count, 0, nameof(rows), last);
            }
            else if (count <= Math.Max(Columns, ScatterProduct.ChunkRows))
            {
                // Looking at few rows twice is cheaper than keeping a copy of the scatter to go back to.
                FiniteRows.Check(rows, Columns, 0, nameof(rows));
                _stream.Add(blocks, 0, count, 0, nameof(rows));
            }
            else
            {
                AllOrNothing(() => _stream.Add(blocks, 0, count, 0, nameof(rows)));
            }
        }
    }

    private void AddSource<T>(IRowSource source, IProgress<long>? progress, string parameter, bool last, CancellationToken cancellationToken)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => AllOrNothing(() =>
    {
        if (source is not IndexedRowSource indexed)
        {
            ReadAhead<T>(source, progress, parameter, last, cancellationToken);
            return;
        }

        // A few dozen reports and chances to cancel, and no more rows at a time than a second or so takes.
        IndexedRows<T> rows = new(indexed);
        long block = Math.Clamp(((1L << 36) / ((long)Columns * Columns)) & -(1L << 16), 1L << 14, 1L << 24);
        for (long first = 0; first < rows.Count; first += block)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long count = Math.Min(block, rows.Count - first);
            _stream.Add(rows, first, count, 0, parameter, last && first + count == rows.Count);
            progress?.Report(first + count);
        }
    });

    private void AllOrNothing(Action add)
    {
        Action undo = _stream.Checkpoint();
        try
        {
            add();
        }
        catch
        {
            undo();
            throw;
        }
    }

    private unsafe void ReadAhead<T>(IRowSource source, IProgress<long>? progress, string parameter, bool last, CancellationToken cancellationToken)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        int capacity = Math.Max(ScatterProduct.ChunkRows, ReadBytes / (Columns * sizeof(T)) / ScatterProduct.ChunkRows * ScatterProduct.ChunkRows);
        using Scratch<T> even = Scratch.Rent<T>((long)capacity * Columns);
        using Scratch<T> odd = Scratch.Rent<T>((long)capacity * Columns);
        using IRowReader reader = source.Begin();
        Scratch<T> block = even, next = odd;
        long first = 0;
        for (int count = Fill(block); count > 0;)
        {
            Scratch<T> target = next;
            bool isEnd = count < capacity;
            Task<int> reading = isEnd ? Task.FromResult(0) : Parallelism.MaxThreads > 1 ? Task.Run(() => Fill(target), CancellationToken.None) : null!;
            try
            {
                _stream.Add(new PointerRows<T>(block.Pointer, count, Columns), 0, count, first, parameter, last && isEnd);
            }
            finally
            {
                // The reader must be idle before it is disposed of.
                reading?.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Wait(CancellationToken.None);
            }

            first += count;
            progress?.Report(first);
            cancellationToken.ThrowIfCancellationRequested();
            count = reading is null ? Fill(target) : reading.GetAwaiter().GetResult();
            (block, next) = (target, block);
        }

        source.CheckEnd(first);
        GC.KeepAlive(even);
        GC.KeepAlive(odd);

        int Fill(Scratch<T> to)
        {
            int rows = 0;
            while (rows < capacity)
            {
                int read = reader.Next(to.Span[(rows * Columns)..], Columns);
                if (read == 0)
                    break;
                rows += read;
            }

            return rows;
        }
    }
}
