using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SpectralInit.Kernels;

/// <summary>
/// A 16-bit copy of a float matrix: W = diag(s)·Q + E with integers |q| ≤ 32767 and s_i = max|w_i|/32767 for row i. Products that pass over it many times read half as much. Needs AVX2 or AVX-512, which make the same copy.
/// </summary>
/// <remarks>
/// Rounded at random, up with the probability of what is cut off: the entries of E are independent, of mean zero and within an interval of length s_i. So E does far less to any
/// given vector than to the one that it stretches most (<see cref="Distance"/>). Eight random bits decide, so that means are off by up to s_i/512.
/// </remarks>
internal sealed unsafe class QuantizedRows : IDisposable
{
    private const int Largest16 = short.MaxValue, MagnitudeBits = int.MaxValue, RandomBits = 8, Fraction = 1 << RandomBits, RowsPerPart = 32;

    // Values that draw their bits from sixteen words: a byte of each for sixteen values.
    private const int Group = 64, Lane = 16;

    // Rows below this are left to E as they are: what they are divided by might overflow.
    private const float Smallest = 1e-30f;

    private readonly nint _rows, _columns;
    private readonly GramLayout _layout;
    private readonly Scratch<short> _values;
    private readonly Scratch<float> _scales;

    /// <summary>Copies W.</summary>
    /// <param name="w">W, rows×columns.</param>
    /// <param name="rows">Rows, ≥ 1.</param>
    /// <param name="columns">Columns, ≥ 1.</param>
    /// <param name="seed">Of the random bits.</param>
    public QuantizedRows(float* w, nint rows, nint columns, ulong seed)
    {
        (_rows, _columns, _layout) = (rows, columns, GramProduct.TiledLayout(columns));
        _values = Scratch.Rent<short>((rows + TileRows - 1) / TileRows * _layout.Tile);
        _scales = Scratch.Rent<float>(rows);
        int words = (int)((columns + (4 * Philox.SingleTile) - 1) / (4 * Philox.SingleTile));
        nint wordsPerRow = (nint)words * Philox.SingleTile;
        Parallelism.Run((int)((rows + RowsPerPart - 1) / RowsPerPart), part =>
        {
            using Scratch<uint> bits = Scratch.Rent<uint>(2 * (long)wordsPerRow);
            float* factors = stackalloc float[2];

            // Two rows at a time: with AVX-512 their strips share a cache line, and one without a fellow goes twice.
            for (nint row = (nint)part * RowsPerPart; row < Math.Min(((nint)part + 1) * RowsPerPart, rows); row += 2)
            {
                int height = (int)Math.Min(2, rows - row), second = height - 1;
                float* source = w + (row * columns);
                for (int i = 0; i < height; i++)
                {
                    float largest = Magnitude(source + (i * columns), columns);
                    bool kept = !(largest <= Smallest);
                    _scales.Pointer[row + i] = kept ? largest / Largest16 : 0;
                    factors[i] = kept ? Largest16 * Fraction / largest : 0;
                    Philox.Words(RandomPaths.Best, bits.Pointer + (i * wordsPerRow), seed, 0, (ulong)(row + i) * (ulong)words, words);
                }

                uint* random = bits.Pointer, others = random + (second * wordsPerRow);
                if (Vector512.IsHardwareAccelerated)
                {
                    Quantize(source, source + (second * columns), factors[0], factors[second], random, others, At(row, 0));
                    continue;
                }

                Quantize(source, factors[0], random, At(row, 0));
                if (height > 1)
                    Quantize(source + columns, factors[1], others, At(row + 1, 0));
            }

            // Other threads read what was stored past the caches.
            Sse.StoreFence();
        });
    }

    /// <summary>Whether this processor has what it takes.</summary>
    public static bool IsSupported => Vector512.IsHardwareAccelerated || (Avx2.IsSupported && Fma.IsSupported);

