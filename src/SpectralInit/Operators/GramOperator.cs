using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>AᵀA or A·Aᵀ of an operator, never formed: two products with A for each of its own.</summary>
public sealed class GramOperator : ILinearOperator
{
    private readonly ILinearOperator _factor;
    private readonly bool _outer;

    /// <summary>The Gram operator of <paramref name="factor"/>.</summary>
    /// <param name="factor">A, m×n.</param>
    /// <param name="outer">False (default) for AᵀA, n×n; true for A·Aᵀ, m×m.</param>
    public GramOperator(ILinearOperator factor, bool outer = false)
    {
        ArgumentNullException.ThrowIfNull(factor);
        _factor = factor;
        _outer = outer;
    }

    /// <inheritdoc/>
    public int Rows => _outer ? _factor.Rows : _factor.Columns;

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
        using Scratch<double> middle = Scratch.Rent<double>((long)count * (_outer ? _factor.Columns : _factor.Rows));
        if (_outer)
        {
            _factor.ApplyTransposeBlock(count, x, middle.Span);
            _factor.ApplyBlock(count, middle.Span, y);
        }
        else
        {
            _factor.ApplyBlock(count, x, middle.Span);
            _factor.ApplyTransposeBlock(count, middle.Span, y);
        }
    }

    /// <inheritdoc/>
    public void ApplyTransposeBlock(int count, ReadOnlySpan<double> x, Span<double> y) => ApplyBlock(count, x, y);
}
