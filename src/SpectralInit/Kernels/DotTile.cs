using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace SpectralInit.Kernels;

/// <summary>The inner loop of products with rows that lie along the sum: three rows against 8 (or 4) vectors, held in registers while the sum runs.</summary>
internal static unsafe class DotTile<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows of a tile.</summary>
    public const int Rows = 3;

    /// <summary>Vectors of a tile: 8, or 4 where there are half as many registers.</summary>
    public static int Vectors => TLanes.TileRows;

    /// <summary>sums[(r·stride + i)·lanes …] += row_r ∘ x_i, summed over <paramref name="steps"/> SIMD widths but not within one.</summary>
    /// <param name="row0">The first row.</param>
    /// <param name="row1">The second; it may be the first again, its sums then are surplus.</param>
    /// <param name="row2">The third, likewise.</param>
    /// <param name="x">The first vector.</param>
    /// <param name="xStep">Elements from one vector to the next.</param>
    /// <param name="xAdvance">Elements from one SIMD width of a vector to the next.</param>
    /// <param name="steps">SIMD widths.</param>
    /// <param name="sums">Running sums.</param>
    /// <param name="stride">Vectors in all, of which the tile takes the first.</param>
    /// <param name="ahead">Bytes from a piece of a row to one that is fetched into the cache meanwhile; 0 for none.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(T* row0, T* row1, T* row2, T* x, nint xStep, nint xAdvance, nint steps, T* sums, nint stride, nint ahead)
    {
        nint lane = TLanes.Count;
        T* sums1 = sums + (stride * lane), sums2 = sums1 + (stride * lane);
        TVector a0 = TLanes.Load(sums), a1 = TLanes.Load(sums + lane), a2 = TLanes.Load(sums + (2 * lane)), a3 = TLanes.Load(sums + (3 * lane));
        TVector b0 = TLanes.Load(sums1), b1 = TLanes.Load(sums1 + lane), b2 = TLanes.Load(sums1 + (2 * lane)), b3 = TLanes.Load(sums1 + (3 * lane));
        TVector c0 = TLanes.Load(sums2), c1 = TLanes.Load(sums2 + lane), c2 = TLanes.Load(sums2 + (2 * lane)), c3 = TLanes.Load(sums2 + (3 * lane));
        TVector a4 = TLanes.Zero, a5 = a4, a6 = a4, a7 = a4, b4 = a4, b5 = a4, b6 = a4, b7 = a4, c4 = a4, c5 = a4, c6 = a4, c7 = a4;
        if (TLanes.TileRows > 4)
        {
            (a4, a5, a6, a7) = (TLanes.Load(sums + (4 * lane)), TLanes.Load(sums + (5 * lane)), TLanes.Load(sums + (6 * lane)), TLanes.Load(sums + (7 * lane)));
            (b4, b5, b6, b7) = (TLanes.Load(sums1 + (4 * lane)), TLanes.Load(sums1 + (5 * lane)), TLanes.Load(sums1 + (6 * lane)), TLanes.Load(sums1 + (7 * lane)));
            (c4, c5, c6, c7) = (TLanes.Load(sums2 + (4 * lane)), TLanes.Load(sums2 + (5 * lane)), TLanes.Load(sums2 + (6 * lane)), TLanes.Load(sums2 + (7 * lane)));
        }

        T* x3 = x + (3 * xStep), x6 = x3 + (3 * xStep);
        for (; steps > 0; steps--)
        {
            if (ahead != 0 && Sse.IsSupported)
            {
                Sse.Prefetch1((byte*)row0 + ahead);
                Sse.Prefetch1((byte*)row1 + ahead);
                Sse.Prefetch1((byte*)row2 + ahead);
            }

            TVector w0 = TLanes.Load(row0), w1 = TLanes.Load(row1), w2 = TLanes.Load(row2), v = TLanes.Load(x);
            a0 = TLanes.MultiplyAdd(w0, v, a0);
            b0 = TLanes.MultiplyAdd(w1, v, b0);
            c0 = TLanes.MultiplyAdd(w2, v, c0);
            v = TLanes.Load(x + xStep);
            a1 = TLanes.MultiplyAdd(w0, v, a1);
            b1 = TLanes.MultiplyAdd(w1, v, b1);
            c1 = TLanes.MultiplyAdd(w2, v, c1);
            v = TLanes.Load(x + (2 * xStep));
            a2 = TLanes.MultiplyAdd(w0, v, a2);
            b2 = TLanes.MultiplyAdd(w1, v, b2);
            c2 = TLanes.MultiplyAdd(w2, v, c2);
            v = TLanes.Load(x3);
            a3 = TLanes.MultiplyAdd(w0, v, a3);
            b3 = TLanes.MultiplyAdd(w1, v, b3);
            c3 = TLanes.MultiplyAdd(w2, v, c3);
            if (TLanes.TileRows > 4)
            {
                v = TLanes.Load(x3 + xStep);
                a4 = TLanes.MultiplyAdd(w0, v, a4);
                b4 = TLanes.MultiplyAdd(w1, v, b4);
                c4 = TLanes.MultiplyAdd(w2, v, c4);
                v = TLanes.Load(x3 + (2 * xStep));
                a5 = TLanes.MultiplyAdd(w0, v, a5);
                b5 = TLanes.MultiplyAdd(w1, v, b5);
                c5 = TLanes.MultiplyAdd(w2, v, c5);
                v = TLanes.Load(x6);
                a6 = TLanes.MultiplyAdd(w0, v, a6);
                b6 = TLanes.MultiplyAdd(w1, v, b6);
                c6 = TLanes.MultiplyAdd(w2, v, c6);
                v = TLanes.Load(x6 + xStep);
                a7 = TLanes.MultiplyAdd(w0, v, a7);
                b7 = TLanes.MultiplyAdd(w1, v, b7);
                c7 = TLanes.MultiplyAdd(w2, v, c7);
                x6 += xAdvance;
            }

            x += xAdvance;
            x3 += xAdvance;
            row0 += lane;
            row1 += lane;
            row2 += lane;
        }

        Store(sums, a0, a1, a2, a3);
        Store(sums1, b0, b1, b2, b3);
        Store(sums2, c0, c1, c2, c3);
        if (TLanes.TileRows > 4)
        {
            Store(sums + (4 * lane), a4, a5, a6, a7);
            Store(sums1 + (4 * lane), b4, b5, b6, b7);
            Store(sums2 + (4 * lane), c4, c5, c6, c7);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* sums, TVector s0, TVector s1, TVector s2, TVector s3)
    {
        TLanes.Store(sums, s0);
        TLanes.Store(sums + TLanes.Count, s1);
        TLanes.Store(sums + (2 * TLanes.Count), s2);
        TLanes.Store(sums + (3 * TLanes.Count), s3);
    }
}
