using System.Numerics.Tensors;

namespace SpectralInit;

/// <summary>Finds what must not enter a fit.</summary>
internal static class Finite
{
    /// <summary>Index of the first NaN or infinity, or −1.</summary>
    public static int FirstNot(ReadOnlySpan<double> values)
    {
        // One fast sum tells whether to look: it is finite only if every value is.
        if (values.IsEmpty || double.IsFinite(TensorPrimitives.SumOfMagnitudes(values)))
            return -1;
        for (int i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]))
                return i;
        }

        return -1;
    }

    /// <summary>Refuses values whose squares leave the range of double, by their largest magnitude.</summary>
    /// <exception cref="ArgumentException">It lies outside 1e-152 … 1e152 and is not zero.</exception>
    public static void CheckSquares(double largest, string parameter)
    {
        if (largest is > 1e152 or (> 0 and < 1e-152))
            throw new ArgumentException(FormattableString.Invariant($"The largest value is {largest:G3}, and squares of such values leave the range of double: scale them to between 1e-152 and 1e152."), parameter);
    }

    /// <inheritdoc cref="CheckSquares(double, string)"/>
    public static void CheckSquares(ReadOnlySpan<double> rows, string parameter)
    {
        if (!rows.IsEmpty)
            CheckSquares(Math.Abs(TensorPrimitives.MaxMagnitude(rows)), parameter);
    }
}
