using System.Numerics;
using System.Runtime.InteropServices;

namespace SpectralInit;

/// <summary>How rows are taken from a reader: it may be the user's own code.</summary>
internal static class RowReading
{
    /// <summary>Reads the next rows as float or double.</summary>
    /// <returns>The number of rows; 0 only at the end.</returns>
    /// <exception cref="InvalidOperationException">The reader reports a number of rows that the buffer cannot hold.</exception>
    public static int Next<T>(this IRowReader reader, Span<T> rows, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int read = typeof(T) == typeof(float) ? reader.Read(MemoryMarshal.Cast<T, float>(rows)) : reader.Read(MemoryMarshal.Cast<T, double>(rows));
        return read >= 0 && read <= rows.Length / columns
            ? read
            : throw new InvalidOperationException($"A row reader was given room for {rows.Length / columns} rows and reported {read}; IRowReader.Read returns the number of rows, not of values.");
    }

    /// <exception cref="InvalidOperationException">A pass to the end has seen another number of rows than the source said it has.</exception>
    public static void CheckEnd(this IRowSource source, long seen)
    {
        if (source.RowCount is { } promised && promised != seen)
            throw new InvalidOperationException($"The source said it has {promised} rows and gave {seen}: it ended early, or was changed.");
    }
}
