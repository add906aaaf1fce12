namespace SpectralInit.Kernels;

/// <summary>What is subtracted from a column before its products are taken: the rule of <see cref="CenteredPanels{TLanes, TVector, T}"/> for one column.</summary>
internal static class ColumnShift
{
    /// <summary>Centered magnitudes whose float products, summed over a chunk, neither overflow nor lose digits to underflow.</summary>
    public const double LargestSingle = 1L << 58, SmallestSingle = 1.0 / (1L << 40);

    /// <summary>
    /// The mean; for float coarsened to a grid of at most 1/16 of the range: subtracting it then rarely rounds, and on bytes or small integers not even
    /// the products of a chunk do.
    /// </summary>
    /// <returns>False when products of what is left must be taken in double.</returns>
    public static bool TryChoose(double mean, double least, double most, bool single, out double shift)
    {
        shift = Math.Clamp(mean, least, most);
        if (!single || least == most)
            return true;
        double grid = Math.ScaleB(1, Math.ILogB(most - least) - 4);
        shift = (float)(Math.Round(shift / grid) * grid);
        double size = Math.Max(most - shift, shift - least);
        return size is >= SmallestSingle and <= LargestSingle;
    }
}
