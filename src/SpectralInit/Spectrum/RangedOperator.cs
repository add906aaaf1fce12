using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>2⁻ᵉ·A for methods that square what they multiply: e is 0, and nothing changes, unless the first product shows that such squares could overflow or vanish.</summary>
internal sealed class RangedOperator(ILinearOperator matrix) : ILinearOperator
{
    // Squares of squares of numbers up to here are in range, and so are those of their rounding errors.
    private const int Ordinary = 200;

    private int? _exponent;

    public int Rows => matrix.Rows;

    public int Columns => matrix.Columns;

    /// <summary>The exponent e; 0 before the first product.</summary>
    public int Exponent => _exponent ?? 0;

    public void Apply(ReadOnlySpan<double> x, Span<double> y)
    {
        matrix.Apply(x, y);
        Scale(y);
    }

    public void ApplyTranspose(ReadOnlySpan<double> x, Span<double> y)
    {
        matrix.ApplyTranspose(x, y);
        Scale(y);
    }

    public void ApplyBlock(int count, ReadOnlySpan<double> x, Span<double> y)
    {
        matrix.ApplyBlock(count, x, y);
        Scale(y);
    }

    public void ApplyTransposeBlock(int count, ReadOnlySpan<double> x, Span<double> y)
    {
        matrix.ApplyTransposeBlock(count, x, y);
        Scale(y);
    }

    /// <summary>Values and residuals in the scale of A itself.</summary>
    /// <exception cref="ArgumentException">One exceeds the largest double.</exception>
    public void Restore(Span<double> values, Span<double> residuals, string parameter)
    {
        foreach (ref double value in values)
            value = Math.ScaleB(value, Exponent);
        foreach (ref double residual in residuals)
            residual = Math.ScaleB(residual, Exponent);
        if (Finite.FirstNot(values) >= 0)
            throw DenseArgument.TooLarge(parameter);
    }

    private void Scale(Span<double> y)
    {
        if (_exponent is null && !y.IsEmpty)
        {
            double largest = Math.Abs(TensorPrimitives.MaxMagnitude<double>(y));
            if (largest > 0 && double.IsFinite(largest))
                _exponent = Math.Abs(Math.ILogB(largest)) > Ordinary ? Math.ILogB(largest) : 0;
        }

        if (Exponent != 0)
            PowerOfTwo.Scale(y, -Exponent);
    }
}
