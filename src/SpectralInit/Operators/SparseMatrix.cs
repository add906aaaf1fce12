using System.Runtime.Intrinsics;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>A sparse matrix in compressed rows, as an operator: y = A·x costs one pass over the stored entries.</summary>
/// <remarks>Immutable. Rows are independent, so products give the same bits on any number of threads. The transpose is built at its first use.</remarks>
public sealed unsafe class SparseMatrix : ILinearOperator
{
    private const int RowsPerPart = 512;

    private readonly int[] _rowStarts;
    private readonly int[] _columns;
    private readonly double[] _values;
    private readonly Lazy<SparseMatrix> _transpose;

    private SparseMatrix(int rows, int columns, int[] rowStarts, int[] columnIndices, double[] values)
    {
        Rows = rows;
        Columns = columns;
        _rowStarts = rowStarts;
        _columns = columnIndices;
        _values = values;
        _transpose = new(BuildTranspose);
    }

    /// <inheritdoc/>
    public int Rows { get; }

    /// <inheritdoc/>
    public int Columns { get; }

    /// <summary>Stored entries.</summary>
    public int EntryCount => _values.Length;

    /// <summary>Stored values, row after row.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>Shape and stored entries.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Rows}×{Columns}, {EntryCount:N0} entries");

    /// <summary>A matrix from its entries; entries at one place add up, in the order given.</summary>
    /// <param name="rows">Rows, ≥ 0.</param>
    /// <param name="columns">Columns, ≥ 0.</param>
    /// <param name="entries">(row, column, value), in any order, values finite.</param>
    /// <exception cref="ArgumentException">An entry lies outside the matrix, or it or a sum of entries is not finite.</exception>
    public static SparseMatrix FromEntries(int rows, int columns, IEnumerable<(int Row, int Column, double Value)> entries)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rows, Array.MaxLength);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(columns, Array.MaxLength);
        ArgumentNullException.ThrowIfNull(entries);
        List<(int Row, int Column, double Value)> sorted = [];
        foreach ((int Row, int Column, double Value) entry in entries)
        {
            if ((uint)entry.Row >= (uint)rows || (uint)entry.Column >= (uint)columns)
                throw new ArgumentException($"Entry ({entry.Row}, {entry.Column}) lies outside a {rows} × {columns} matrix.", nameof(entries));
            if (!double.IsFinite(entry.Value))
                throw new ArgumentException($"Entry ({entry.Row}, {entry.Column}) is {entry.Value}; entries must be finite.", nameof(entries));
            sorted.Add(entry);
        }

        // LINQ's sort is stable, so duplicates add up in the order given.
        List<int> columnIndices = new(sorted.Count);
        List<double> values = new(sorted.Count);
        int[] rowStarts = new int[rows + 1];
        (int Row, int Column) last = (-1, -1);
        foreach ((int row, int column, double value) in sorted.OrderBy(entry => ((long)entry.Row << 32) | (uint)entry.Column))
        {
            if ((row, column) == last)
            {
                values[^1] += value;
                continue;
            }

            last = (row, column);
            columnIndices.Add(column);
            values.Add(value);
            rowStarts[row + 1]++;
        }

        for (int row = 0; row < rows; row++)
            rowStarts[row + 1] += rowStarts[row];
        return Made(rows, columns, rowStarts, [.. columnIndices], [.. values], nameof(entries));
    }

    /// <summary>The entries of one row: column indices, ascending, and values.</summary>
    /// <param name="row">0 … <see cref="Rows"/>−1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public (ReadOnlyMemory<int> Columns, ReadOnlyMemory<double> Values) Row(int row)
    {
        IndexError.Check(row, Rows, "row");
        int start = _rowStarts[row], length = _rowStarts[row + 1] - start;
        return (_columns.AsMemory(start, length), _values.AsMemory(start, length));
    }

    /// <summary>The same pattern with every value mapped.</summary>
    /// <param name="map">Gives the new value, finite, from row, column and old value.</param>
    /// <exception cref="ArgumentException">A new value is not finite.</exception>
    public SparseMatrix Map(Func<int, int, double, double> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        double[] values = new double[_values.Length];
        for (int row = 0; row < Rows; row++)
        {
            for (int at = _rowStarts[row]; at < _rowStarts[row + 1]; at++)
                values[at] = map(row, _columns[at], _values[at]);
        }

        return Made(Rows, Columns, _rowStarts, _columns, values, nameof(map));
    }

    /// <summary>The transpose; built once.</summary>
    public SparseMatrix Transpose() => _transpose.Value;

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<double> x, Span<double> y) => ApplyBlock(1, x, y);

    /// <inheritdoc/>
    public void ApplyTranspose(ReadOnlySpan<double> x, Span<double> y) => Transpose().ApplyBlock(1, x, y);

    /// <inheritdoc/>
    public void ApplyTransposeBlock(int count, ReadOnlySpan<double> x, Span<double> y) => Transpose().ApplyBlock(count, x, y);

    /// <inheritdoc/>
    public void ApplyBlock(int count, ReadOnlySpan<double> x, Span<double> y)
    {
        OperatorGuard.Check(count, Columns, Rows, x, y);
        ApplyPower(count, 1, 1, 1, x, y);
    }

    /// <summary>y ← (first·second·A)^power·x for a block; a square matrix, or power 1. Two factors, for either alone is finite where the product may not be.</summary>
    internal void ApplyPower(int count, int power, double first, double second, ReadOnlySpan<double> x, Span<double> y)
    {
        // Interleaved, the block's values for one column lie side by side: every stored entry is one short vector operation.
        using Scratch<double> one = Scratch.Rent<double>(x.Length), other = Scratch.Rent<double>(y.Length);
        Interleave(x, new Span<double>(one.Pointer, x.Length), count, Columns);
        for (int p = 0; p < power; p++)
        {
            double* from = p % 2 == 0 ? one.Pointer : other.Pointer, to = p % 2 == 0 ? other.Pointer : one.Pointer;
            Parallelism.Run((Rows + RowsPerPart - 1) / RowsPerPart, part =>
            {
                int start = part * RowsPerPart, end = Math.Min(Rows, start + RowsPerPart), vector = 0;
                for (; vector <= count - 4; vector += 4)
                    MultiplyFour(start, end, count, from + vector, to + vector, first, second);
                for (; vector < count; vector++)
                    MultiplyOne(start, end, count, from + vector, to + vector, first, second);
            });
        }

        Interleave(new Span<double>(power % 2 == 0 ? one.Pointer : other.Pointer, y.Length), y, Rows, count);
    }

    // Column indices were checked when the matrix was made.
    private void MultiplyFour(int start, int end, int stride, double* x, double* y, double first, double second)
    {
        fixed (int* starts = _rowStarts, columns = _columns)
        fixed (double* values = _values)
        {
            for (int row = start; row < end; row++)
            {
                Vector256<double> even = Vector256<double>.Zero, odd = Vector256<double>.Zero;
                int at = starts[row], last = starts[row + 1];
                for (; at < last - 1; at += 2)
                {
                    even = Vector256.MultiplyAddEstimate(Vector256.Create(values[at]), Vector256.Load(x + ((long)stride * columns[at])), even);
                    odd = Vector256.MultiplyAddEstimate(Vector256.Create(values[at + 1]), Vector256.Load(x + ((long)stride * columns[at + 1])), odd);
                }

                if (at < last)
                    even = Vector256.MultiplyAddEstimate(Vector256.Create(values[at]), Vector256.Load(x + ((long)stride * columns[at])), even);
                Vector256.Store((even + odd) * first * second, y + ((long)stride * row));
            }
        }
    }

    private void MultiplyOne(int start, int end, int stride, double* x, double* y, double first, double second)
    {
        fixed (int* starts = _rowStarts, columns = _columns)
        fixed (double* values = _values)
        {
            for (int row = start; row < end; row++)
            {
                double sum = 0;
                for (int at = starts[row]; at < starts[row + 1]; at++)
                    sum += values[at] * x[(long)stride * columns[at]];
                y[(long)stride * row] = sum * first * second;
            }
        }
    }

    // Transposes rows × columns into columns × rows.
    private static void Interleave(ReadOnlySpan<double> from, Span<double> to, int rows, int columns)
    {
        if (rows == 1 || columns == 1)
        {
            from.CopyTo(to);
            return;
        }

        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
                to[(column * rows) + row] = from[(row * columns) + column];
        }
    }

    private static SparseMatrix Made(int rows, int columns, int[] rowStarts, int[] columnIndices, double[] values, string parameter) =>
        Finite.FirstNot(values) is int bad and >= 0
            ? throw new ArgumentException($"The value in row {Array.FindLastIndex(rowStarts, start => start <= bad)}, column {columnIndices[bad]} is {values[bad]}; values must be finite.", parameter)
            : new(rows, columns, rowStarts, columnIndices, values);

    private SparseMatrix BuildTranspose()
    {
        int[] starts = new int[Columns + 1];
        foreach (int column in _columns)
            starts[column + 1]++;
        for (int column = 0; column < Columns; column++)
            starts[column + 1] += starts[column];

        int[] next = [.. starts];
        int[] rowsOf = new int[_columns.Length];
        double[] values = new double[_values.Length];
        for (int row = 0; row < Rows; row++)
        {
            for (int at = _rowStarts[row]; at < _rowStarts[row + 1]; at++)
            {
                int to = next[_columns[at]]++;
                rowsOf[to] = row;
                values[to] = _values[at];
            }
        }

        return new SparseMatrix(Columns, Rows, starts, rowsOf, values);
    }
}