    /// <summary>An entry of W'.</summary>
    public double this[nint row, nint column] => (double)_scales.Pointer[row] * *At(row, column);

    /// <summary>The largest magnitude in W; infinite or NaN when an entry is.</summary>
    public float Largest()
    {
        float largest = 0;
        for (nint i = 0; i < _rows; i++)
            largest = Math.Max(largest, _scales.Pointer[i]);
        return largest * Largest16;
    }

    /// <summary>What ‖E·x‖₂ is at most for all unit vectors x of a subspace that does not depend on the random bits; wrong with a given probability.</summary>
    /// <remarks>
    /// For one x the rows of E·x are independent and sub-Gaussian with parameter s_i/2 (Hoeffding's lemma), so ‖E·x‖² exceeds Σs²/4 + 2√(t·Σs⁴/16) + 2t·max s²/4 with probability
    /// e⁻ᵗ at most (Hsu, Kakade and Zhang, Electron. Commun. Probab. 17, 2012, Theorem 1). An ε-net of (1 + 2/ε)^m vectors and the factor 1/(1 − ε) make that hold for all
    /// of m dimensions.
    /// </remarks>
    /// <param name="dimension">m.</param>
    /// <param name="failure">The probability.</param>
    public double Distance(int dimension, double failure)
    {
        const double Epsilon = 1.0 / 64;
        double squares = 0, fourths = 0, largest = 0;
        for (nint i = 0; i < _rows; i++)
        {
            double square = (double)_scales.Pointer[i] * _scales.Pointer[i];
            squares += square;
            fourths += square * square;
            largest = Math.Max(largest, square);
        }

        double t = (dimension * Math.Log(1 + (2 / Epsilon))) - Math.Log(failure), bias = Math.Sqrt(_columns * squares) / (2 * Fraction);
        return (Math.Sqrt((squares / 4) + (Math.Sqrt(t * fourths) / 2) + (t * largest / 2)) / (1 - Epsilon)) + bias;
    }

    /// <summary>Z ← V·W'ᵀW' for W' = diag(s)·Q and four row vectors.</summary>
    public void Multiply(double* v, double* z, bool backward) => GramProduct.Multiply(_values.Pointer, _scales.Pointer, _rows, _columns, v, z, backward);

    public void Dispose()
    {
        _values.Dispose();
        _scales.Dispose();
    }

    // The stored row of a tile is as long as a strip is wide.
    private nint TileRows => _layout.Strip / _layout.Row;

    private short* At(nint row, nint column) => _values.Pointer + (row / TileRows * _layout.Tile) + (column / _layout.Row * _layout.Strip) + (row % TileRows * _layout.Row) + (column % _layout.Row);

    // The bits of magnitudes are ordered like them, with infinity and then NaN on top.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Magnitude(float* row, nint count)
    {
        const int Half = Lane / 2;
        Vector256<int> a = Vector256<int>.Zero, b = a, c = a, d = a, mask = Vector256.Create(MagnitudeBits);
        nint j = 0;
        for (; j <= count - (4 * Half); j += 4 * Half)
        {
            a = Vector256.Max(a, Vector256.Load((int*)row + j) & mask);
            b = Vector256.Max(b, Vector256.Load((int*)row + j + Half) & mask);
            c = Vector256.Max(c, Vector256.Load((int*)row + j + (2 * Half)) & mask);
            d = Vector256.Max(d, Vector256.Load((int*)row + j + (3 * Half)) & mask);
        }

        a = Vector256.Max(Vector256.Max(a, b), Vector256.Max(c, d));
        int largest = 0;
        for (int i = 0; i < Half; i++)
            largest = Math.Max(largest, a[i]);
        for (; j < count; j++)
            largest = Math.Max(largest, ((int*)row)[j] & MagnitudeBits);
        return BitConverter.Int32BitsToSingle(largest);
    }

