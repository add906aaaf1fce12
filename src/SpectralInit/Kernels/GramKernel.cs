using System.Numerics;
using System.Runtime.Intrinsics.X86;

namespace SpectralInit.Kernels;

/// <summary>The two halves of <see cref="GramProduct"/> on one block of rows; vectors lie in strips: strip q of vector i at (8·q + i)·lanes.</summary>
internal static unsafe class GramKernel
{
    // A chunk of V that stays in the first cache: 16 KB at 512 bits.
    private const int StripsPerChunk = 32;

    // Lines of the next rows that a call of each kernel fetches: together, at 512 bits, a little more than there are.
    private const int Line = 64, FetchedByDots = 16, FetchedByAccumulate = 18;

    /// <summary>lanes[row, i] += w_row ∘ v_i, summed over the strips but not within one.</summary>
    public static void Dots<T, TVector, TLanes>(T* w, int rows, nint stride, nint strips, T* v, T* lanes, ref FetchAhead ahead)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TVector, T>
    {
        nint lane = TLanes.Count;
        for (nint from = 0; from < strips; from += StripsPerChunk)
        {
            nint count = Math.Min(StripsPerChunk, strips - from);
            T* chunk = w + (from * lane);
            for (int row = 0; row < rows; row += 2)
            {
                // An odd last row is taken twice; the surplus lies beyond the rows in use.
                T* first = chunk + (row * stride);
                byte* next = ahead.Take(FetchedByDots * Line, (byte*)first);
                for (int line = 0; line < FetchedByDots && Sse.IsSupported; line++)
                    Sse.Prefetch1(next + (line * Line));
                DotPair<T, TVector, TLanes>(first, row + 1 < rows ? first + stride : first, v + (from * lane * GramProduct.Vectors), count, lanes + (row * lane * GramProduct.Vectors));
            }
        }
    }

    /// <summary>z_i += Σ_row products[row, i]·w_row.</summary>
    public static void Accumulate<T, TVector, TLanes>(T* w, int rows, nint stride, nint strips, T* products, T* z, ref FetchAhead ahead)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TVector, T>
    {
        nint lane = TLanes.Count, q = 0;
        for (; q + 2 <= strips; q += 2)
        {
            T* column = w + (q * lane);
            byte* next = ahead.Take(FetchedByAccumulate * Line, (byte*)column);
            for (int line = 0; line < FetchedByAccumulate && Sse.IsSupported; line++)
                Sse.Prefetch1(next + (line * Line));
            AccumulatePair<T, TVector, TLanes>(column, rows, stride, products, z + (q * lane * GramProduct.Vectors));
        }

        if (q < strips)
            AccumulateStrip<T, TVector, TLanes>(w + (q * lane), rows, stride, products, z + (q * lane * GramProduct.Vectors));
    }

