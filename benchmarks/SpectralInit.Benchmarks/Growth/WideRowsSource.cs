using SpectralInit.Kernels;

namespace SpectralInit.Benchmarks.Growth;

/// <summary>Few rows with very many features, of falling weight in 200 directions, made as they are read: only the directions are kept.</summary>
internal sealed unsafe class WideRowsSource : IRowSource
{
    private const int Directions = 200;

    private readonly float[] _weights, _directions;
    private readonly int _rows;

    public WideRowsSource(int rows, int columns)
    {
        (_rows, Columns) = (rows, columns);
        _weights = new float[rows * Directions];
        _directions = new float[Directions * columns];
        RandomFill.Normal<float>(_weights, 0, 1, seed: 4);
        RandomFill.Normal<float>(_directions, 0, 1, seed: 5);
        for (int i = 0; i < _weights.Length; i++)
            _weights[i] *= MathF.Pow((i % Directions) + 1, -0.7f);
    }

    public int Columns { get; }

    public long? RowCount => _rows;

    public bool IsSingle => true;

    public IRowReader Open() => new Reader(this);

    private sealed class Reader(WideRowsSource source) : IRowReader
    {
        private int _row;
        private Scratch<float>? _values;

        public int Read(Span<double> rows)
        {
            _values ??= Scratch.Rent<float>(rows.Length);
            Span<float> values = _values.Span[..rows.Length];
            int read = Read(values);
            System.Numerics.Tensors.TensorPrimitives.ConvertTruncating<float, double>(values[..(read * source.Columns)], rows);
            return read;
        }

        public int Read(Span<float> rows)
        {
            int d = source.Columns, read = Math.Min(rows.Length / d, source._rows - _row);
            RandomFill.Normal(rows[..(read * d)], 0, 0.01, seed: 6, offset: (long)_row * d);
            fixed (float* w = source._weights, directions = source._directions, x = rows)
                MatrixProduct.Multiply(false, false, read, d, Directions, 1f, w + ((nint)_row * Directions), Directions, directions, d, 1f, x, d);
            _row += read;
            return read;
        }

        public void Dispose() => _values?.Dispose();
    }
}
