using SpectralInit.Kernels;

namespace SpectralInit.Benchmarks.Growth;

/// <summary>Correlated rows made as they are read: any number of them, no memory.</summary>
internal sealed class GeneratedRows(long count, int columns) : IRowSource
{
    public int Columns => columns;

    public long? RowCount => count;

    public bool IsSingle => true;

    public IRowReader Open() => new Reader(count, columns);

    private sealed class Reader(long count, int columns) : IRowReader
    {
        private long _row;

        public int Read(Span<double> rows)
        {
            float[] values = new float[rows.Length];
            int read = Read(values);
            for (int i = 0; i < read * columns; i++)
                rows[i] = values[i];
            return read;
        }

        public int Read(Span<float> rows)
        {
            int read = (int)Math.Min(rows.Length / columns, count - _row);
            RandomFill.Uniform(rows[..(read * columns)], -1, 1, seed: 3, offset: _row * columns);
            for (int row = 0; row < read; row++)
            {
                // A common factor per row gives the covariance one large eigenvalue.
                Span<float> values = rows.Slice(row * columns, columns);
                float common = values[0];
                for (int i = 0; i < values.Length; i++)
                    values[i] = (values[i] * 0.5f) + common;
            }

            _row += read;
            return read;
        }

        public void Dispose()
        {
        }
    }
}
