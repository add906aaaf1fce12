using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SpectralInit;

/// <summary>How rows are taken from a source and its reader: both may be the user's own code.</summary>
internal static class RowReading
{
    /// <summary>Starts a pass.</summary>
    /// <exception cref="InvalidOperationException">The source gives no reader, or says it has no columns or fewer rows than none.</exception>
    public static IRowReader Begin(this IRowSource source)
    {
        Check(source);
        return source.Open() ?? throw new InvalidOperationException($"{source.GetType()}.Open() returned null; it must return a new IRowReader that stands before the first row.");
    }

    /// <exception cref="ArgumentNullException">There is no source.</exception>
    /// <exception cref="InvalidOperationException">The source says it has no columns or fewer rows than none.</exception>
    public static void Check([NotNull] IRowSource? source, [CallerArgumentExpression(nameof(source))] string parameter = "")
    {
        ArgumentNullException.ThrowIfNull(source, parameter);
        if (source.Columns < 1)
            throw new InvalidOperationException($"{source.GetType()}.Columns is {source.Columns}; rows have at least one feature.");
        if (source.RowCount < 0)
            throw new InvalidOperationException($"{source.GetType()}.RowCount is {source.RowCount}; it must be the number of rows, or null when that is known only at the end.");
    }

    /// <summary>Reads the next rows as float or double.</summary>
    /// <returns>The number of rows; 0 only at the end.</returns>
    /// <exception cref="InvalidOperationException">The reader reports a number of rows that the buffer cannot hold.</exception>
    public static int Next<T>(this IRowReader reader, Span<T> rows, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int read = typeof(T) == typeof(float) ? reader.Read(MemoryMarshal.Cast<T, float>(rows)) : reader.Read(MemoryMarshal.Cast<T, double>(rows));
        return read >= 0 && read <= rows.Length / columns
            ? read
            : throw new InvalidOperationException($"{reader.GetType()}.Read was given room for {rows.Length / columns} rows and reported {read}; IRowReader.Read returns the number of rows, not of values.");
    }

    /// <exception cref="InvalidOperationException">A pass to the end has seen another number of rows than the source said it has.</exception>
    public static void CheckEnd(this IRowSource source, long seen)
    {
        if (source.RowCount is { } promised && promised != seen)
            throw new InvalidOperationException($"{source.GetType()} said it has {promised} rows and gave {seen}: it ended early, or was changed.");
    }
}