    // Two rows against eight vectors.
    private static void DotPair<T, TVector, TLanes>(T* row0, T* row1, T* v, nint strips, T* lanes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TVector, T>
    {
        nint lane = TLanes.Count;
        T* lanes1 = lanes + (GramProduct.Vectors * lane);
        TVector a00 = TLanes.Load(lanes), a01 = TLanes.Load(lanes + lane), a02 = TLanes.Load(lanes + (2 * lane)), a03 = TLanes.Load(lanes + (3 * lane));
        TVector a04 = TLanes.Load(lanes + (4 * lane)), a05 = TLanes.Load(lanes + (5 * lane)), a06 = TLanes.Load(lanes + (6 * lane)), a07 = TLanes.Load(lanes + (7 * lane));
        TVector a10 = TLanes.Load(lanes1), a11 = TLanes.Load(lanes1 + lane), a12 = TLanes.Load(lanes1 + (2 * lane)), a13 = TLanes.Load(lanes1 + (3 * lane));
        TVector a14 = TLanes.Load(lanes1 + (4 * lane)), a15 = TLanes.Load(lanes1 + (5 * lane)), a16 = TLanes.Load(lanes1 + (6 * lane)), a17 = TLanes.Load(lanes1 + (7 * lane));
        for (nint q = 0; q < strips; q++, row0 += lane, row1 += lane, v += GramProduct.Vectors * lane)
        {
            TVector w0 = TLanes.Load(row0), w1 = TLanes.Load(row1);
            TVector x = TLanes.Load(v);
            a00 = TLanes.MultiplyAdd(w0, x, a00);
            a10 = TLanes.MultiplyAdd(w1, x, a10);
            x = TLanes.Load(v + lane);
            a01 = TLanes.MultiplyAdd(w0, x, a01);
            a11 = TLanes.MultiplyAdd(w1, x, a11);
            x = TLanes.Load(v + (2 * lane));
            a02 = TLanes.MultiplyAdd(w0, x, a02);
            a12 = TLanes.MultiplyAdd(w1, x, a12);
            x = TLanes.Load(v + (3 * lane));
            a03 = TLanes.MultiplyAdd(w0, x, a03);
            a13 = TLanes.MultiplyAdd(w1, x, a13);
            x = TLanes.Load(v + (4 * lane));
            a04 = TLanes.MultiplyAdd(w0, x, a04);
            a14 = TLanes.MultiplyAdd(w1, x, a14);
            x = TLanes.Load(v + (5 * lane));
            a05 = TLanes.MultiplyAdd(w0, x, a05);
            a15 = TLanes.MultiplyAdd(w1, x, a15);
            x = TLanes.Load(v + (6 * lane));
            a06 = TLanes.MultiplyAdd(w0, x, a06);
            a16 = TLanes.MultiplyAdd(w1, x, a16);
            x = TLanes.Load(v + (7 * lane));
            a07 = TLanes.MultiplyAdd(w0, x, a07);
            a17 = TLanes.MultiplyAdd(w1, x, a17);
        }

        TLanes.Store(lanes, a00);
        TLanes.Store(lanes + lane, a01);
        TLanes.Store(lanes + (2 * lane), a02);
        TLanes.Store(lanes + (3 * lane), a03);
        TLanes.Store(lanes + (4 * lane), a04);
        TLanes.Store(lanes + (5 * lane), a05);
        TLanes.Store(lanes + (6 * lane), a06);
        TLanes.Store(lanes + (7 * lane), a07);
        TLanes.Store(lanes1, a10);
        TLanes.Store(lanes1 + lane, a11);
        TLanes.Store(lanes1 + (2 * lane), a12);
        TLanes.Store(lanes1 + (3 * lane), a13);
        TLanes.Store(lanes1 + (4 * lane), a14);
        TLanes.Store(lanes1 + (5 * lane), a15);
        TLanes.Store(lanes1 + (6 * lane), a16);
        TLanes.Store(lanes1 + (7 * lane), a17);
    }

    // Eight vectors, two strips.
    private static void AccumulatePair<T, TVector, TLanes>(T* w, int rows, nint stride, T* products, T* z)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TVector, T>
    {
        nint lane = TLanes.Count;
        T* z1 = z + (GramProduct.Vectors * lane);
        TVector a00 = TLanes.Load(z), a01 = TLanes.Load(z + lane), a02 = TLanes.Load(z + (2 * lane)), a03 = TLanes.Load(z + (3 * lane));
        TVector a04 = TLanes.Load(z + (4 * lane)), a05 = TLanes.Load(z + (5 * lane)), a06 = TLanes.Load(z + (6 * lane)), a07 = TLanes.Load(z + (7 * lane));
        TVector a10 = TLanes.Load(z1), a11 = TLanes.Load(z1 + lane), a12 = TLanes.Load(z1 + (2 * lane)), a13 = TLanes.Load(z1 + (3 * lane));
        TVector a14 = TLanes.Load(z1 + (4 * lane)), a15 = TLanes.Load(z1 + (5 * lane)), a16 = TLanes.Load(z1 + (6 * lane)), a17 = TLanes.Load(z1 + (7 * lane));
        for (int row = 0; row < rows; row++, w += stride, products += GramProduct.Vectors)
        {
            TVector w0 = TLanes.Load(w), w1 = TLanes.Load(w + lane);
            TVector u = TLanes.Broadcast(products[0]);
            a00 = TLanes.MultiplyAdd(w0, u, a00);
            a10 = TLanes.MultiplyAdd(w1, u, a10);
            u = TLanes.Broadcast(products[1]);
            a01 = TLanes.MultiplyAdd(w0, u, a01);
            a11 = TLanes.MultiplyAdd(w1, u, a11);
            u = TLanes.Broadcast(products[2]);
            a02 = TLanes.MultiplyAdd(w0, u, a02);
            a12 = TLanes.MultiplyAdd(w1, u, a12);
            u = TLanes.Broadcast(products[3]);
            a03 = TLanes.MultiplyAdd(w0, u, a03);
            a13 = TLanes.MultiplyAdd(w1, u, a13);
            u = TLanes.Broadcast(products[4]);
            a04 = TLanes.MultiplyAdd(w0, u, a04);
            a14 = TLanes.MultiplyAdd(w1, u, a14);
            u = TLanes.Broadcast(products[5]);
            a05 = TLanes.MultiplyAdd(w0, u, a05);
            a15 = TLanes.MultiplyAdd(w1, u, a15);
            u = TLanes.Broadcast(products[6]);
            a06 = TLanes.MultiplyAdd(w0, u, a06);
            a16 = TLanes.MultiplyAdd(w1, u, a16);
            u = TLanes.Broadcast(products[7]);
            a07 = TLanes.MultiplyAdd(w0, u, a07);
            a17 = TLanes.MultiplyAdd(w1, u, a17);
        }

        TLanes.Store(z, a00);
        TLanes.Store(z + lane, a01);
        TLanes.Store(z + (2 * lane), a02);
        TLanes.Store(z + (3 * lane), a03);
        TLanes.Store(z + (4 * lane), a04);
        TLanes.Store(z + (5 * lane), a05);
        TLanes.Store(z + (6 * lane), a06);
        TLanes.Store(z + (7 * lane), a07);
        TLanes.Store(z1, a10);
        TLanes.Store(z1 + lane, a11);
        TLanes.Store(z1 + (2 * lane), a12);
        TLanes.Store(z1 + (3 * lane), a13);
        TLanes.Store(z1 + (4 * lane), a14);
        TLanes.Store(z1 + (5 * lane), a15);
        TLanes.Store(z1 + (6 * lane), a16);
        TLanes.Store(z1 + (7 * lane), a17);
    }

    private static void AccumulateStrip<T, TVector, TLanes>(T* w, int rows, nint stride, T* products, T* z)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TVector, T>
    {
        for (int i = 0; i < GramProduct.Vectors; i++)
        {
            TVector sum = TLanes.Load(z + (i * TLanes.Count));
            for (int row = 0; row < rows; row++)
                sum = TLanes.MultiplyAdd(TLanes.Load(w + (row * stride)), TLanes.Broadcast(products[(row * GramProduct.Vectors) + i]), sum);
            TLanes.Store(z + (i * TLanes.Count), sum);
        }
    }
}
