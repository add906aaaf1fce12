using System.Numerics;

namespace SpectralInit;

/// <summary>Refuses rows that hold infinities or not-a-number, naming the first place.</summary>
internal static class FiniteRows
{
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public static void Check<T>(ReadOnlySpan<T> rows, int columns, long first, string parameter)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int start = 0; start < rows.Length; start += 4096)
        {
            ReadOnlySpan<T> block = rows.Slice(start, Math.Min(4096, rows.Length - start));

            // 0·x is 0 for finite x and not a number otherwise, and so is the sum.
            T sum = T.Zero;
            foreach (T value in block)
                sum += value * T.Zero;
            if (sum == T.Zero)
                continue;
            int at = start;
            while (T.IsFinite(rows[at]))
                at++;
            throw new ArgumentException($"Row {first + (at / columns)}, column {at % columns} is {rows[at]}; rows must be finite: drop or impute them first.", parameter);
        }
    }
}
