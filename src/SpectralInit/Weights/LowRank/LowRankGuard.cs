namespace SpectralInit;

/// <summary>The checks every factorisation makes.</summary>
internal static class LowRankGuard
{
    public static void Check(ReadOnlySpan<double> weights, int rows, int columns, int rank, double scale)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (weights.Length != (long)rows * columns)
            throw new ArgumentException($"{weights.Length} values are not a {rows}×{columns} matrix.", nameof(weights));
        if (Finite.FirstNot(weights) is int bad and >= 0)
            throw new ArgumentException($"The weight at row {bad / columns}, column {bad % columns} is {weights[bad]}; all weights must be finite.", nameof(weights));

        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        if (rank > Math.Min(rows, columns))
            throw new ArgumentOutOfRangeException(nameof(rank), rank, $"The rank of a {rows}×{columns} matrix is at most {Math.Min(rows, columns)}.");
        if (!(scale > 0 && double.IsFinite(scale)))
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "The scale (alpha/r) must be a positive number.");
    }
}
