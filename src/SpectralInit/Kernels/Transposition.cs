using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SpectralInit.Kernels;

/// <summary>Transposes matrices of doubles.</summary>
internal static unsafe class Transposition
{
    public const int Side = 8;

    /// <summary>The transpose of a rows×columns matrix, both row-major.</summary>
    public static double[] Of(double[] matrix, int rows, int columns)
    {
        double[] transposed = new double[matrix.Length];
        for (int strip = 0; strip < rows; strip += Side)
        {
            for (int column = 0; column < columns; column++)
            {
                for (int row = strip; row < Math.Min(strip + Side, rows); row++)
                    transposed[(column * rows) + row] = matrix[(row * columns) + column];
            }
        }

        return transposed;
    }

    /// <summary>Eight rows: target[c·targetStride + r] ← source[r·sourceStride + c] for r &lt; 8 and c &lt; <paramref name="columns"/>, a multiple of 8.</summary>
    public static void Strip(double* source, nint sourceStride, nint columns, double* target, nint targetStride)
    {
        if (Avx512F.IsSupported)
        {
            Strip512(source, sourceStride, columns, target, targetStride);
            return;
        }

        for (nint column = 0; column < columns; column += Side / 2)
        {
            for (nint row = 0; row < Side; row += Side / 2)
                Quarter(source + (row * sourceStride) + column, sourceStride, target + (column * targetStride) + row, targetStride);
        }
    }

    // Four by four.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarter(double* source, nint sourceStride, double* target, nint targetStride)
    {
        if (!Avx.IsSupported)
        {
            for (nint i = 0; i < Side / 2; i++)
            {
                for (nint j = 0; j < Side / 2; j++)
                    target[(j * targetStride) + i] = source[(i * sourceStride) + j];
            }

            return;
        }

        Vector256<double> r0 = Vector256.Load(source), r1 = Vector256.Load(source + sourceStride), r2 = Vector256.Load(source + (2 * sourceStride)), r3 = Vector256.Load(source + (3 * sourceStride));
        Vector256<double> a = Avx.UnpackLow(r0, r1), b = Avx.UnpackHigh(r0, r1), c = Avx.UnpackLow(r2, r3), d = Avx.UnpackHigh(r2, r3);
        Avx.Permute2x128(a, c, 0x20).Store(target);
        Avx.Permute2x128(b, d, 0x20).Store(target + targetStride);
        Avx.Permute2x128(a, c, 0x31).Store(target + (2 * targetStride));
        Avx.Permute2x128(b, d, 0x31).Store(target + (3 * targetStride));
    }

    // In registers, eight by eight.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Strip512(double* source, nint sourceStride, nint columns, double* target, nint targetStride)
    {
        double* s3 = source + (3 * sourceStride), s6 = s3 + (3 * sourceStride);
        double* t3 = target + (3 * targetStride), t6 = t3 + (3 * targetStride);
        for (; columns > 0; columns -= Side)
        {
            Vector512<double> r0 = Vector512.Load(source), r1 = Vector512.Load(source + sourceStride), r2 = Vector512.Load(source + (2 * sourceStride));
            Vector512<double> r3 = Vector512.Load(s3), r4 = Vector512.Load(s3 + sourceStride), r5 = Vector512.Load(s3 + (2 * sourceStride));
            Vector512<double> r6 = Vector512.Load(s6), r7 = Vector512.Load(s6 + sourceStride);

            // Pairs of rows, then 128-bit lanes: even ones and odd ones, twice.
            Vector512<double> a = Avx512F.UnpackLow(r0, r1), b = Avx512F.UnpackLow(r2, r3), c = Avx512F.UnpackLow(r4, r5), d = Avx512F.UnpackLow(r6, r7);
            Vector512<double> ab = Even(a, b), cd = Even(c, d), oddAb = Odd(a, b), oddCd = Odd(c, d);
            Even(ab, cd).Store(target);
            Even(oddAb, oddCd).Store(target + (2 * targetStride));
            Odd(ab, cd).Store(t3 + targetStride);
            Odd(oddAb, oddCd).Store(t6);
            a = Avx512F.UnpackHigh(r0, r1);
            b = Avx512F.UnpackHigh(r2, r3);
            c = Avx512F.UnpackHigh(r4, r5);
            d = Avx512F.UnpackHigh(r6, r7);
            ab = Even(a, b);
            cd = Even(c, d);
            oddAb = Odd(a, b);
            oddCd = Odd(c, d);
            Even(ab, cd).Store(target + targetStride);
            Even(oddAb, oddCd).Store(t3);
            Odd(ab, cd).Store(t3 + (2 * targetStride));
            Odd(oddAb, oddCd).Store(t6 + targetStride);
            source += Side;
            s3 += Side;
            s6 += Side;
            target += Side * targetStride;
            t3 += Side * targetStride;
            t6 += Side * targetStride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Even(Vector512<double> left, Vector512<double> right) => Avx512F.Shuffle4x128(left, right, 0b10_00_10_00);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Odd(Vector512<double> left, Vector512<double> right) => Avx512F.Shuffle4x128(left, right, 0b11_01_11_01);
}
