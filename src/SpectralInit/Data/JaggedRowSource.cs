using System.Numerics;

namespace SpectralInit;

/// <summary>One array per row.</summary>
internal sealed class JaggedRowSource<T>(T[][] values) : IndexedRowSource(values.Length, Checked(values), typeof(T) != typeof(double))
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override void Copy<U>(long first, int count, Span<U> destination)
    {
        for (int i = 0; i < count; i++)
            RowBuffer.Convert<T, U>(values[first + i], destination.Slice(i * Columns, Columns));
    }

    private static int Checked(T[][] rows)
    {
        if (rows.Length == 0)
            throw new ArgumentException("There are no rows, so the number of features is unknown; pass a flat array and its columns.", nameof(rows));
        int columns = rows[0]?.Length ?? 0;
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i] is null || rows[i].Length != columns || columns == 0)
                throw new ArgumentException($"Row {i} {(rows[i] is null ? "is null" : $"has {rows[i].Length} features")}, row 0 {columns}: rows need one length of at least 1.", nameof(rows));
        }

        return columns;
    }
}
