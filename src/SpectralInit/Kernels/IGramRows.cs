using System.Numerics;
using System.Numerics.Tensors;

namespace SpectralInit.Kernels;

/// <summary>The rows of a matrix as <see cref="GramProduct"/> takes them, block by block.</summary>
internal unsafe interface IGramRows<T>
    where T : unmanaged
{
    /// <summary>True when blocks are made in memory lent to <see cref="Block"/>.</summary>
    static abstract bool AreMade { get; }

    /// <summary>Rows from <paramref name="first"/> on, one after the other; <paramref name="room"/> holds a block when they <see cref="AreMade"/>.</summary>
    T* Block(nint first, int count, T* room);
}

/// <summary>Where they lie.</summary>
internal readonly unsafe struct StoredRows<T>(T* w, nint columns) : IGramRows<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool AreMade => false;

    public T* Block(nint first, int count, T* room) => w + (first * columns);
}

/// <summary>Converted to the type of the arithmetic.</summary>
internal readonly unsafe struct ConvertedRows<TData, T>(TData* w, nint columns) : IGramRows<T>
    where TData : unmanaged, IBinaryFloatingPointIeee754<TData>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool AreMade => true;

    public T* Block(nint first, int count, T* room)
    {
        int values = checked((int)(count * columns));
        TensorPrimitives.ConvertTruncating(new ReadOnlySpan<TData>(w + (first * columns), values), new Span<T>(room, values));
        return room;
    }
}
