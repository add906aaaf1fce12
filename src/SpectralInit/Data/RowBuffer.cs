using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace SpectralInit;

/// <summary>What every row reader does with the caller's buffer.</summary>
internal static class RowBuffer
{
    /// <summary>Values of a block of rows to read at a time: <paramref name="rows"/> of them, or as many as some 32 MB hold of wide ones, and at least one.</summary>
    public static int BlockLength(int columns, int rows = 256) => Math.Clamp((1 << 22) / Math.Max(1, columns), 1, rows) * columns;

    /// <summary>How many rows fit.</summary>
    /// <exception cref="ArgumentException">The buffer holds no row, or part of one.</exception>
    public static int Capacity(int length, int columns, string parameter = "rows") =>
        length >= columns && length % columns == 0
            ? length / columns
            : throw new ArgumentException($"The buffer has {length} elements; pass a whole number of rows of {columns}, at least one.", parameter);

    /// <summary>Reads rows of floats through a reader that makes doubles.</summary>
    public static int ReadRounded(IRowReader reader, Span<float> rows)
    {
        double[] values = new double[rows.Length];
        int count = reader.Read(values);
        Convert<double, float>(values, rows);
        return count;
    }

    /// <summary>Converts element by element, rounding to nearest where the destination is narrower.</summary>
    public static void Convert<TFrom, TTo>(ReadOnlySpan<TFrom> source, Span<TTo> destination)
        where TFrom : unmanaged, INumberBase<TFrom>
        where TTo : unmanaged, INumberBase<TTo>
    {
        if (typeof(TFrom) == typeof(TTo))
            MemoryMarshal.Cast<TFrom, TTo>(source).CopyTo(destination);
        else
            TensorPrimitives.ConvertTruncating(source, destination);
    }
}
