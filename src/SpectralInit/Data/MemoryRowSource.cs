using System.Numerics;

namespace SpectralInit;

internal sealed class MemoryRowSource<T> : IRowSource
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ReadOnlyMemory<T> _values;

    public MemoryRowSource(ReadOnlyMemory<T> values, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (values.Length % columns != 0)
            throw new ArgumentException($"{values.Length} values do not make rows of {columns}.", nameof(values));
        _values = values;
        Columns = columns;
    }

    public int Columns { get; }

    public long? RowCount => _values.Length / Columns;

    public bool IsSingle => typeof(T) != typeof(double);

    public IRowReader Open() => new Reader(this);

    private sealed class Reader(MemoryRowSource<T> source) : IRowReader
    {
        private int _position;

        public int Read(Span<double> rows) => ReadAs(rows);

        public int Read(Span<float> rows) => ReadAs(rows);

        public void Dispose()
        {
        }

        private int ReadAs<U>(Span<U> rows)
            where U : unmanaged, IBinaryFloatingPointIeee754<U>
        {
            ReadOnlySpan<T> rest = source._values.Span[_position..];
            int count = Math.Min(rows.Length, rest.Length) / source.Columns;
            int length = count * source.Columns;
            for (int i = 0; i < length; i++)
                rows[i] = U.CreateTruncating(rest[i]);
            _position += length;
            return count;
        }
    }
}
