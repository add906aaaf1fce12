using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>Rows that any thread can read from anywhere.</summary>
internal interface IRowBlocks<T>
    where T : unmanaged
{
    long Count { get; }

    /// <summary>Rows <paramref name="first"/> … first+count−1: where they lie, or copied to <paramref name="buffer"/>.</summary>
    ReadOnlySpan<T> Read(long first, int count, Span<T> buffer);

    /// <summary>Where rows lie in memory, as a hint for fetching them ahead; nothing when they are to be copied, or past the end.</summary>
    FetchAhead Ahead(long first, long count);
}

/// <summary>Rows in memory that does not move while they are read.</summary>
internal sealed unsafe class PointerRows<T>(T* rows, long count, int columns) : IRowBlocks<T>
    where T : unmanaged
{
    public long Count => count;

    public ReadOnlySpan<T> Read(long first, int count, Span<T> buffer) => new(rows + (first * columns), count * columns);

    public FetchAhead Ahead(long first, long limit) => new(rows + (first * columns), Math.Max(0, Math.Min(limit, count - first)) * columns * sizeof(T));
}

/// <summary>The rows of a source with random access.</summary>
internal sealed unsafe class IndexedRows<T>(IndexedRowSource source) : IRowBlocks<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public long Count => source.Rows;

    public ReadOnlySpan<T> Read(long first, int count, Span<T> buffer)
    {
        if (source.TryGetRows(first, count, out ReadOnlySpan<T> rows))
            return rows;
        buffer = buffer[..(count * source.Columns)];
        source.Copy(first, count, buffer);
        return buffer;
    }

    public FetchAhead Ahead(long first, long limit)
    {
        int count = (int)Math.Min(limit, source.Rows - first);
        return count > 0 && source.TryGetRows(first, count, out ReadOnlySpan<T> rows)
            ? new(Unsafe.AsPointer(ref MemoryMarshal.GetReference(rows)), (long)rows.Length * sizeof(T))
            : default;
    }
}
