using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace SpectralInit.Kernels;

/// <summary>The two halves of <see cref="GramProduct"/> on one block of rows; vectors lie in strips: SIMD width q of vector i at (8·q + i)·lanes.</summary>
internal static unsafe class GramKernel<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Strips of V that stay in the first cache while all rows of a block pass: 16 KB at 512 bits.
    private const int StripsPerChunk = 32;

    /// <summary>sums[row, i] += w_row ∘ v_i, summed over the strips but not within one. Meanwhile what lies <paramref name="ahead"/> strips further on comes into the cache.</summary>
    public static void Dots(T* w, int rows, nint stride, nint strips, T* v, T* sums, nint ahead)
    {
        nint lane = TLanes.Count;
        for (nint from = 0; from < strips; from += StripsPerChunk)
        {
            nint count = Math.Min(StripsPerChunk, strips - from), bytes = from + ahead < strips ? ahead * lane * sizeof(T) : 0;
            for (int row = 0; row < rows; row += DotTile<TLanes, TVector, T>.Rows)
            {
                // A short tile takes its first row again; the surplus sums lie beyond the rows in use.
                T* first = w + (row * stride) + (from * lane), second = row + 1 < rows ? first + stride : first, third = row + 2 < rows ? second + stride : first;
                for (int i = 0; i < GramProduct.Vectors; i += DotTile<TLanes, TVector, T>.Vectors)
                {
                    T* vectors = v + (((from * GramProduct.Vectors) + i) * lane), target = sums + (((row * GramProduct.Vectors) + i) * lane);
                    DotTile<TLanes, TVector, T>.Run(first, second, third, vectors, lane, GramProduct.Vectors * lane, count, target, GramProduct.Vectors, i == 0 ? bytes : 0);
                }
            }
        }
    }

    /// <summary>z_i += Σ_row products[row, i]·w_row. Meanwhile the first half of the rows at <paramref name="next"/> comes into the cache.</summary>
    public static void Accumulate(T* w, int rows, nint stride, nint strips, T* products, T* z, byte* next)
    {
        nint q = 0;
        for (; q + 3 <= strips; q += 3)
            Tiles<ThreeVectors>(w, q, rows, stride, products, z, next == null ? null : next + (q * TLanes.Count * sizeof(T) / 2));
        if (q + 2 == strips)
            Tiles<TwoVectors>(w, q, rows, stride, products, z, null);
        else if (q < strips)
            Tiles<OneVector>(w, q, rows, stride, products, z, null);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tiles<TWidth>(T* w, nint strip, int rows, nint stride, T* products, T* z, byte* next)
        where TWidth : struct, ITileWidth
    {
        nint lane = TLanes.Count;
        for (int i = 0; i < GramProduct.Vectors; i += TLanes.TileRows)
        {
            StripSink sink = new(z + (((strip * GramProduct.Vectors) + i) * lane), i == 0 ? next : null, stride * sizeof(T));
            ProductTile<TLanes, TVector, T>.Run<TWidth, StripSink>(rows, products + i, GramProduct.Vectors, w + (strip * lane), stride, sink);
        }
    }

    /// <summary>Adds a tile to strips. While it runs, lines of the next rows are fetched, one row per step.</summary>
    private readonly struct StripSink(T* z, byte* next, nint stride) : ITileSink<TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Put(int row, int column, TVector value)
        {
            T* target = z + (((column * GramProduct.Vectors) + row) * TLanes.Count);
            TLanes.Store(target, TLanes.Add(TLanes.Load(target), value));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Step(nint k)
        {
            if (next == null || !Sse.IsSupported)
                return;
            Sse.Prefetch1(next + ((k - 1) * stride));
            Sse.Prefetch1(next + ((k - 1) * stride) + 64);
        }
    }
}
