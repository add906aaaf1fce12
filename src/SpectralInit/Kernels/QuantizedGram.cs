using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SpectralInit.Kernels;

/// <summary>
/// Z ← V·WᵀW for four row vectors and the 16-bit rows of <see cref="QuantizedRows"/>, in one pass: <see cref="GramProduct"/> with tiles of six rows (or six SIMD widths) by
/// four vectors, integers turned to float in registers. Four vectors rather than eight: the same certainty takes fewer products, and the cache keeps up. Needs AVX-512.
/// </summary>
internal static unsafe class QuantizedGram
{
    /// <summary>Vectors in a block.</summary>
    public const int Vectors = 4;

    /// <summary>Rows have a multiple of this many values, zeros at the end.</summary>
    public const int RowUnit = TileStrips * Lane;

    private const int Lane = 16, TileRows = 6, TileStrips = 6, Slabs = 8, BlockEntries = 100 << 10, Line = 64;

    // Strips of V that stay in the first cache while all rows of a block pass: 11 KB.
    private const int StripsPerChunk = 43;

    /// <summary>Z ← V·WᵀW with W = diag(<paramref name="scales"/>)·<paramref name="q"/>.</summary>
    /// <param name="q">rows×stride integers.</param>
    /// <param name="stride">A multiple of <see cref="RowUnit"/>.</param>
    /// <param name="scales">One per row.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns of V and Z, at most <paramref name="stride"/>.</param>
    /// <param name="v">V, 4×columns.</param>
    /// <param name="z">Z, 4×columns, overwritten.</param>
    /// <param name="backward">Sweeps from the last row to the first.</param>
    public static void Multiply(short* q, nint stride, float* scales, nint rows, nint columns, double* v, double* z, bool backward)
    {
        nint perSlab = (rows + Slabs - 1) / Slabs, size = stride * Vectors;
        int slabs = (int)((rows + perSlab - 1) / perSlab);
        using Scratch<float> strips = Scratch.Rent<float>((slabs + 1) * size);
        float* input = strips.Pointer, sums = input + size;
        GramStrips.Cut(v, columns, Vectors, stride / Lane, Lane, input);
        Parallelism.Run(slabs, part =>
        {
            nint slab = backward ? slabs - 1 - part : part, start = slab * perSlab;
            float* target = sums + (slab * size);
            new Span<float>(target, checked((int)size)).Clear();
            Slab(q + (start * stride), stride, scales + start, Math.Min(perSlab, rows - start), input, target, backward);
        });

        GramStrips.Join(sums, slabs, columns, Vectors, stride / Lane, Lane, z);
    }

    private static void Slab(short* q, nint stride, float* scales, nint rows, float* v, float* z, bool backward)
    {
        // Rows that share the second cache with V, Z and as many rows that come next, in whole tiles.
        int perBlock = (int)Math.Clamp(BlockEntries / stride / TileRows, 1, 16) * TileRows;
        nint strips = stride / Lane, blocks = (rows + perBlock - 1) / perBlock;
        using Scratch<float> work = Scratch.Rent<float>(perBlock * (Lane + 1) * Vectors);
        float* sums = work.Pointer, products = sums + (perBlock * Lane * Vectors);
        for (nint block = 0; block < blocks; block++)
        {
            nint first = (backward ? blocks - 1 - block : block) * perBlock;
            int height = (int)Math.Min(perBlock, rows - first);
            short* source = q + (first * stride);

            // The rows that follow are fetched meanwhile, steadily: a line for a strip of every tile of rows, and two for a row of every tile of strips, come to all of them.
            byte* next = block + 1 < blocks ? (byte*)(q + ((backward ? first - perBlock : first + perBlock) * stride)) : null;
            nint line = next == null ? 0 : Line;
            new Span<float>(sums, perBlock * Lane * Vectors).Clear();
            for (nint from = 0; from < strips; from += StripsPerChunk)
            {
                nint count = Math.Min(StripsPerChunk, strips - from);
                for (int row = 0; row < height; row += TileRows)
                {
                    // A short tile takes its first row again; the surplus sums are not used.
                    nint Row(int i) => row + i < height ? i * stride : 0;
                    Dots(source + (row * stride) + (from * Lane), Row(1), Row(2), Row(3), Row(4), Row(5), v + (from * Lane * Vectors), count, sums + (row * Vectors * Lane), next);
                    next += count * line;
                }
            }

            // Two rows at a time; an odd last one with whatever lies behind it.
            for (int row = 0; row < height; row += 2)
                Lanes512<float>.SumEach(sums + (row * Vectors * Lane), products + (row * Vectors));
            for (int row = 0; row < height; row++)
            {
                float scale = scales[first + row];
                (Vector128.Load(products + (row * Vectors)) * (scale * scale)).Store(products + (row * Vectors));
            }

            for (nint strip = 0; strip < strips; strip += TileStrips, next += 2 * height * line)
                Accumulate(source + (strip * Lane), stride, height, products, z + (strip * Lane * Vectors), next);
        }
    }

