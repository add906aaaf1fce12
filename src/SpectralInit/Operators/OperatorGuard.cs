namespace SpectralInit;

/// <summary>Checks of a block product: lengths, and that the output does not overwrite the input.</summary>
internal static class OperatorGuard
{
    public static void Check(int count, int columns, int rows, ReadOnlySpan<double> x, Span<double> y)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (x.Length != (long)count * columns)
            throw new ArgumentException($"{x.Length} values are not {count} vectors of {columns}.", nameof(x));
        if (y.Length != (long)count * rows)
            throw new ArgumentException($"{y.Length} values are not {count} vectors of {rows}.", nameof(y));
        if (x.Overlaps(y))
            throw new ArgumentException("The output overlaps the input; pass memory of its own.", nameof(y));
    }
}
