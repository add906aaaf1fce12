using System.Numerics;

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

    /// <summary>Copies <paramref name="count"/> rows from row <paramref name="first"/> on, as float or double. Thread-safe; bounds are the caller's.</summary>
    public abstract void Copy<T>(long first, int count, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

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

        public int Read(Span<double> rows) => ReadAs(rows);

        public int Read(Span<float> rows) => ReadAs(rows);

        public void Dispose()
        {
        }

        private int ReadAs<T>(Span<T> rows)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int count = (int)Math.Min(RowBuffer.Capacity(rows.Length, source.Columns), source.Rows - _next);
            source.Copy(_next, count, rows[..(count * source.Columns)]);
            _next += count;
            return count;
        }
    }
}
