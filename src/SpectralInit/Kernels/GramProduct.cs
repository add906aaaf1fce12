using System.Numerics;
using System.Numerics.Tensors;
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

    private const int Slabs = 8, RowsPerBlock = 16;

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
        where TLanes : struct, ILanes<TVector, T>
    {
        // V and Z as strips of one SIMD width, the eight vectors of a strip side by side: read in order, and free of rows that share cache sets.
        int lane = TLanes.Count;
        nint strips = (columns + lane - 1) / lane, size = strips * lane * Vectors;
        nint perSlab = (((rows + Slabs - 1) / Slabs) + RowsPerBlock - 1) / RowsPerBlock * RowsPerBlock;
        int slabs = (int)((rows + perSlab - 1) / perSlab);
        using Scratch<T> strip = Scratch.Rent<T>((slabs + 1) * size);
        T* input = strip.Pointer, sums = input + size;
        for (nint q = 0; q < strips; q++)
        {
            int width = (int)Math.Min(lane, columns - (q * lane));
            for (int i = 0; i < Vectors; i++)
            {
                Span<T> target = new(input + (((q * Vectors) + i) * lane), lane);
                TensorPrimitives.ConvertTruncating(new ReadOnlySpan<TVectors>(v + (i * columns) + (q * lane), width), target);
                target[width..].Clear();
            }
        }

        Parallelism.Run(slabs, part =>
        {
            nint slab = backward ? slabs - 1 - part : part;
            nint start = slab * perSlab, length = Math.Min(perSlab, rows - start);
            T* target = sums + (slab * size);
            new Span<T>(target, checked((int)size)).Clear();
            Slab<TData, T, TVector, TLanes>(w + (start * columns), length, columns, input, target, backward);
        });

        const int StripsPerPart = 32;
        Parallelism.Run((int)((strips + StripsPerPart - 1) / StripsPerPart), part =>
        {
            nint first = (nint)part * StripsPerPart, last = Math.Min(first + StripsPerPart, strips);
            Span<T> sum = new(sums + (first * lane * Vectors), (int)(last - first) * lane * Vectors);
            for (int slab = 1; slab < slabs; slab++)
                TensorPrimitives.Add(sum, new ReadOnlySpan<T>(sums + (slab * size) + (first * lane * Vectors), sum.Length), sum);
            for (nint q = first; q < last; q++)
            {
                int width = (int)Math.Min(lane, columns - (q * lane));
                for (int i = 0; i < Vectors; i++)
                    TensorPrimitives.ConvertTruncating(new ReadOnlySpan<T>(sums + (((q * Vectors) + i) * lane), width), new Span<TVectors>(z + (i * columns) + (q * lane), width));
            }
        });
    }

    private static void Slab<TData, T, TVector, TLanes>(TData* w, nint rows, nint columns, T* v, T* z, bool backward)
        where TData : unmanaged, IBinaryFloatingPointIeee754<TData>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TVector, T>
    {
        int lane = TLanes.Count;
        nint full = columns / lane;
        int rest = (int)(columns - (full * lane));
        bool widen = typeof(TData) != typeof(T);
        using Scratch<T> work = Scratch.Rent<T>((RowsPerBlock * lane * (Vectors + 1)) + (RowsPerBlock * Vectors) + (widen ? RowsPerBlock * columns : 0));
        T* lanes = work.Pointer, edge = lanes + (RowsPerBlock * lane * Vectors), products = edge + (RowsPerBlock * lane), wide = products + (RowsPerBlock * Vectors);
        nint blocks = (rows + RowsPerBlock - 1) / RowsPerBlock;
        for (nint block = 0; block < blocks; block++)
        {
            nint first = (backward ? blocks - 1 - block : block) * RowsPerBlock;
            int height = (int)Math.Min(RowsPerBlock, rows - first);
            TData* stored = w + (first * columns);
            T* source = (T*)stored;
            if (widen)
            {
                source = wide;
                int count = checked((int)(height * columns));
                TensorPrimitives.ConvertTruncating(new ReadOnlySpan<TData>(stored, count), new Span<T>(source, count));
            }

            // The last columns, short of a SIMD width, padded with zeros.
            for (int row = 0; rest > 0 && row < height; row++)
            {
                Span<T> target = new(edge + (row * lane), lane);
                new ReadOnlySpan<T>(source + (row * columns) + (full * lane), rest).CopyTo(target);
                target[rest..].Clear();
            }

            // Rows next in turn are on their way while these are computed with.
            bool more = block + 1 < blocks;
            nint following = backward ? Math.Max(first - RowsPerBlock, 0) : first + RowsPerBlock;
            FetchAhead ahead = new(w + (following * columns), more ? Math.Min(RowsPerBlock, rows - following) * columns * sizeof(TData) : 0);
            new Span<T>(lanes, RowsPerBlock * lane * Vectors).Clear();
            GramKernel.Dots<T, TVector, TLanes>(source, height, columns, full, v, lanes, ref ahead);
            if (rest > 0)
                GramKernel.Dots<T, TVector, TLanes>(edge, height, lane, 1, v + (full * lane * Vectors), lanes, ref ahead);
            for (int i = 0; i < height * Vectors; i++)
                products[i] = TLanes.Sum(TLanes.Load(lanes + (i * lane)));
            GramKernel.Accumulate<T, TVector, TLanes>(source, height, columns, full, products, z, ref ahead);
            if (rest > 0)
                GramKernel.Accumulate<T, TVector, TLanes>(edge, height, lane, 1, products, z + (full * lane * Vectors), ref ahead);
        }
    }
}
