using System.Numerics;

namespace SpectralInit;

/// <summary>Rows that an enumerable hands out one by one.</summary>
internal sealed class EnumerableRowSource<T>(IEnumerable<T[]> rows, int columns, bool once) : IRowSource
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private int _opened;
    private long _counted = -1;

    public int Columns { get; } = columns;

    public long? RowCount => !once && rows.TryGetNonEnumeratedCount(out int count) ? count : null;

    public bool IsSingle => typeof(T) != typeof(double);

    public IRowReader Open()
    {
        if (Interlocked.Exchange(ref _opened, 1) == 1 && once)
            throw new InvalidOperationException("These rows can be read only once and have been. Collect them in an array, or pass an enumerable that starts afresh to RowSource.From.");
        return new Reader(this, rows.GetEnumerator());
    }

    private sealed class Reader(EnumerableRowSource<T> source, IEnumerator<T[]> rows) : IRowReader
    {
        private long _read;
        private bool _ended;

        public int Read(Span<double> buffer) => ReadAs(buffer);

        public int Read(Span<float> buffer) => ReadAs(buffer);

        public void Dispose() => rows.Dispose();

        private int ReadAs<U>(Span<U> buffer)
            where U : unmanaged, IBinaryFloatingPointIeee754<U>
        {
            int capacity = RowBuffer.Capacity(buffer.Length, source.Columns);
            int count = 0;
            while (count < capacity && !_ended)
            {
                if (!rows.MoveNext())
                {
                    End();
                    break;
                }

                T[] row = rows.Current;
                if (row is null || row.Length != source.Columns)
                    throw new InvalidOperationException($"Row {_read} {(row is null ? "is null" : $"has {row.Length} features")}; expected {source.Columns}.");
                RowBuffer.Convert<T, U>(row, buffer.Slice(count * source.Columns, source.Columns));
                count++;
                _read++;
            }

            return count;
        }

        // A generator over a network or a queue may be empty the second time; that must not pass for data.
        private void End()
        {
            _ended = true;
            long before = Interlocked.CompareExchange(ref source._counted, _read, -1);
            if (before >= 0 && before != _read)
                throw new InvalidOperationException($"The enumerable gave {before} rows in one pass and {_read} in another. Collect its rows in an array, or pass it to RowSource.Once.");
        }
    }
}
