using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SpectralInit.Kernels;

/// <summary>
/// A 16-bit copy of a float matrix: W = diag(s)·Q + E with integers |q| ≤ 32767, s_i = max|w_i|/32767 for row i and |e_ij| ≤ s_i/2. Half the memory of W, so that
/// products that pass over it many times read from a cache what W would fetch from memory. Needs AVX-512.
/// </summary>
internal sealed unsafe class QuantizedRows : IDisposable
{
    private const int Largest16 = short.MaxValue, MagnitudeBits = int.MaxValue;

    // Rows below this are left to E as they are: what they are divided by might overflow.
    private const float Smallest = 1e-30f;

    private readonly nint _rows, _columns, _stride;
    private readonly Scratch<short> _values;
    private readonly Scratch<float> _scales;

    /// <summary>Copies W, and multiplies by the rounding errors while they are at hand: <paramref name="image"/> ← <paramref name="probe"/>·EᵀE.</summary>
    /// <param name="w">W, rows×columns.</param>
    /// <param name="rows">Rows, ≥ 1.</param>
    /// <param name="columns">Columns, ≥ 1.</param>
    /// <param name="probe">8×columns.</param>
    /// <param name="image">8×columns.</param>
    public QuantizedRows(float* w, nint rows, nint columns, double* probe, double* image)
    {
        int lane = Vector512<float>.Count;
        nint padded = (columns + lane - 1) / lane * lane;
        (_rows, _columns, _stride) = (rows, columns, (columns + QuantizedGram.RowUnit - 1) / QuantizedGram.RowUnit * QuantizedGram.RowUnit);
        _values = Scratch.Rent<short>((long)rows * _stride);
        _scales = Scratch.Rent<float>(rows);
        GramProduct.Multiply<ErrorRows, float, double, Vector512<float>, Lanes512<float>>(
            new ErrorRows(w, columns, padded, _values.Pointer, _stride, _scales.Pointer), rows, columns, probe, image, backward: false);
    }

    /// <summary>Whether this processor has what it takes.</summary>
    public static bool IsSupported => Vector512.IsHardwareAccelerated && Avx512F.IsSupported;

    /// <summary>The largest magnitude in W; infinite or NaN when an entry is.</summary>
    public float Largest()
    {
        float largest = 0;
        for (nint i = 0; i < _rows; i++)
            largest = Math.Max(largest, _scales.Pointer[i]);
        return largest * Largest16;
    }

    /// <summary>Z ← V·W'ᵀW' for W' = diag(s)·Q and four row vectors.</summary>
    public void Multiply(double* v, double* z, bool backward) => QuantizedGram.Multiply(_values.Pointer, _stride, _scales.Pointer, _rows, _columns, v, z, backward);

    public void Dispose()
    {
        _values.Dispose();
        _scales.Dispose();
    }

    /// <summary>E; whoever asks for a block of it has Q and s written as well.</summary>
    private readonly struct ErrorRows(float* w, nint columns, nint stride, short* values, nint valueStride, float* scales) : IGramRows<float>
    {
        public static bool AreMade => true;

        public nint Stride => stride;

        public float* Block(nint first, int count, float* room)
        {
            for (nint i = 0; i < count; i++)
            {
                float* row = w + ((first + i) * columns);
                float largest = Magnitude(row, columns), scale = largest <= Smallest ? 0 : largest / Largest16;
                scales[first + i] = scale;
                short* target = values + ((first + i) * valueStride);
                float* errors = room + (i * stride);
                Quantize(row, columns, scale, target, errors);
                new Span<short>(target + columns, (int)(valueStride - columns)).Clear();
                new Span<float>(errors + columns, (int)(stride - columns)).Clear();
            }

            return room;
        }

        // The bits of magnitudes are ordered like them, with infinity and then NaN on top.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static float Magnitude(float* row, nint count)
        {
            Vector512<int> a = Vector512<int>.Zero, b = a, mask = Vector512.Create(MagnitudeBits);
            nint j = 0;
            for (; j <= count - 32; j += 32)
            {
                a = Vector512.Max(a, Vector512.Load((int*)row + j) & mask);
                b = Vector512.Max(b, Vector512.Load((int*)row + j + 16) & mask);
            }

            a = Vector512.Max(a, b);
            int largest = 0;
            for (int i = 0; i < Vector512<int>.Count; i++)
                largest = Math.Max(largest, a[i]);
            for (; j < count; j++)
                largest = Math.Max(largest, ((int*)row)[j] & MagnitudeBits);
            return BitConverter.Int32BitsToSingle(largest);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Quantize(float* row, nint columns, float scale, short* values, float* errors)
        {
            float inverse = scale > 0 ? 1 / scale : 0;
            Vector512<float> factor = Vector512.Create(inverse), back = Vector512.Create(-scale);
            nint j = 0;
            for (; j <= columns - 16; j += 16)
            {
                Vector512<float> w = Vector512.Load(row + j);
                Vector512<int> rounded = Avx512F.ConvertToVector512Int32(w * factor);
                Avx512F.ConvertToVector256Int16WithSaturation(rounded).Store(values + j);
                Vector512.FusedMultiplyAdd(back, Vector512.ConvertToSingle(rounded), w).Store(errors + j);
            }

            for (; j < columns; j++)
            {
                values[j] = (short)Math.Clamp(MathF.Round(row[j] * inverse), -Largest16, Largest16);
                errors[j] = MathF.FusedMultiplyAdd(-scale, values[j], row[j]);
            }
        }
    }
}
