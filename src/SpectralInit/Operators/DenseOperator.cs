using System.Buffers;
using MathNet.Numerics.LinearAlgebra;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>A dense matrix as an operator. Blocks of eight vectors read the matrix once.</summary>
public sealed unsafe class DenseOperator : ILinearOperator
{
    private readonly ReadOnlyMemory<double> _values;

    /// <summary>Wraps row-major values; no copy is made, so leave them alone while the operator is in use.</summary>
    /// <param name="values">rows × columns values, row-major.</param>
    /// <param name="rows">Rows, ≥ 0.</param>
    /// <param name="columns">Columns, ≥ 0.</param>
    /// <exception cref="ArgumentException">The length is not rows·columns.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    public DenseOperator(ReadOnlyMemory<double> values, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (values.Length != (long)rows * columns)
            throw new ArgumentException($"{values.Length} values are not a {rows}×{columns} matrix.", nameof(values));
        _values = values;
        Rows = rows;
        Columns = columns;
    }

    /// <summary>Copies a MathNet matrix.</summary>
    /// <param name="matrix">The matrix, not changed.</param>
    public DenseOperator(Matrix<double> matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        _values = matrix.ToRowMajorArray();
        Rows = matrix.RowCount;
        Columns = matrix.ColumnCount;
    }

    /// <inheritdoc/>
    public int Rows { get; }

    /// <inheritdoc/>
    public int Columns { get; }

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<double> x, Span<double> y) => ApplyBlock(1, x, y);

    /// <inheritdoc/>
    public void ApplyTranspose(ReadOnlySpan<double> x, Span<double> y) => ApplyTransposeBlock(1, x, y);

    /// <inheritdoc/>
    public void ApplyBlock(int count, ReadOnlySpan<double> x, Span<double> y)
    {
        OperatorGuard.Check(count, Columns, Rows, x, y);
        using MemoryHandle matrix = _values.Pin();
        fixed (double* px = x, py = y)
            SkinnyProduct.Dots(count, px, Columns, Rows, (double*)matrix.Pointer, Columns, Columns, py, Rows, 1);
    }

    /// <inheritdoc/>
    public void ApplyTransposeBlock(int count, ReadOnlySpan<double> x, Span<double> y)
    {
        OperatorGuard.Check(count, Rows, Columns, x, y);
        y.Clear();
        using Scratch<double> columns = SkinnyProduct.Columns(count, Rows, x, out int padded);

        using MemoryHandle matrix = _values.Pin();
        fixed (double* py = y)
            SkinnyProduct.Accumulate(count, Columns, Rows, 1, columns.Pointer, padded, (double*)matrix.Pointer, Columns, py, Columns);
    }
}
