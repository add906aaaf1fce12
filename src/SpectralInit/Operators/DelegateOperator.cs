namespace SpectralInit;

/// <summary>A linear map given by your own code: y ← A·x.</summary>
/// <param name="x">Input, not changed.</param>
/// <param name="y">Output, to be overwritten in full.</param>
public delegate void LinearMap(ReadOnlySpan<double> x, Span<double> y);

/// <summary>An operator made of delegates, for matrices that exist only as code.</summary>
public sealed class DelegateOperator : ILinearOperator
{
    private readonly LinearMap _apply;
    private readonly LinearMap _applyTranspose;

    /// <summary>An operator of any shape.</summary>
    /// <param name="rows">Rows, ≥ 0.</param>
    /// <param name="columns">Columns, ≥ 0.</param>
    /// <param name="apply">y ← A·x.</param>
    /// <param name="applyTranspose">y ← Aᵀ·x; it must be the true transpose.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    public DelegateOperator(int rows, int columns, LinearMap apply, LinearMap applyTranspose)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        ArgumentNullException.ThrowIfNull(apply);
        ArgumentNullException.ThrowIfNull(applyTranspose);
        Rows = rows;
        Columns = columns;
        _apply = apply;
        _applyTranspose = applyTranspose;
    }

    /// <summary>A symmetric operator.</summary>
    /// <param name="dimension">n ≥ 0.</param>
    /// <param name="apply">y ← A·x with A = Aᵀ.</param>
    public DelegateOperator(int dimension, LinearMap apply)
        : this(dimension, dimension, apply, apply)
    {
    }

    /// <inheritdoc/>
    public int Rows { get; }

    /// <inheritdoc/>
    public int Columns { get; }

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<double> x, Span<double> y)
    {
        OperatorGuard.Check(1, Columns, Rows, x, y);
        _apply(x, y);
    }

    /// <inheritdoc/>
    public void ApplyTranspose(ReadOnlySpan<double> x, Span<double> y)
    {
        OperatorGuard.Check(1, Rows, Columns, x, y);
        _applyTranspose(x, y);
    }
}
