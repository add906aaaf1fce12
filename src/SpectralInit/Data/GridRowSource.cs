using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SpectralInit;

/// <summary>The rows of a two-dimensional array.</summary>
internal sealed class GridRowSource<T>(T[,] values) : IndexedRowSource(values.GetLength(0), values.GetLength(1), typeof(T) != typeof(double))
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override void Copy<U>(long first, int count, Span<U> destination) => RowBuffer.Convert(Span(first, count), destination);

    public override bool TryGetRows<U>(long first, int count, out ReadOnlySpan<U> rows)
    {
        rows = typeof(T) == typeof(U) ? MemoryMarshal.Cast<T, U>(Span(first, count)) : default;
        return typeof(T) == typeof(U);
    }

    private ReadOnlySpan<T> Span(long first, int count)
    {
        ref T start = ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference((Array)values));
        return MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref start, (nint)(first * Columns)), count * Columns);
    }
}
