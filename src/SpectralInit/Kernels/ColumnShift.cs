using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SpectralInit.Kernels;

/// <summary>
/// What is subtracted from a column before its products are taken: its mean, for float coarsened to a grid of at most 1/16 of the column's range.
/// Subtracting it then rarely rounds, and on bytes or small integers not even the products of a chunk do.
/// </summary>
internal static class ColumnShift
{
    /// <summary>Centered magnitudes whose float products, summed over a chunk, neither overflow nor lose digits to underflow.</summary>
    public const double LargestSingle = 1L << 58, SmallestSingle = 1.0 / (1L << 40);

    /// <summary>The shift of one column.</summary>
    /// <returns>False when products of what is left must be taken in double.</returns>
    public static bool TryChoose(double mean, double least, double most, bool single, out double shift)
    {
        shift = Math.Clamp(mean, least, most);
        if (!single)
            return true;
        Vector256<double> low = Vector256.Create(least), high = Vector256.Create(most);
        shift = (float)OnGrid(Vector256.Create(mean), low, high).ToScalar();
        return !IsBeyondSingle(Vector256.Create(shift), low, high);
    }

    /// <summary>The means rounded to the power of two between 1/32 and 1/16 of the range, or as they are where the column is constant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> OnGrid(Vector256<double> mean, Vector256<double> least, Vector256<double> most)
    {
        Vector256<double> grid = ((most - least).AsInt64() & Vector256.Create(0x7FFL << 52)).AsDouble() * 0.0625;
        mean = Vector256.Min(Vector256.Max(mean, least), most);
        return Vector256.ConditionalSelect(Vector256.LessThan(least, most), Vector256.Round(mean / grid) * grid, mean);
    }

    /// <summary>True when what a shift leaves of any of these columns has products beyond float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsBeyondSingle(Vector256<double> shift, Vector256<double> least, Vector256<double> most)
    {
        Vector256<double> size = Vector256.Max(most - shift, shift - least);
        return Vector256.GreaterThanAny(size, Vector256.Create(LargestSingle))
            || (Vector256.LessThan(size, Vector256.Create(SmallestSingle)) & Vector256.LessThan(least, most)) != Vector256<double>.Zero;
    }
}
