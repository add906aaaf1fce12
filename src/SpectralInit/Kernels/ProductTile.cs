using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpectralInit.Kernels;

/// <summary>Where a finished tile goes. A struct, passed by value, so that its fields stay in registers.</summary>
internal interface ITileSink<TVector>
{
    /// <summary>Takes vector <paramref name="column"/> (0 … 2) of tile row <paramref name="row"/>.</summary>
    void Put(int row, int column, TVector value);

    /// <summary>Called once per step of k, counted down: a place to fetch memory that will be wanted soon.</summary>
    void Step(nint k);
}

/// <summary>How many vectors wide a tile is; a type, so that it is known when the kernel is compiled.</summary>
internal interface ITileWidth
{
    static abstract int Vectors { get; }
}

internal readonly struct OneVector : ITileWidth
{
    public static int Vectors => 1;
}

internal readonly struct TwoVectors : ITileWidth
{
    public static int Vectors => 2;
}

internal readonly struct ThreeVectors : ITileWidth
{
    public static int Vectors => 3;
}

/// <summary>The one inner loop of all matrix products: a tile of 8 (or 4) rows by 1 to 3 vectors, held in registers while k runs.</summary>
internal static unsafe class ProductTile<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// tile[r, v] = Σₚ a[p·aStep + r] · b[p·bStep + v], p = 0 … k−1 in this order. So <paramref name="a"/> may be a packed panel (aStep = rows)
    /// or the transposed matrix where it lies (aStep = its leading dimension); the same for <paramref name="b"/>.
    /// </summary>
    /// <remarks>Accumulators are named locals: in arrays or spans they would live in memory. Conditions are constants to the compiler.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TWidth, TSink>(nint k, T* a, nint aStep, T* b, nint bStep, TSink sink)
        where TWidth : struct, ITileWidth
        where TSink : struct, ITileSink<TVector>
    {
        TVector c00 = TLanes.Zero, c10 = TLanes.Zero, c20 = TLanes.Zero, c30 = TLanes.Zero, c40 = TLanes.Zero, c50 = TLanes.Zero, c60 = TLanes.Zero, c70 = TLanes.Zero;
        TVector c01 = TLanes.Zero, c11 = TLanes.Zero, c21 = TLanes.Zero, c31 = TLanes.Zero, c41 = TLanes.Zero, c51 = TLanes.Zero, c61 = TLanes.Zero, c71 = TLanes.Zero;
        TVector c02 = TLanes.Zero, c12 = TLanes.Zero, c22 = TLanes.Zero, c32 = TLanes.Zero, c42 = TLanes.Zero, c52 = TLanes.Zero, c62 = TLanes.Zero, c72 = TLanes.Zero;
        for (; k > 0; k--)
        {
            sink.Step(k);
            TVector b0 = TLanes.Load(b);
            TVector b1 = TWidth.Vectors > 1 ? TLanes.Load(b + TLanes.Count) : TLanes.Zero;
            TVector b2 = TWidth.Vectors > 2 ? TLanes.Load(b + (2 * TLanes.Count)) : TLanes.Zero;
            TVector ai = TLanes.Broadcast(a[0]);
            c00 = TLanes.MultiplyAdd(ai, b0, c00);
            if (TWidth.Vectors > 1)
                c01 = TLanes.MultiplyAdd(ai, b1, c01);
            if (TWidth.Vectors > 2)
                c02 = TLanes.MultiplyAdd(ai, b2, c02);
            ai = TLanes.Broadcast(a[1]);
            c10 = TLanes.MultiplyAdd(ai, b0, c10);
            if (TWidth.Vectors > 1)
                c11 = TLanes.MultiplyAdd(ai, b1, c11);
            if (TWidth.Vectors > 2)
                c12 = TLanes.MultiplyAdd(ai, b2, c12);
            ai = TLanes.Broadcast(a[2]);
            c20 = TLanes.MultiplyAdd(ai, b0, c20);
            if (TWidth.Vectors > 1)
                c21 = TLanes.MultiplyAdd(ai, b1, c21);
            if (TWidth.Vectors > 2)
                c22 = TLanes.MultiplyAdd(ai, b2, c22);
            ai = TLanes.Broadcast(a[3]);
            c30 = TLanes.MultiplyAdd(ai, b0, c30);
            if (TWidth.Vectors > 1)
                c31 = TLanes.MultiplyAdd(ai, b1, c31);
            if (TWidth.Vectors > 2)
                c32 = TLanes.MultiplyAdd(ai, b2, c32);
            if (TLanes.TileRows > 4)
            {
                ai = TLanes.Broadcast(a[4]);
                c40 = TLanes.MultiplyAdd(ai, b0, c40);
                if (TWidth.Vectors > 1)
                    c41 = TLanes.MultiplyAdd(ai, b1, c41);
                if (TWidth.Vectors > 2)
                    c42 = TLanes.MultiplyAdd(ai, b2, c42);
                ai = TLanes.Broadcast(a[5]);
                c50 = TLanes.MultiplyAdd(ai, b0, c50);
                if (TWidth.Vectors > 1)
                    c51 = TLanes.MultiplyAdd(ai, b1, c51);
                if (TWidth.Vectors > 2)
                    c52 = TLanes.MultiplyAdd(ai, b2, c52);
                ai = TLanes.Broadcast(a[6]);
                c60 = TLanes.MultiplyAdd(ai, b0, c60);
                if (TWidth.Vectors > 1)
                    c61 = TLanes.MultiplyAdd(ai, b1, c61);
                if (TWidth.Vectors > 2)
                    c62 = TLanes.MultiplyAdd(ai, b2, c62);
                ai = TLanes.Broadcast(a[7]);
                c70 = TLanes.MultiplyAdd(ai, b0, c70);
                if (TWidth.Vectors > 1)
                    c71 = TLanes.MultiplyAdd(ai, b1, c71);
                if (TWidth.Vectors > 2)
                    c72 = TLanes.MultiplyAdd(ai, b2, c72);
            }

            a += aStep;
            b += bStep;
        }

        Put<TWidth, TSink>(sink, 0, c00, c01, c02);
        Put<TWidth, TSink>(sink, 1, c10, c11, c12);
        Put<TWidth, TSink>(sink, 2, c20, c21, c22);
        Put<TWidth, TSink>(sink, 3, c30, c31, c32);
        if (TLanes.TileRows > 4)
        {
            Put<TWidth, TSink>(sink, 4, c40, c41, c42);
            Put<TWidth, TSink>(sink, 5, c50, c51, c52);
            Put<TWidth, TSink>(sink, 6, c60, c61, c62);
            Put<TWidth, TSink>(sink, 7, c70, c71, c72);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TWidth, TSink>(TSink sink, int row, TVector v0, TVector v1, TVector v2)
        where TWidth : struct, ITileWidth
        where TSink : struct, ITileSink<TVector>
    {
        sink.Put(row, 0, v0);
        if (TWidth.Vectors > 1)
            sink.Put(row, 1, v1);
        if (TWidth.Vectors > 2)
            sink.Put(row, 2, v2);
    }
}
