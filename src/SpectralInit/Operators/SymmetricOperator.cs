using System.Buffers;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>A dense symmetric matrix as an operator, stored in full. Its symmetry is taken on trust.</summary>
public sealed unsafe class SymmetricOperator : ILinearOperator
{
    private readonly ReadOnlyMemory<double> _values;

    /// <summary>Wraps n×n values; no copy is made, so leave them alone while the operator is in use.</summary>
    /// <param name="values">n×n values; row-major and column-major are the same.</param>
    /// <param name="dimension">n ≥ 0.</param>
    /// <exception cref="ArgumentException">The length is not n².</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dimension"/> is negative.</exception>
    public SymmetricOperator(ReadOnlyMemory<double> values, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(dimension);
        if (values.Length != (long)dimension * dimension)
            throw new ArgumentException($"{values.Length} values are not a {dimension}×{dimension} matrix.", nameof(values));
        _values = values;
        Rows = dimension;
    }

    /// <inheritdoc/>
    public int Rows { get; }

    /// <inheritdoc/>
    public int Columns => Rows;

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<double> x, Span<double> y) => ApplyBlock(1, x, y);

    /// <inheritdoc/>
    public void ApplyTranspose(ReadOnlySpan<double> x, Span<double> y) => ApplyBlock(1, x, y);

    /// <inheritdoc/>
    public void ApplyBlock(int count, ReadOnlySpan<double> x, Span<double> y)
    {
        OperatorGuard.Check(count, Rows, Rows, x, y);
        using MemoryHandle matrix = _values.Pin();
        fixed (double* px = x, py = y)
            SkinnyProduct.Dots(count, px, Rows, Rows, (double*)matrix.Pointer, Rows, Rows, py, Rows, 1);
    }

    /// <inheritdoc/>
    public void ApplyTransposeBlock(int count, ReadOnlySpan<double> x, Span<double> y) => ApplyBlock(count, x, y);
}