    /// <summary>sums[r, i] += w_r ∘ v_i for six rows and four vectors, summed over <paramref name="steps"/> strips but not within one. Meanwhile a line per strip from <paramref name="next"/> on comes into the cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dots(short* w, nint row1, nint row2, nint row3, nint row4, nint row5, float* v, nint steps, float* sums, byte* next)
    {
        Vector512<float> a0 = Vector512.Load(sums), a1 = Vector512.Load(sums + 16), a2 = Vector512.Load(sums + 32), a3 = Vector512.Load(sums + 48);
        Vector512<float> b0 = Vector512.Load(sums + 64), b1 = Vector512.Load(sums + 80), b2 = Vector512.Load(sums + 96), b3 = Vector512.Load(sums + 112);
        Vector512<float> c0 = Vector512.Load(sums + 128), c1 = Vector512.Load(sums + 144), c2 = Vector512.Load(sums + 160), c3 = Vector512.Load(sums + 176);
        Vector512<float> d0 = Vector512.Load(sums + 192), d1 = Vector512.Load(sums + 208), d2 = Vector512.Load(sums + 224), d3 = Vector512.Load(sums + 240);
        Vector512<float> e0 = Vector512.Load(sums + 256), e1 = Vector512.Load(sums + 272), e2 = Vector512.Load(sums + 288), e3 = Vector512.Load(sums + 304);
        Vector512<float> f0 = Vector512.Load(sums + 320), f1 = Vector512.Load(sums + 336), f2 = Vector512.Load(sums + 352), f3 = Vector512.Load(sums + 368);
        for (; steps > 0; steps--)
        {
            if (next != null)
            {
                Sse.Prefetch1(next);
                next += Line;
            }

            Vector512<float> v0 = Vector512.Load(v), v1 = Vector512.Load(v + 16), v2 = Vector512.Load(v + 32), v3 = Vector512.Load(v + 48), x = Widen(w);
            a0 = Vector512.FusedMultiplyAdd(x, v0, a0);
            a1 = Vector512.FusedMultiplyAdd(x, v1, a1);
            a2 = Vector512.FusedMultiplyAdd(x, v2, a2);
            a3 = Vector512.FusedMultiplyAdd(x, v3, a3);
            x = Widen(w + row1);
            b0 = Vector512.FusedMultiplyAdd(x, v0, b0);
            b1 = Vector512.FusedMultiplyAdd(x, v1, b1);
            b2 = Vector512.FusedMultiplyAdd(x, v2, b2);
            b3 = Vector512.FusedMultiplyAdd(x, v3, b3);
            x = Widen(w + row2);
            c0 = Vector512.FusedMultiplyAdd(x, v0, c0);
            c1 = Vector512.FusedMultiplyAdd(x, v1, c1);
            c2 = Vector512.FusedMultiplyAdd(x, v2, c2);
            c3 = Vector512.FusedMultiplyAdd(x, v3, c3);
            x = Widen(w + row3);
            d0 = Vector512.FusedMultiplyAdd(x, v0, d0);
            d1 = Vector512.FusedMultiplyAdd(x, v1, d1);
            d2 = Vector512.FusedMultiplyAdd(x, v2, d2);
            d3 = Vector512.FusedMultiplyAdd(x, v3, d3);
            x = Widen(w + row4);
            e0 = Vector512.FusedMultiplyAdd(x, v0, e0);
            e1 = Vector512.FusedMultiplyAdd(x, v1, e1);
            e2 = Vector512.FusedMultiplyAdd(x, v2, e2);
            e3 = Vector512.FusedMultiplyAdd(x, v3, e3);
            x = Widen(w + row5);
            f0 = Vector512.FusedMultiplyAdd(x, v0, f0);
            f1 = Vector512.FusedMultiplyAdd(x, v1, f1);
            f2 = Vector512.FusedMultiplyAdd(x, v2, f2);
            f3 = Vector512.FusedMultiplyAdd(x, v3, f3);
            w += Lane;
            v += Vectors * Lane;
        }

        Store(sums, a0, a1, a2, a3);
        Store(sums + 64, b0, b1, b2, b3);
        Store(sums + 128, c0, c1, c2, c3);
        Store(sums + 192, d0, d1, d2, d3);
        Store(sums + 256, e0, e1, e2, e3);
        Store(sums + 320, f0, f1, f2, f3);
    }

