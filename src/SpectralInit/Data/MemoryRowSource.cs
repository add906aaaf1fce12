using System.Numerics;
using System.Runtime.InteropServices;

namespace SpectralInit;

/// <summary>Rows one after the other in memory.</summary>
internal sealed class MemoryRowSource<T> : IndexedRowSource
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ReadOnlyMemory<T> _values;

    public MemoryRowSource(ReadOnlyMemory<T> values, int columns)
        : base(values.Length / Checked(values.Length, columns), columns, typeof(T) != typeof(double))
    {
        RowSource.CheckElement<T>();
        _values = values;
    }

    public override void Copy<U>(long first, int count, Span<U> destination) => RowBuffer.Convert(Span(first, count), destination);

    public override bool TryGetRows<U>(long first, int count, out ReadOnlySpan<U> rows)
    {
        rows = typeof(T) == typeof(U) ? MemoryMarshal.Cast<T, U>(Span(first, count)) : default;
        return typeof(T) == typeof(U);
    }

    internal static int Checked(int length, int columns, string parameter = "values")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        return length % columns == 0
            ? columns
            : throw new ArgumentException($"{length} values do not make rows of {columns}: pass n·{columns} values, or another number of columns.", parameter);
    }

    private ReadOnlySpan<T> Span(long first, int count) => _values.Span.Slice((int)first * Columns, count * Columns);
}
