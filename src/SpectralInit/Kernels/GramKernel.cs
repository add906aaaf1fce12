using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace SpectralInit.Kernels;

/// <summary>
/// The two halves of <see cref="GramProduct"/> on one block of rows, as tiles of six rows (or six SIMD widths) by four vectors, three where there are half as many registers.
/// Vectors lie in strips: SIMD width q of vector i at (4·q + i)·lanes.
/// </summary>
internal static unsafe class GramKernel<TEntry, TLanes, TVector, T>
    where TEntry : unmanaged
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Vectors = GramProduct.Vectors, Line = 64;

    // V that stays in the first cache while all rows of a block pass; of narrower entries so few bytes would be read in a row that more of V, from the second cache, is better.
    private static int ChunkBytes => sizeof(TEntry) < sizeof(T) ? 70 << 10 : 11 << 10;

    /// <summary>Rows of a tile.</summary>
    public static int Tile
    {
        // A call where accumulators are set would make the compiler keep them in memory.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TLanes.TileRows > 4 ? GramProduct.TileRows : GramProduct.TileRows / 2;
    }

    /// <summary>sums[row, i] += w_row ∘ v_i, summed over the strips but not within one. Meanwhile memory from <paramref name="next"/> on, unless null, comes into the cache.</summary>
    public static void Dots(TEntry* w, int rows, in GramLayout layout, nint strips, T* v, T* sums, ref byte* next)
    {
        nint lane = TLanes.Count, chunk = ChunkBytes / (lane * Vectors * sizeof(T)), stride = layout.Row;
        for (nint from = 0; from < strips; from += chunk)
        {
            nint count = Math.Min(chunk, strips - from);
            TEntry* source = w + (from * layout.Strip);
            T* vectors = v + (from * lane * Vectors);
            for (int row = 0; row < rows; row += Tile, source += layout.Tile)
            {
                // A short tile takes its first row again; the surplus sums lie beyond the rows in use.
                nint Row(int i) => row + i < rows ? i * stride : 0;
                next = DotTile(source, layout.Strip, Row(1), Row(2), Row(3), Row(4), Row(5), vectors, count, sums + (row * lane * Vectors), next);
            }
        }
    }

    /// <summary>z_i += Σ_row products[row, i]·w_row. Meanwhile memory from <paramref name="next"/> on, unless null, comes into the cache.</summary>
    public static void Accumulate(TEntry* w, int rows, in GramLayout layout, nint strips, T* products, T* z, ref byte* next)
    {
        nint lane = TLanes.Count;
        for (nint strip = 0; strip < strips; strip += Tile)
            next = SumTile(w + (strip * layout.Strip), layout.Row, layout.Strip, layout.Tile, (int)Math.Min(Tile, strips - strip), rows, products, z + (strip * lane * Vectors), next);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static byte* DotTile(TEntry* w, nint strip, nint row1, nint row2, nint row3, nint row4, nint row5, T* v, nint steps, T* sums, byte* next)
    {
        nint lane = TLanes.Count, row = lane * Vectors;
        int bytes = (TLanes.TileRows > 4 ? 2 : 1) * TLanes.Count * sizeof(TEntry);
        TVector a0 = TLanes.Load(sums), a1 = TLanes.Load(sums + lane), a2 = TLanes.Load(sums + (2 * lane)), a3 = TLanes.Load(sums + (3 * lane));
        T* s = sums + row;
        TVector b0 = TLanes.Load(s), b1 = TLanes.Load(s + lane), b2 = TLanes.Load(s + (2 * lane)), b3 = TLanes.Load(s + (3 * lane));
        s += row;
        TVector c0 = TLanes.Load(s), c1 = TLanes.Load(s + lane), c2 = TLanes.Load(s + (2 * lane)), c3 = TLanes.Load(s + (3 * lane));
        TVector d0 = TLanes.Zero, d1 = d0, d2 = d0, d3 = d0, e0 = d0, e1 = d0, e2 = d0, e3 = d0, f0 = d0, f1 = d0, f2 = d0, f3 = d0;
        if (TLanes.TileRows > 4)
        {
            s += row;
            (d0, d1, d2, d3) = (TLanes.Load(s), TLanes.Load(s + lane), TLanes.Load(s + (2 * lane)), TLanes.Load(s + (3 * lane)));
            s += row;
            (e0, e1, e2, e3) = (TLanes.Load(s), TLanes.Load(s + lane), TLanes.Load(s + (2 * lane)), TLanes.Load(s + (3 * lane)));
            s += row;
            (f0, f1, f2, f3) = (TLanes.Load(s), TLanes.Load(s + lane), TLanes.Load(s + (2 * lane)), TLanes.Load(s + (3 * lane)));
        }

        for (; steps > 0; steps--)
        {
            if (next != null)
                next = Fetch(next, bytes);
            TVector x0 = TLanes.LoadAs(w), x1 = TLanes.LoadAs(w + row1), x2 = TLanes.LoadAs(w + row2), x3 = x0, x4 = x0, x5 = x0;
            if (TLanes.TileRows > 4)
                (x3, x4, x5) = (TLanes.LoadAs(w + row3), TLanes.LoadAs(w + row4), TLanes.LoadAs(w + row5));
            TVector y = TLanes.Load(v);
            a0 = TLanes.MultiplyAdd(x0, y, a0);
            b0 = TLanes.MultiplyAdd(x1, y, b0);
            c0 = TLanes.MultiplyAdd(x2, y, c0);
            if (TLanes.TileRows > 4)
            {
                d0 = TLanes.MultiplyAdd(x3, y, d0);
                e0 = TLanes.MultiplyAdd(x4, y, e0);
                f0 = TLanes.MultiplyAdd(x5, y, f0);
            }

            y = TLanes.Load(v + lane);
            a1 = TLanes.MultiplyAdd(x0, y, a1);
            b1 = TLanes.MultiplyAdd(x1, y, b1);
            c1 = TLanes.MultiplyAdd(x2, y, c1);
            if (TLanes.TileRows > 4)
            {
                d1 = TLanes.MultiplyAdd(x3, y, d1);
                e1 = TLanes.MultiplyAdd(x4, y, e1);
                f1 = TLanes.MultiplyAdd(x5, y, f1);
            }

            y = TLanes.Load(v + (2 * lane));
            a2 = TLanes.MultiplyAdd(x0, y, a2);
            b2 = TLanes.MultiplyAdd(x1, y, b2);
            c2 = TLanes.MultiplyAdd(x2, y, c2);
            if (TLanes.TileRows > 4)
            {
                d2 = TLanes.MultiplyAdd(x3, y, d2);
                e2 = TLanes.MultiplyAdd(x4, y, e2);
                f2 = TLanes.MultiplyAdd(x5, y, f2);
            }

            y = TLanes.Load(v + (3 * lane));
            a3 = TLanes.MultiplyAdd(x0, y, a3);
            b3 = TLanes.MultiplyAdd(x1, y, b3);
            c3 = TLanes.MultiplyAdd(x2, y, c3);
            if (TLanes.TileRows > 4)
            {
                d3 = TLanes.MultiplyAdd(x3, y, d3);
                e3 = TLanes.MultiplyAdd(x4, y, e3);
                f3 = TLanes.MultiplyAdd(x5, y, f3);
            }

            w += strip;
            v += row;
        }

        Store(sums, a0, a1, a2, a3);
        Store(sums + row, b0, b1, b2, b3);
        Store(sums + (2 * row), c0, c1, c2, c3);
        if (TLanes.TileRows > 4)
        {
            Store(sums + (3 * row), d0, d1, d2, d3);
            Store(sums + (4 * row), e0, e1, e2, e3);
            Store(sums + (5 * row), f0, f1, f2, f3);
        }

        return next;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static byte* SumTile(TEntry* w, nint stride, nint step, nint tile, int strips, int rows, T* products, T* z, byte* next)
    {
        TVector a0 = TLanes.Zero, a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0, c0 = a0, c1 = a0, c2 = a0, c3 = a0;
        TVector d0 = a0, d1 = a0, d2 = a0, d3 = a0, e0 = a0, e1 = a0, e2 = a0, e3 = a0, f0 = a0, f1 = a0, f2 = a0, f3 = a0;

        int bytes = (TLanes.TileRows > 4 ? 4 : 2) * TLanes.Count * sizeof(TEntry);

        // A short tile takes its first strip again; those sums go nowhere.
        nint lane = TLanes.Count, strip1 = strips > 1 ? step : 0, strip2 = strips > 2 ? 2 * step : 0, strip3 = strips > 3 ? 3 * step : 0, strip4 = strips > 4 ? 4 * step : 0, strip5 = strips > 5 ? 5 * step : 0;
        for (; rows > 0; rows -= Tile, w += tile)
        {
            TEntry* source = w;
            for (int row = Math.Min(rows, Tile); row > 0; row--)
            {
                if (next != null)
                    next = Fetch(next, bytes);
                TVector x0 = TLanes.LoadAs(source), x1 = TLanes.LoadAs(source + strip1), x2 = TLanes.LoadAs(source + strip2), x3 = x0, x4 = x0, x5 = x0;
                if (TLanes.TileRows > 4)
                    (x3, x4, x5) = (TLanes.LoadAs(source + strip3), TLanes.LoadAs(source + strip4), TLanes.LoadAs(source + strip5));
                TVector y = TLanes.Broadcast(products[0]);
                a0 = TLanes.MultiplyAdd(x0, y, a0);
                b0 = TLanes.MultiplyAdd(x1, y, b0);
                c0 = TLanes.MultiplyAdd(x2, y, c0);
                if (TLanes.TileRows > 4)
                {
                    d0 = TLanes.MultiplyAdd(x3, y, d0);
                    e0 = TLanes.MultiplyAdd(x4, y, e0);
                    f0 = TLanes.MultiplyAdd(x5, y, f0);
                }

                y = TLanes.Broadcast(products[1]);
                a1 = TLanes.MultiplyAdd(x0, y, a1);
                b1 = TLanes.MultiplyAdd(x1, y, b1);
                c1 = TLanes.MultiplyAdd(x2, y, c1);
                if (TLanes.TileRows > 4)
                {
                    d1 = TLanes.MultiplyAdd(x3, y, d1);
                    e1 = TLanes.MultiplyAdd(x4, y, e1);
                    f1 = TLanes.MultiplyAdd(x5, y, f1);
                }

                y = TLanes.Broadcast(products[2]);
                a2 = TLanes.MultiplyAdd(x0, y, a2);
                b2 = TLanes.MultiplyAdd(x1, y, b2);
                c2 = TLanes.MultiplyAdd(x2, y, c2);
                if (TLanes.TileRows > 4)
                {
                    d2 = TLanes.MultiplyAdd(x3, y, d2);
                    e2 = TLanes.MultiplyAdd(x4, y, e2);
                    f2 = TLanes.MultiplyAdd(x5, y, f2);
                }

                y = TLanes.Broadcast(products[3]);
                a3 = TLanes.MultiplyAdd(x0, y, a3);
                b3 = TLanes.MultiplyAdd(x1, y, b3);
                c3 = TLanes.MultiplyAdd(x2, y, c3);
                if (TLanes.TileRows > 4)
                {
                    d3 = TLanes.MultiplyAdd(x3, y, d3);
                    e3 = TLanes.MultiplyAdd(x4, y, e3);
                    f3 = TLanes.MultiplyAdd(x5, y, f3);
                }

                products += Vectors;
                source += stride;
            }
        }

        nint strip = lane * Vectors;
        Add(z, a0, a1, a2, a3);
        if (strips > 1)
            Add(z + strip, b0, b1, b2, b3);
        if (strips > 2)
            Add(z + (2 * strip), c0, c1, c2, c3);
        if (TLanes.TileRows > 4 && strips > 3)
            Add(z + (3 * strip), d0, d1, d2, d3);
        if (TLanes.TileRows > 4 && strips > 4)
            Add(z + (4 * strip), e0, e1, e2, e3);
        if (TLanes.TileRows > 4 && strips > 5)
            Add(z + (5 * strip), f0, f1, f2, f3);
        return next;
    }

    // Of what a step reads, the first half of the product fetches a third and the second half the rest.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Fetch(byte* next, int bytes)
    {
        if (!Sse.IsSupported)
            return null;
        Sse.Prefetch0(next);
        if (bytes > Line)
            Sse.Prefetch0(next + Line);
        if (bytes > 2 * Line)
            Sse.Prefetch0(next + (2 * Line));
        if (bytes > 3 * Line)
            Sse.Prefetch0(next + (3 * Line));
        return next + bytes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* target, TVector s0, TVector s1, TVector s2, TVector s3)
    {
        TLanes.Store(target, s0);
        TLanes.Store(target + TLanes.Count, s1);
        TLanes.Store(target + (2 * TLanes.Count), s2);
        TLanes.Store(target + (3 * TLanes.Count), s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(T* target, TVector s0, TVector s1, TVector s2, TVector s3) => Store(
        target,
        TLanes.Add(TLanes.Load(target), s0),
        TLanes.Add(TLanes.Load(target + TLanes.Count), s1),
        TLanes.Add(TLanes.Load(target + (2 * TLanes.Count)), s2),
        TLanes.Add(TLanes.Load(target + (3 * TLanes.Count)), s3));
}
