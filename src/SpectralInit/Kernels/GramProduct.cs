using System.Numerics;
using System.Runtime.Intrinsics;

namespace SpectralInit.Kernels;

/// <summary>
/// Z ← V·WᵀW for a block V of eight row vectors, in one pass over W: a block of rows that has just been multiplied is still in the cache when its
/// transpose is. Rows are cut into fixed slabs, added up in a fixed order.
/// </summary>
internal static unsafe class GramProduct
{
    /// <summary>Vectors in a block.</summary>
    public const int Vectors = 8;

    private const int Slabs = 8, BlockEntries = 48 << 10;

    /// <summary>Z ← V·WᵀW with W rows×columns, V and Z 8×columns, all row-major.</summary>
    /// <param name="w">W.</param>
    /// <param name="rows">Rows of W.</param>
    /// <param name="columns">Columns of W.</param>
    /// <param name="v">V.</param>
    /// <param name="z">Z, overwritten.</param>
    /// <param name="backward">Sweeps from the last row to the first: in turns with forward sweeps, what the last sweep left in the cache is read first.</param>
    /// <typeparam name="TData">Stored type of W: float or double.</typeparam>
    /// <typeparam name="T">Type of the arithmetic; a float W is widened block by block when it is double.</typeparam>
    /// <typeparam name="TVectors">Type of V and Z.</typeparam>
    public static void Multiply<TData, T, TVectors>(TData* w, nint rows, nint columns, TVectors* v, TVectors* z, bool backward)
        where TData : unmanaged, IBinaryFloatingPointIeee754<TData>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TVectors : unmanaged, IBinaryFloatingPointIeee754<TVectors>
    {
        if (Vector512.IsHardwareAccelerated)
            Multiply<TData, T, TVectors, Vector512<T>, Lanes512<T>>(w, rows, columns, v, z, backward);
        else if (Vector256.IsHardwareAccelerated)
            Multiply<TData, T, TVectors, Vector256<T>, Lanes256<T>>(w, rows, columns, v, z, backward);
        else if (Vector128.IsHardwareAccelerated)
            Multiply<TData, T, TVectors, Vector128<T>, Lanes128<T>>(w, rows, columns, v, z, backward);
        else
            Multiply<TData, T, TVectors, T, LanesScalar<T>>(w, rows, columns, v, z, backward);
    }

    private static void Multiply<TData, T, TVectors, TVector, TLanes>(TData* w, nint rows, nint columns, TVectors* v, TVectors* z, bool backward)
        where TData : unmanaged, IBinaryFloatingPointIeee754<TData>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TVectors : unmanaged, IBinaryFloatingPointIeee754<TVectors>
        where TVector : struct
        where TLanes : struct, ILanes<TVector, T>
    {
        if (typeof(TData) == typeof(T))
            Multiply<StoredRows<T>, T, TVectors, TVector, TLanes>(new StoredRows<T>((T*)w, columns), rows, columns, v, z, backward);
        else
            Multiply<ConvertedRows<TData, T>, T, TVectors, TVector, TLanes>(new ConvertedRows<TData, T>(w, columns), rows, columns, v, z, backward);
    }

    private static void Multiply<TRows, T, TVectors, TVector, TLanes>(TRows w, nint rows, nint columns, TVectors* v, TVectors* z, bool backward)
        where TRows : struct, IGramRows<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TVectors : unmanaged, IBinaryFloatingPointIeee754<TVectors>
        where TVector : struct
        where TLanes : struct, ILanes<TVector, T>
    {
        int lane = TLanes.Count;
        nint strips = (columns + lane - 1) / lane, size = strips * lane * Vectors;
        nint perSlab = (rows + Slabs - 1) / Slabs;
        int slabs = (int)((rows + perSlab - 1) / perSlab);
        using Scratch<T> strip = Scratch.Rent<T>((slabs + 1) * size);
        T* input = strip.Pointer, sums = input + size;
        GramStrips.Cut(v, columns, Vectors, strips, lane, input);
        Parallelism.Run(slabs, part =>
        {
            nint slab = backward ? slabs - 1 - part : part;
            nint start = slab * perSlab, length = Math.Min(perSlab, rows - start);
            T* target = sums + (slab * size);
            new Span<T>(target, checked((int)size)).Clear();
            Slab<TRows, T, TVector, TLanes>(w, start, length, columns, input, target, backward);
        });

        GramStrips.Join(sums, slabs, columns, Vectors, strips, lane, z);
    }

    private static void Slab<TRows, T, TVector, TLanes>(TRows w, nint start, nint rows, nint columns, T* v, T* z, bool backward)
        where TRows : struct, IGramRows<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TVector : struct
        where TLanes : struct, ILanes<TVector, T>
    {
        int lane = TLanes.Count, perBlock = RowsPerBlock(columns);
        nint full = columns / lane;
        int rest = (int)(columns - (full * lane));
        bool made = TRows.AreMade;
        using Scratch<T> work = Scratch.Rent<T>((perBlock * lane * (Vectors + 1)) + (perBlock * Vectors) + (made ? perBlock * columns : 0));
        T* sums = work.Pointer, edge = sums + (perBlock * lane * Vectors), products = edge + (perBlock * lane), room = products + (perBlock * Vectors);
        nint blocks = (rows + perBlock - 1) / perBlock;
        for (nint block = 0; block < blocks; block++)
        {
            nint first = (backward ? blocks - 1 - block : block) * perBlock;
            int height = (int)Math.Min(perBlock, rows - first);
            T* source = w.Block(start + first, height, room);

            // The last columns, short of a SIMD width, padded with zeros.
            for (int row = 0; rest > 0 && row < height; row++)
            {
                Span<T> target = new(edge + (row * lane), lane);
                new ReadOnlySpan<T>(source + (row * columns) + (full * lane), rest).CopyTo(target);
                target[rest..].Clear();
            }

            // Rows wanted next are on their way while these are computed with: half of a block at a time, so that there is room for both.
            nint following = backward ? first - perBlock : first + perBlock;
            byte* next = block + 1 < blocks && !made ? (byte*)w.Block(start + following, perBlock, room) : null;
            new Span<T>(sums, perBlock * lane * Vectors).Clear();
            GramKernel<TLanes, TVector, T>.Dots(source, height, columns, full, v, sums, made ? full : (full + 1) / 2);
            if (rest > 0)
                GramKernel<TLanes, TVector, T>.Dots(edge, height, lane, 1, v + (full * lane * Vectors), sums, 1);
            for (int row = 0; row < height; row++)
                TLanes.SumEach(sums + (row * Vectors * lane), products + (row * Vectors));
            GramKernel<TLanes, TVector, T>.Accumulate(source, height, columns, full, products, z, next);
            if (rest > 0)
                GramKernel<TLanes, TVector, T>.Accumulate(edge, height, lane, 1, products, z + (full * lane * Vectors), null);
        }
    }

    // Rows that share the second cache with V, Z and the rows that come next, in whole tiles.
    private static int RowsPerBlock(nint columns) => (int)Math.Clamp(BlockEntries / columns / 3, 2, 11) * 3;
}
