namespace SpectralInit;

/// <summary>
/// Rows that can be copied from anywhere, by any thread at any time: memory and mapped files. Consumers that work in parallel
/// ask for blocks here instead of opening a sequential pass.
/// </summary>
internal abstract class IndexedRowSource(long rows, int columns, bool isSingle) : IRowSource
{
    public int Columns { get; } = columns;

    public long Rows { get; } = rows;

    public long? RowCount => Rows;

    public bool IsSingle { get; } = isSingle;

    /// <summary>Copies <paramref name="count"/> rows from row <paramref name="first"/> on. Thread-safe; bounds are the caller's.</summary>
    public abstract void Copy(long first, int count, Span<double> destination);

    /// <inheritdoc cref="Copy(long, int, Span{double})"/>
    public abstract void Copy(long first, int count, Span<float> destination);

    /// <summary>The rows where they lie, when they are stored contiguously as <typeparamref name="T"/> in managed memory.</summary>
    public virtual bool TryGetRows<T>(long first, int count, out ReadOnlySpan<T> rows)
        where T : unmanaged
    {
        rows = default;
        return false;
    }

    public IRowReader Open() => new Reader(this);

    private sealed class Reader(IndexedRowSource source) : IRowReader
    {
        private long _next;

        public int Read(Span<double> rows)
        {
            int count = Next(rows.Length);
            source.Copy(_next - count, count, rows[..(count * source.Columns)]);
            return count;
        }

        public int Read(Span<float> rows)
        {
            int count = Next(rows.Length);
            source.Copy(_next - count, count, rows[..(count * source.Columns)]);
            return count;
        }

        public void Dispose()
        {
        }

        private int Next(int length)
        {
            int count = (int)Math.Min(RowBuffer.Capacity(length, source.Columns), source.Rows - _next);
            _next += count;
            return count;
        }
    }
}
