using System.Numerics;
using System.Runtime.Intrinsics;

namespace SpectralInit.Kernels;

/// <summary>
/// Z ← V·WᵀW for a block V of four row vectors, in one pass over W: a block of rows that has just been multiplied is still in the cache when its transpose is. Rows are cut
/// into fixed slabs, added up in a fixed order. Four vectors keep up with memory, or with the last-level cache, in all but the narrowest formats.
/// </summary>
internal static unsafe class GramProduct
{
    /// <summary>Vectors in a block.</summary>
    public const int Vectors = 4;

    private const int Slabs = 8, BlockBytes = 400 << 10;

    // Of matrices up to this, which the last cache keeps, what processors fetch by themselves is enough.
    private const long LeastFetched = 12 << 20;

    /// <summary>Z ← V·WᵀW with W rows×columns, V and Z 4×columns, all row-major.</summary>
    /// <param name="w">W: float or double, or float where the arithmetic is double, entries of which are converted in registers.</param>
    /// <param name="rows">Rows of W.</param>
    /// <param name="columns">Columns of W.</param>
    /// <param name="v">V.</param>
    /// <param name="z">Z, overwritten.</param>
    /// <param name="backward">Sweeps from the last row to the first: in turns with forward sweeps, what the last sweep left in the cache is read first.</param>
    /// <typeparam name="TEntry">Stored type of W.</typeparam>
    /// <typeparam name="T">Type of the arithmetic.</typeparam>
    public static void Multiply<TEntry, T>(TEntry* w, nint rows, nint columns, double* v, double* z, bool backward)
        where TEntry : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Multiply<TEntry, T>(w, columns, null, rows, columns, v, z, backward);

    /// <summary>Z ← V·WᵀW with W = diag(<paramref name="scales"/>)·<paramref name="q"/>.</summary>
    /// <param name="q">Entries; 16-bit integers, too, where the arithmetic is float.</param>
    /// <param name="stride">Entries from one row to the next. Where it exceeds the columns, zeros follow them.</param>
    /// <param name="scales">One per row, or null.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="v">V, 4×columns.</param>
    /// <param name="z">Z, 4×columns, overwritten.</param>
    /// <param name="backward">Sweeps from the last row to the first.</param>
    /// <typeparam name="TEntry">Stored type.</typeparam>
    /// <typeparam name="T">Type of the arithmetic.</typeparam>
    public static void Multiply<TEntry, T>(TEntry* q, nint stride, T* scales, nint rows, nint columns, double* v, double* z, bool backward)
        where TEntry : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated)
            Multiply<TEntry, T, Vector512<T>, Lanes512<T>>(q, stride, scales, rows, columns, v, z, backward);
        else if (Vector256.IsHardwareAccelerated)
            Multiply<TEntry, T, Vector256<T>, Lanes256<T>>(q, stride, scales, rows, columns, v, z, backward);
        else if (Vector128.IsHardwareAccelerated)
            Multiply<TEntry, T, Vector128<T>, Lanes128<T>>(q, stride, scales, rows, columns, v, z, backward);
        else
            Multiply<TEntry, T, T, LanesScalar<T>>(q, stride, scales, rows, columns, v, z, backward);
    }

    private static void Multiply<TEntry, T, TVector, TLanes>(TEntry* w, nint stride, T* scales, nint rows, nint columns, double* v, double* z, bool backward)
        where TEntry : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TVector : struct
        where TLanes : struct, ILanes<TVector, T>
    {
        int lane = TLanes.Count;
        nint size = GramStrips<TLanes, TVector, T>.Count(columns) * lane * Vectors, perSlab = (rows + Slabs - 1) / Slabs;
        int slabs = (int)((rows + perSlab - 1) / perSlab);
        bool fetched = (long)rows * stride * sizeof(TEntry) > LeastFetched;
        using Scratch<T> memory = Scratch.Rent<T>((slabs + 1) * size);
        T* input = memory.Pointer, sums = input + size;
        GramStrips<TLanes, TVector, T>.Cut(v, columns, input);
        Parallelism.Run(slabs, part =>
        {
            nint slab = backward ? slabs - 1 - part : part, start = slab * perSlab;
            T* target = sums + (slab * size);
            new Span<T>(target, checked((int)size)).Clear();
            Slab<TEntry, T, TVector, TLanes>(w + (start * stride), stride, scales == null ? null : scales + start, Math.Min(perSlab, rows - start), columns, input, target, backward, fetched);
        });

        GramStrips<TLanes, TVector, T>.Join(sums, slabs, columns, z);
    }

    private static void Slab<TEntry, T, TVector, TLanes>(TEntry* w, nint stride, T* scales, nint rows, nint columns, T* v, T* z, bool backward, bool fetched)
        where TEntry : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TVector : struct
        where TLanes : struct, ILanes<TVector, T>
    {
        int lane = TLanes.Count, tile = GramKernel<TEntry, TLanes, TVector, T>.Tile;

        // Rows that share the second cache with V, Z and as many rows that come next, in whole tiles; fewer bytes of entries that are narrower than the arithmetic.
        int perBlock = (int)Math.Clamp(BlockBytes / (stride * sizeof(T) * tile), 1, 96 / tile) * tile;
        nint full = Math.Min(stride, (columns + lane - 1) / lane * lane) / lane, blocks = (rows + perBlock - 1) / perBlock;
        int rest = (int)Math.Max(0, columns - (full * lane));

        // Room for an even number of rows: their sums are summed up two at a time.
        int room = perBlock + 1;
        using Scratch<T> work = Scratch.Rent<T>(room * (lane + 1) * Vectors);
        using Scratch<TEntry> tail = Scratch.RentCleared<TEntry>(rest > 0 ? perBlock * lane : 0);
        T* sums = work.Pointer, products = sums + (room * lane * Vectors);
        TEntry* edge = tail.Pointer;
        for (nint block = 0; block < blocks; block++)
        {
            nint first = (backward ? blocks - 1 - block : block) * perBlock;
            int height = (int)Math.Min(perBlock, rows - first);
            TEntry* source = w + (first * stride);

            // The last columns, short of a SIMD width, padded with zeros.
            for (int row = 0; rest > 0 && row < height; row++)
                new ReadOnlySpan<TEntry>(source + (row * stride) + (full * lane), rest).CopyTo(new Span<TEntry>(edge + (row * lane), rest));

            // The rows that follow are fetched meanwhile, steadily.
            byte* next = fetched && block + 1 < blocks ? (byte*)(w + ((backward ? first - perBlock : first + perBlock) * stride)) : null;
            new Span<T>(sums, room * lane * Vectors).Clear();
            GramKernel<TEntry, TLanes, TVector, T>.Dots(source, height, stride, full, v, sums, ref next);
            if (rest > 0)
                GramKernel<TEntry, TLanes, TVector, T>.Dots(edge, height, lane, 1, v + (full * lane * Vectors), sums, ref next);

            for (int row = 0; row < height; row += 2)
                TLanes.SumEach(sums + (row * lane * Vectors), products + (row * Vectors));
            for (int i = 0; scales != null && i < height * Vectors; i++)
                products[i] *= scales[first + (i / Vectors)] * scales[first + (i / Vectors)];
            GramKernel<TEntry, TLanes, TVector, T>.Accumulate(source, height, stride, full, products, z, ref next);
            if (rest > 0)
                GramKernel<TEntry, TLanes, TVector, T>.Accumulate(edge, height, lane, 1, products, z + (full * lane * Vectors), ref next);
        }
    }
}
