using System.Numerics;

namespace SpectralInit;

/// <summary>Some rows of a source, in its order.</summary>
/// <param name="source">The source.</param>
/// <param name="chosen">Numbers of the rows, ascending.</param>
internal sealed class SelectedRows(IRowSource source, int[] chosen) : IRowSource
{
    public int Columns => source.Columns;

    public long? RowCount => chosen.Length;

    public bool IsSingle => source.IsSingle;

    public IRowReader Open() => source is IndexedRowSource indexed ? new Gatherer(indexed, chosen) : new Reader(source.Begin(), source.Columns, chosen);

    /// <summary>Rows that can be copied from anywhere: the others are never touched.</summary>
    private sealed class Gatherer(IndexedRowSource source, int[] chosen) : IRowReader
    {
        private int _next;

        public int Read(Span<double> rows) => ReadAs(rows);

        public int Read(Span<float> rows) => ReadAs(rows);

        public void Dispose()
        {
        }

        private int ReadAs<T>(Span<T> rows)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int columns = source.Columns, given = Math.Min(rows.Length / columns, chosen.Length - _next);
            for (int i = 0; i < given; i++)
                source.Copy(chosen[_next++], 1, rows.Slice(i * columns, columns));
            return given;
        }
    }

    private sealed class Reader(IRowReader reader, int columns, int[] chosen) : IRowReader
    {
        private readonly double[] _buffer = new double[RowBuffer.BlockLength(columns)];
        private int _next, _first, _count;

        public int Read(Span<double> rows)
        {
            int wanted = rows.Length / columns, given = 0;
            for (; given < wanted && _next < chosen.Length; given++, _next++)
            {
                while (chosen[_next] >= _first + _count)
                {
                    _first += _count;
                    if ((_count = reader.Next<double>(_buffer, columns)) == 0)
                        return given;
                }

                _buffer.AsSpan((chosen[_next] - _first) * columns, columns).CopyTo(rows[(given * columns)..]);
            }

            return given;
        }

        public int Read(Span<float> rows) => RowBuffer.ReadRounded(this, rows);

        public void Dispose() => reader.Dispose();
    }
}