    // ⌊w·factor + u⌋ with u = 0, 1/256, …, 255/256 for two rows side by side. Stored past the caches: what follows would drive it out of them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Quantize(float* first, float* second, float factor1, float factor2, uint* bits1, uint* bits2, short* values)
    {
        Vector512<float> factors1 = Vector512.Create(factor1), factors2 = Vector512.Create(factor2);
        nint strip = _layout.Strip, j = 0;
        for (; j <= _columns - Group; j += Group, values += 4 * strip)
        {
            Vector512<uint> words1 = Vector512.Load(bits1 + (j / sizeof(uint))), words2 = Vector512.Load(bits2 + (j / sizeof(uint)));
            Pair(first + j, second + j, factors1, factors2, words1, words2).StoreAlignedNonTemporal(values);
            Pair(first + j + Lane, second + j + Lane, factors1, factors2, words1 >> RandomBits, words2 >> RandomBits).StoreAlignedNonTemporal(values + strip);
            Pair(first + j + (2 * Lane), second + j + (2 * Lane), factors1, factors2, words1 >> (2 * RandomBits), words2 >> (2 * RandomBits)).StoreAlignedNonTemporal(values + (2 * strip));
            Pair(first + j + (3 * Lane), second + j + (3 * Lane), factors1, factors2, words1 >> (3 * RandomBits), words2 >> (3 * RandomBits)).StoreAlignedNonTemporal(values + (3 * strip));
        }

        for (; j <= _columns - Lane; j += Lane, values += strip)
            Pair(first + j, second + j, factors1, factors2, Vector512.Load(bits1 + WordOf(j)) >> ShiftOf(j), Vector512.Load(bits2 + WordOf(j)) >> ShiftOf(j)).StoreAlignedNonTemporal(values);
        for (; j < _layout.Width; j++, values++)
        {
            values[0] = j < _columns ? Round(first[j] * factor1, bits1[WordOf(j)] >> ShiftOf(j)) : (short)0;
            values[Lane] = j < _columns ? Round(second[j] * factor2, bits2[WordOf(j)] >> ShiftOf(j)) : (short)0;
        }
    }

    // One row, eight values at a time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Quantize(float* row, float factor, uint* bits, short* values)
    {
        Vector256<float> factors = Vector256.Create(factor);
        Vector256<uint> mask = Vector256.Create(Fraction - 1u);
        nint j = 0;
        for (; j <= _columns - Vector256<float>.Count; j += Vector256<float>.Count, values += _layout.Strip)
        {
            Vector256<int> exact = Avx.ConvertToVector256Int32(Vector256.Load(row + j) * factors), random = ((Vector256.Load(bits + WordOf(j)) >> ShiftOf(j)) & mask).AsInt32();
            Vector256<int> rounded = (exact + random) >> RandomBits;
            Sse2.PackSignedSaturate(rounded.GetLower(), rounded.GetUpper()).Store(values);
        }

        for (; j < _layout.Width; j++, values++)
            values[0] = j < _columns ? Round(row[j] * factor, bits[WordOf(j)] >> ShiftOf(j)) : (short)0;
    }

    private static nint WordOf(nint column) => (column / Group * Lane) + (column % Lane);

    private static int ShiftOf(nint column) => (int)(column / Lane % (Group / Lane)) * RandomBits;

    private static short Round(float exact, uint bits) => (short)(((int)MathF.Round(exact) + (int)(bits % Fraction)) >> RandomBits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Pair(float* w1, float* w2, Vector512<float> factors1, Vector512<float> factors2, Vector512<uint> bits1, Vector512<uint> bits2) =>
        Vector512.Create(Rounded(w1, factors1, bits1), Rounded(w2, factors2, bits2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Rounded(float* w, Vector512<float> factors, Vector512<uint> bits)
    {
        Vector512<int> exact = Avx512F.ConvertToVector512Int32(Vector512.Load(w) * factors);
        return Avx512F.ConvertToVector256Int16WithSaturation((exact + (bits & Vector512.Create(Fraction - 1u)).AsInt32()) >> RandomBits);
    }
}