    /// <summary>z_i += Σ_row products[row, i]·w_row for six strips and four vectors. Meanwhile two lines per row from <paramref name="next"/> on come into the cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Accumulate(short* w, nint stride, int rows, float* products, float* z, byte* next)
    {
        Vector512<float> a0 = Vector512<float>.Zero, a1 = a0, a2 = a0, a3 = a0;
        Vector512<float> b0 = a0, b1 = a0, b2 = a0, b3 = a0;
        Vector512<float> c0 = a0, c1 = a0, c2 = a0, c3 = a0;
        Vector512<float> d0 = a0, d1 = a0, d2 = a0, d3 = a0;
        Vector512<float> e0 = a0, e1 = a0, e2 = a0, e3 = a0;
        Vector512<float> f0 = a0, f1 = a0, f2 = a0, f3 = a0;
        for (; rows > 0; rows--)
        {
            if (next != null)
            {
                Sse.Prefetch1(next);
                Sse.Prefetch1(next + Line);
                next += 2 * Line;
            }

            Vector512<float> p0 = Vector512.Create(products[0]), p1 = Vector512.Create(products[1]), p2 = Vector512.Create(products[2]), p3 = Vector512.Create(products[3]), x = Widen(w);
            a0 = Vector512.FusedMultiplyAdd(x, p0, a0);
            a1 = Vector512.FusedMultiplyAdd(x, p1, a1);
            a2 = Vector512.FusedMultiplyAdd(x, p2, a2);
            a3 = Vector512.FusedMultiplyAdd(x, p3, a3);
            x = Widen(w + Lane);
            b0 = Vector512.FusedMultiplyAdd(x, p0, b0);
            b1 = Vector512.FusedMultiplyAdd(x, p1, b1);
            b2 = Vector512.FusedMultiplyAdd(x, p2, b2);
            b3 = Vector512.FusedMultiplyAdd(x, p3, b3);
            x = Widen(w + (2 * Lane));
            c0 = Vector512.FusedMultiplyAdd(x, p0, c0);
            c1 = Vector512.FusedMultiplyAdd(x, p1, c1);
            c2 = Vector512.FusedMultiplyAdd(x, p2, c2);
            c3 = Vector512.FusedMultiplyAdd(x, p3, c3);
            x = Widen(w + (3 * Lane));
            d0 = Vector512.FusedMultiplyAdd(x, p0, d0);
            d1 = Vector512.FusedMultiplyAdd(x, p1, d1);
            d2 = Vector512.FusedMultiplyAdd(x, p2, d2);
            d3 = Vector512.FusedMultiplyAdd(x, p3, d3);
            x = Widen(w + (4 * Lane));
            e0 = Vector512.FusedMultiplyAdd(x, p0, e0);
            e1 = Vector512.FusedMultiplyAdd(x, p1, e1);
            e2 = Vector512.FusedMultiplyAdd(x, p2, e2);
            e3 = Vector512.FusedMultiplyAdd(x, p3, e3);
            x = Widen(w + (5 * Lane));
            f0 = Vector512.FusedMultiplyAdd(x, p0, f0);
            f1 = Vector512.FusedMultiplyAdd(x, p1, f1);
            f2 = Vector512.FusedMultiplyAdd(x, p2, f2);
            f3 = Vector512.FusedMultiplyAdd(x, p3, f3);
            w += stride;
            products += Vectors;
        }

        Add(z, a0, a1, a2, a3);
        Add(z + 64, b0, b1, b2, b3);
        Add(z + 128, c0, c1, c2, c3);
        Add(z + 192, d0, d1, d2, d3);
        Add(z + 256, e0, e1, e2, e3);
        Add(z + 320, f0, f1, f2, f3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Widen(short* source) => Vector512.ConvertToSingle(Vector512.WidenLower(Vector256.Load(source).ToVector512Unsafe()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* target, Vector512<float> s0, Vector512<float> s1, Vector512<float> s2, Vector512<float> s3)
    {
        s0.Store(target);
        s1.Store(target + Lane);
        s2.Store(target + (2 * Lane));
        s3.Store(target + (3 * Lane));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* target, Vector512<float> s0, Vector512<float> s1, Vector512<float> s2, Vector512<float> s3) => Store(
        target, s0 + Vector512.Load(target), s1 + Vector512.Load(target + Lane), s2 + Vector512.Load(target + (2 * Lane)), s3 + Vector512.Load(target + (3 * Lane)));
}
