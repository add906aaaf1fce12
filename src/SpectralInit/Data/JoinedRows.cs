using System.Numerics;

namespace SpectralInit;

/// <summary>Every few rows of a source as one: the patches of all groups at one position, which follow one another.</summary>
internal sealed class JoinedRows : IRowSource
{
    private readonly IRowSource _rows;

    public JoinedRows(IRowSource rows, int together)
    {
        if (rows.RowCount % together is > 0)
            throw new ArgumentException($"{rows.RowCount} rows are not whole groups of {together}.", nameof(rows));
        (_rows, Columns, RowCount) = (rows, checked(rows.Columns * together), rows.RowCount / together);
    }

    public int Columns { get; }

    public long? RowCount { get; }

    public bool IsSingle => _rows.IsSingle;

    public IRowReader Open() => new Reader(_rows.Begin(), _rows.Columns, Columns);

    private sealed class Reader(IRowReader reader, int narrow, int wide) : IRowReader
    {
        public int Read(Span<double> rows) => ReadAs(rows);

        public int Read(Span<float> rows) => ReadAs(rows);

        public void Dispose() => reader.Dispose();

        // A reader may stop in the middle of a joined row: read on until it is whole.
        private int ReadAs<T>(Span<T> rows)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int together = wide / narrow, read = reader.Next(rows[..(RowBuffer.Capacity(rows.Length, wide) * wide)], narrow);
            while (read % together != 0)
            {
                int more = reader.Next(rows.Slice(read * narrow, (together - (read % together)) * narrow), narrow);
                if (more == 0)
                    throw new ArgumentException($"The rows end inside a group of {together}.", nameof(rows));
                read += more;
            }

            return read / together;
        }
    }
}
