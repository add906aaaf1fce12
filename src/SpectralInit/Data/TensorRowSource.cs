using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace SpectralInit;

/// <summary>A tensor whose first axis counts the rows; further axes are flattened.</summary>
internal sealed class TensorRowSource<T>(Tensor<T> tensor) : IndexedRowSource(tensor.Lengths[0], CheckedColumns(tensor), typeof(T) != typeof(double))
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override void Copy<U>(long first, int count, Span<U> destination)
    {
        if (count == 0)
            return;
        if (TryGetSpan(first, count, out ReadOnlySpan<T> span))
        {
            RowBuffer.Convert(span, destination);
            return;
        }

        T[] row = new T[Columns];
        NRange[] ranges = new NRange[tensor.Rank];
        ranges.AsSpan().Fill(NRange.All);
        for (int i = 0; i < count; i++)
        {
            ranges[0] = new NRange((nint)(first + i), (nint)(first + i + 1));
            tensor.AsReadOnlyTensorSpan(ranges).FlattenTo(row);
            RowBuffer.Convert<T, U>(row, destination.Slice(i * Columns, Columns));
        }
    }

    public override bool TryGetRows<U>(long first, int count, out ReadOnlySpan<U> rows)
    {
        rows = default;
        if (typeof(T) != typeof(U) || !TryGetSpan(first, count, out ReadOnlySpan<T> span))
            return false;
        rows = MemoryMarshal.Cast<T, U>(span);
        return true;
    }

    private static int CheckedColumns(Tensor<T> tensor)
    {
        nint columns = 1;
        for (int axis = 1; axis < tensor.Rank; axis++)
            columns = checked(columns * tensor.Lengths[axis]);
        return columns is >= 1 and <= int.MaxValue
            ? (int)columns
            : throw new ArgumentException($"A row would have {columns} features; it needs 1 to {int.MaxValue}.", nameof(tensor));
    }

    private bool TryGetSpan(long first, int count, out ReadOnlySpan<T> span)
    {
        span = default;
        if (!tensor.IsDense || count == 0)
            return false;
        Span<nint> start = stackalloc nint[tensor.Rank];
        start.Clear();
        start[0] = (nint)first;
        return tensor.AsReadOnlyTensorSpan().TryGetSpan(start, count * Columns, out span);
    }
}
