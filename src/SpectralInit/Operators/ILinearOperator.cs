namespace SpectralInit;

/// <summary>A linear map y = A·x, however A is stored.</summary>
public interface ILinearOperator
{
    /// <summary>Rows of A: the length of y.</summary>
    int Rows { get; }

    /// <summary>Columns of A: the length of x.</summary>
    int Columns { get; }

    /// <summary>y ← A·x.</summary>
    /// <param name="x"><see cref="Columns"/> values.</param>
    /// <param name="y"><see cref="Rows"/> values, overwritten; does not overlap <paramref name="x"/>.</param>
    void Apply(ReadOnlySpan<double> x, Span<double> y);

    /// <summary>y ← Aᵀ·x.</summary>
    /// <param name="x"><see cref="Rows"/> values.</param>
    /// <param name="y"><see cref="Columns"/> values, overwritten; does not overlap <paramref name="x"/>.</param>
    void ApplyTranspose(ReadOnlySpan<double> x, Span<double> y);

    /// <summary>Applies A to <paramref name="count"/> vectors stored one after the other (rows of a count × Columns matrix). Override it where a block is cheaper than its vectors.</summary>
    /// <param name="count">Number of vectors.</param>
    /// <param name="x">count × <see cref="Columns"/>, row-major.</param>
    /// <param name="y">count × <see cref="Rows"/>, row-major, overwritten.</param>
    void ApplyBlock(int count, ReadOnlySpan<double> x, Span<double> y)
    {
        for (int i = 0; i < count; i++)
            Apply(x.Slice(i * Columns, Columns), y.Slice(i * Rows, Rows));
    }

    /// <summary>Applies Aᵀ to <paramref name="count"/> vectors stored one after the other.</summary>
    /// <param name="count">Number of vectors.</param>
    /// <param name="x">count × <see cref="Rows"/>, row-major.</param>
    /// <param name="y">count × <see cref="Columns"/>, row-major, overwritten.</param>
    void ApplyTransposeBlock(int count, ReadOnlySpan<double> x, Span<double> y)
    {
        for (int i = 0; i < count; i++)
            ApplyTranspose(x.Slice(i * Rows, Rows), y.Slice(i * Columns, Columns));
    }
}
