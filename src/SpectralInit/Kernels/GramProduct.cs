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

    /// <summary>Rows that are multiplied together, where registers are 32; half as many where they are 16.</summary>
    public const int TileRows = 6;

    private const int Slabs = 8, BlockBytes = 400 << 10;

    // Of matrices up to this, which the last cache keeps, what processors fetch by themselves is enough. Counted in the width of the arithmetic: narrower entries are read as slowly.
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
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated)
            Multiply<TEntry, T, Vector512<T>, Lanes512<T>>(w, rows, columns, v, z, backward);
        else if (Vector256.IsHardwareAccelerated)
            Multiply<TEntry, T, Vector256<T>, Lanes256<T>>(w, rows, columns, v, z, backward);
        else if (Vector128.IsHardwareAccelerated)
            Multiply<TEntry, T, Vector128<T>, Lanes128<T>>(w, rows, columns, v, z, backward);
        else
            Multiply<TEntry, T, T, LanesScalar<T>>(w, rows, columns, v, z, backward);
    }

    /// <summary>Z ← V·WᵀW with W = diag(<paramref name="scales"/>)·Q of 16-bit integers, multiplied in float.</summary>
    /// <param name="q">Q, as <see cref="TiledLayout"/> says.</param>
    /// <param name="scales">One per row.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="v">V, 4×columns.</param>
    /// <param name="z">Z, 4×columns, overwritten.</param>
    /// <param name="backward">Sweeps from the last row to the first.</param>
    public static void Multiply(short* q, float* scales, nint rows, nint columns, double* v, double* z, bool backward)
    {
        if (Vector512.IsHardwareAccelerated)
            Multiply<short, float, Vector512<float>, Lanes512<float>>(q, TiledLayout(columns), scales, rows, columns, v, z, backward);
        else
            Multiply<short, float, Vector256<float>, Lanes256<float>>(q, TiledLayout(columns), scales, rows, columns, v, z, backward);
    }

    /// <summary>How 16-bit integers lie.</summary>
    public static GramLayout TiledLayout(nint columns) => Vector512.IsHardwareAccelerated
        ? GramLayout.Tiled(columns, Lanes512<float>.Count, GramKernel<short, Lanes512<float>, Vector512<float>, float>.Tile)
        : GramLayout.Tiled(columns, Lanes256<float>.Count, GramKernel<short, Lanes256<float>, Vector256<float>, float>.Tile);

    private static void Multiply<TEntry, T, TVector, TLanes>(TEntry* w, nint rows, nint columns, double* v, double* z, bool backward)
        where TEntry : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TVector : struct
        where TLanes : struct, ILanes<TVector, T> =>
        Multiply<TEntry, T, TVector, TLanes>(w, GramLayout.RowMajor(columns, TLanes.Count, GramKernel<TEntry, TLanes, TVector, T>.Tile), null, rows, columns, v, z, backward);

    private static void Multiply<TEntry, T, TVector, TLanes>(TEntry* w, GramLayout layout, T* scales, nint rows, nint columns, double* v, double* z, bool backward)
        where TEntry : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TVector : struct
        where TLanes : struct, ILanes<TVector, T>
    {
        int lane = TLanes.Count;
        nint size = GramStrips<TLanes, TVector, T>.Count(columns) * lane * Vectors;

        // Rows that share the second cache with V, Z and as many rows that come next, in whole tiles; fewer bytes of entries that are narrower than the arithmetic.
        int tile = GramKernel<TEntry, TLanes, TVector, T>.Tile, perBlock = (int)Math.Clamp(BlockBytes / (layout.Tile * sizeof(T)), 1, 96 / tile) * tile;
        GramSweep sweep = new(rows, (rows + (Slabs * tile) - 1) / (Slabs * tile) * tile, perBlock, backward, Parallelism.MaxThreads);
        using Scratch<T> memory = Scratch.Rent<T>((sweep.Slabs + 1) * size);
        T* input = memory.Pointer, sums = input + size;
        GramStrips<TLanes, TVector, T>.Cut(v, columns, input);
        Pass<TEntry, T> pass = new() { W = w, Layout = layout, Columns = columns, Scales = scales, V = input, Fetched = (long)rows * layout.Width * sizeof(T) > LeastFetched };
        Parallelism.Run(sweep.Threads, _ => Blocks<TEntry, T, TVector, TLanes>(pass, sweep, sums, size));
        GramStrips<TLanes, TVector, T>.Join(sums, sweep.Slabs, columns, z);
    }

    // Slab after slab, until there are no more.
    private static void Blocks<TEntry, T, TVector, TLanes>(Pass<TEntry, T> pass, GramSweep sweep, T* sums, nint size)
        where TEntry : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TVector : struct
        where TLanes : struct, ILanes<TVector, T>
    {
        int lane = TLanes.Count, tile = GramKernel<TEntry, TLanes, TVector, T>.Tile;
        GramLayout layout = pass.Layout, edges = GramLayout.RowMajor(lane, lane, tile);
        nint full = layout.Width / lane;
        int rest = (int)Math.Max(0, pass.Columns - (full * lane));

        // Room for an even number of rows: their sums are summed up two at a time.
        int room = sweep.PerBlock + 1;
        using Scratch<T> work = Scratch.Rent<T>(room * (lane + 1) * Vectors);
        using Scratch<TEntry> tail = Scratch.RentCleared<TEntry>(rest > 0 ? sweep.PerBlock * lane : 0);
        T* partial = work.Pointer, products = partial + (room * lane * Vectors);
        TEntry* edge = tail.Pointer;
        int slab = -1;
        for (GramSweep.Block block = sweep.First(), following; block.Height > 0; block = following)
        {
            following = sweep.After(block);
            TEntry* source = pass.W + (block.Row / tile * layout.Tile);
            T* target = sums + (block.Slab * size);
            if (block.Slab != slab)
                new Span<T>(target, checked((int)size)).Clear();
            slab = block.Slab;

            // The last columns, short of a SIMD width, padded with zeros.
            for (int row = 0; rest > 0 && row < block.Height; row++)
                new ReadOnlySpan<TEntry>(source + (row * layout.Row) + (full * lane), rest).CopyTo(new Span<TEntry>(edge + (row * lane), rest));

            // The rows that follow are fetched meanwhile, steadily.
            byte* next = pass.Fetched && following.Height > 0 ? (byte*)(pass.W + (following.Row / tile * layout.Tile)) : null;
            new Span<T>(partial, room * lane * Vectors).Clear();
            GramKernel<TEntry, TLanes, TVector, T>.Dots(source, block.Height, layout, full, pass.V, partial, ref next);
            if (rest > 0)
                GramKernel<TEntry, TLanes, TVector, T>.Dots(edge, block.Height, edges, 1, pass.V + (full * lane * Vectors), partial, ref next);

            for (int row = 0; row < block.Height; row += 2)
                TLanes.SumEach(partial + (row * lane * Vectors), products + (row * Vectors));
            for (int i = 0; pass.Scales != null && i < block.Height * Vectors; i++)
                products[i] *= pass.Scales[block.Row + (i / Vectors)] * pass.Scales[block.Row + (i / Vectors)];
            GramKernel<TEntry, TLanes, TVector, T>.Accumulate(source, block.Height, layout, full, products, target, ref next);
            if (rest > 0)
                GramKernel<TEntry, TLanes, TVector, T>.Accumulate(edge, block.Height, edges, 1, products, target + (full * lane * Vectors), ref next);
        }
    }

    private readonly struct Pass<TEntry, T>
        where TEntry : unmanaged
        where T : unmanaged
    {
        public required TEntry* W { get; init; }

        public required GramLayout Layout { get; init; }

        public required nint Columns { get; init; }

        public required T* Scales { get; init; }

        public required T* V { get; init; }

        public required bool Fetched { get; init; }
    }
}
