using System.Runtime.CompilerServices;
using System.Numerics;
using System.Runtime.Intrinsics.X86;

namespace SpectralInit.Kernels;

internal readonly struct FourVectors : ITileWidth
{
    public static int Vectors => 4;
}

internal readonly struct SixVectors : ITileWidth
{
    public static int Vectors => 6;
}

internal readonly struct EightVectors : ITileWidth
{
    public static int Vectors => 8;
}

/// <summary>The inner loop of products of columns that lie along the sum: two against two, four, six or eight, held in registers while the sum runs.</summary>
internal static unsafe class ColumnTile<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>products[r·stride + c] ← Σ pair_r ∘ columns_c, r &lt; 2, and zero up to a multiple of four.</summary>
    /// <param name="pair">The first vector of two columns, one after the other.</param>
    /// <param name="pairStep">Elements to their next vector.</param>
    /// <param name="columns">The first vector of the columns of the tile, one after the other.</param>
    /// <param name="columnStep">Elements to their next vector.</param>
    /// <param name="steps">Vectors per column.</param>
    /// <param name="products">Products with the first of the pair.</param>
    /// <param name="stride">Elements from them to those with the second.</param>
    /// <param name="sums">The sums of the pair; or null.</param>
    /// <param name="ahead">Memory to fetch meanwhile.</param>
    /// <param name="fetch">Bytes of it per step.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run<TWidth>(T* pair, nint pairStep, T* columns, nint columnStep, nint steps, double* products, nint stride, double* sums, byte* ahead, nint fetch)
        where TWidth : struct, ITileWidth
    {
        TVector s = TLanes.Zero, t = TLanes.Zero;
        TVector a0 = TLanes.Zero, a1 = TLanes.Zero, a2 = TLanes.Zero, a3 = TLanes.Zero, a4 = TLanes.Zero, a5 = TLanes.Zero, a6 = TLanes.Zero, a7 = TLanes.Zero;
        TVector b0 = TLanes.Zero, b1 = TLanes.Zero, b2 = TLanes.Zero, b3 = TLanes.Zero, b4 = TLanes.Zero, b5 = TLanes.Zero, b6 = TLanes.Zero, b7 = TLanes.Zero;
        for (; steps > 0; steps--)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch1(ahead);
                Sse.Prefetch1(ahead + (fetch / 2));
                ahead += fetch;
            }

            TVector p = TLanes.Load(pair), q = TLanes.Load(pair + TLanes.Count), v = TLanes.Load(columns);
            s = TLanes.Add(s, p);
            t = TLanes.Add(t, q);
            a0 = TLanes.MultiplyAdd(p, v, a0);
            b0 = TLanes.MultiplyAdd(q, v, b0);
            v = TLanes.Load(columns + TLanes.Count);
            a1 = TLanes.MultiplyAdd(p, v, a1);
            b1 = TLanes.MultiplyAdd(q, v, b1);
            if (TWidth.Vectors > 2)
            {
                v = TLanes.Load(columns + (2 * TLanes.Count));
                a2 = TLanes.MultiplyAdd(p, v, a2);
                b2 = TLanes.MultiplyAdd(q, v, b2);
                v = TLanes.Load(columns + (3 * TLanes.Count));
                a3 = TLanes.MultiplyAdd(p, v, a3);
                b3 = TLanes.MultiplyAdd(q, v, b3);
            }

            if (TWidth.Vectors > 4)
            {
                v = TLanes.Load(columns + (4 * TLanes.Count));
                a4 = TLanes.MultiplyAdd(p, v, a4);
                b4 = TLanes.MultiplyAdd(q, v, b4);
                v = TLanes.Load(columns + (5 * TLanes.Count));
                a5 = TLanes.MultiplyAdd(p, v, a5);
                b5 = TLanes.MultiplyAdd(q, v, b5);
            }

            if (TWidth.Vectors > 6)
            {
                v = TLanes.Load(columns + (6 * TLanes.Count));
                a6 = TLanes.MultiplyAdd(p, v, a6);
                b6 = TLanes.MultiplyAdd(q, v, b6);
                v = TLanes.Load(columns + (7 * TLanes.Count));
                a7 = TLanes.MultiplyAdd(p, v, a7);
                b7 = TLanes.MultiplyAdd(q, v, b7);
            }

            pair += pairStep;
            columns += columnStep;
        }

        TLanes.SumFour(a0, a1, a2, a3, products);
        TLanes.SumFour(b0, b1, b2, b3, products + stride);
        if (TWidth.Vectors > 4)
        {
            TLanes.SumFour(a4, a5, a6, a7, products + 4);
            TLanes.SumFour(b4, b5, b6, b7, products + stride + 4);
        }

        if (sums != null)
        {
            sums[0] = double.CreateTruncating(TLanes.Sum(s));
            sums[1] = double.CreateTruncating(TLanes.Sum(t));
        }
    }
}
