using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SpectralInit.Kernels;

/// <summary>
/// Turns rows into the columns of <see cref="ColumnPanels"/>, less a shift, in registers. The second and third quarter of the rows of a vector change
/// places, in all columns alike. Needs AVX-512.
/// </summary>
internal static unsafe class ColumnTurn
{
    private const byte Even = 0b10_00_10_00, Odd = 0b11_01_11_01;

    /// <summary>Columns from which products take so much longer than turning that memory is best fetched during them alone.</summary>
    public const int ManyColumns = 16;

    /// <summary>Floats between what is turned and what is fetched into the nearest cache.</summary>
    private const int Distance = 1024;

    /// <summary>Sixteen rows of floats at a time.</summary>
    /// <param name="x">The rows; 16 bytes are read at once, so up to 12 bytes beyond the last.</param>
    /// <param name="steps">Sixteens of rows.</param>
    /// <param name="d">Columns.</param>
    /// <param name="shift">What is subtracted from each column; whole blocks of 16 bytes are read.</param>
    /// <param name="panels">The first vector of the first panel.</param>
    /// <param name="panelSize">Elements from one panel to the next.</param>
    /// <param name="last">The first vector of the last panel, if it is narrower.</param>
    /// <param name="ahead">Memory to fetch meanwhile, half as much as is turned.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(float* x, nint steps, nint d, float* shift, float* panels, nint panelSize, float* last, byte* ahead)
    {
        nint whole = d & -8, rest = d - whole, advance = (rest + (rest & 1)) * 16;
        for (; steps > 0; steps--)
        {
            float* panel = panels;
            for (nint j = 0; j < whole; j += 8)
            {
                Fetch(ahead);
                Fetch(ahead + 128);
                ahead += 256;
                if (d >= ManyColumns)
                    Near(x + Distance + (16 * j));
                Eight(x + j, d, shift + j, panel);
                panel += panelSize;
            }

            if (rest > 0)
            {
                Fetch(ahead);
                ahead += 32 * rest;
                Four(x + whole, d, rest, shift + whole, last);
            }

            if (rest > 4)
                Four(x + whole + 4, d, rest - 4, shift + whole + 4, last + 64);
            x += 16 * d;
            panels += 128;
            last += advance;
        }
    }

    /// <summary>Eight rows of doubles at a time.</summary>
    /// <inheritdoc cref="Run(float*, nint, nint, float*, float*, nint, float*, byte*)"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(double* x, nint steps, nint d, double* shift, double* panels, nint panelSize, double* last, byte* ahead)
    {
        nint whole = d & -8, rest = d - whole, advance = (rest + (rest & 1)) * 8;
        for (; steps > 0; steps--)
        {
            double* panel = panels;
            for (nint j = 0; j < whole; j += 8)
            {
                Fetch(ahead);
                Fetch(ahead + 128);
                ahead += 256;
                if (d >= ManyColumns)
                    Near((float*)(x + (Distance / 2) + (8 * j)));
                Four(x + j, d, shift + j, panel);
                Four(x + j + 4, d, shift + j + 4, panel + 32);
                panel += panelSize;
            }

            nint k = 0;
            Fetch(ahead);
            ahead += 32 * rest;
            if (rest >= 4)
            {
                Four(x + whole, d, shift + whole, last);
                k = 4;
            }

            for (; k < rest; k += 2)
                Two(x + whole + k, d, rest - k, shift + whole + k, last + (8 * k));
            x += 8 * d;
            panels += 64;
            last += advance;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch(byte* line)
    {
        Sse.Prefetch1(line);
        Sse.Prefetch1(line + 64);
    }

    // The rows of a block are far apart: they come to the nearest cache in the order they lie in.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Near(float* lines)
    {
        Sse.Prefetch0(lines);
        Sse.Prefetch0(lines + 16);
        Sse.Prefetch0(lines + 32);
        Sse.Prefetch0(lines + 48);
        Sse.Prefetch0(lines + 64);
        Sse.Prefetch0(lines + 80);
        Sse.Prefetch0(lines + 96);
        Sse.Prefetch0(lines + 112);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eight(float* x, nint d, float* shift, float* panel)
    {
        Vector512<float> s = Join(Vector256.Load(shift), Vector256.Load(shift));
        float* x3 = x + (3 * d), x6 = x3 + (3 * d), y = x + (8 * d), y3 = y + (3 * d), y6 = y3 + (3 * d);
        Vector512<float> u0 = Join(Vector256.Load(x), Vector256.Load(y)) - s, u1 = Join(Vector256.Load(x + d), Vector256.Load(y + d)) - s;
        Vector512<float> u2 = Join(Vector256.Load(x + (2 * d)), Vector256.Load(y + (2 * d))) - s, u3 = Join(Vector256.Load(x3), Vector256.Load(y3)) - s;
        Vector512<float> u4 = Join(Vector256.Load(x3 + d), Vector256.Load(y3 + d)) - s, u5 = Join(Vector256.Load(x3 + (2 * d)), Vector256.Load(y3 + (2 * d))) - s;
        Vector512<float> u6 = Join(Vector256.Load(x6), Vector256.Load(y6)) - s, u7 = Join(Vector256.Load(x6 + d), Vector256.Load(y6 + d)) - s;

        // Four columns of four rows in each 128-bit lane; then lanes of the same column together.
        Vector512<double> a = Avx512F.UnpackLow(u0, u1).AsDouble(), b = Avx512F.UnpackLow(u2, u3).AsDouble(), c = Avx512F.UnpackLow(u4, u5).AsDouble(), e = Avx512F.UnpackLow(u6, u7).AsDouble();
        Split(Avx512F.UnpackLow(a, b), Avx512F.UnpackLow(c, e), (double*)panel);
        Split(Avx512F.UnpackHigh(a, b), Avx512F.UnpackHigh(c, e), (double*)(panel + 16));
        (a, b, c, e) = (Avx512F.UnpackHigh(u0, u1).AsDouble(), Avx512F.UnpackHigh(u2, u3).AsDouble(), Avx512F.UnpackHigh(u4, u5).AsDouble(), Avx512F.UnpackHigh(u6, u7).AsDouble());
        Split(Avx512F.UnpackLow(a, b), Avx512F.UnpackLow(c, e), (double*)(panel + 32));
        Split(Avx512F.UnpackHigh(a, b), Avx512F.UnpackHigh(c, e), (double*)(panel + 48));
    }

    // Column c of the even lanes, column c + 4 of the odd ones.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Split(Vector512<double> low, Vector512<double> high, double* panel)
    {
        Avx512F.Shuffle4x128(low, high, Even).Store(panel);
        Avx512F.Shuffle4x128(low, high, Odd).Store(panel + 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(float* x, nint d, nint columns, float* shift, float* panel)
    {
        Vector512<float> s = Avx512F.BroadcastVector128ToVector512(shift);
        float* x4 = x + (4 * d), x8 = x4 + (4 * d), x12 = x8 + (4 * d);
        nint d3 = 3 * d;
        Vector512<float> u0 = Join(x, x8, x4, x12) - s, u1 = Join(x + d, x8 + d, x4 + d, x12 + d) - s;
        Vector512<float> u2 = Join(x + (2 * d), x8 + (2 * d), x4 + (2 * d), x12 + (2 * d)) - s, u3 = Join(x + d3, x8 + d3, x4 + d3, x12 + d3) - s;
        Vector512<double> a = Avx512F.UnpackLow(u0, u1).AsDouble(), b = Avx512F.UnpackLow(u2, u3).AsDouble();
        Avx512F.UnpackLow(a, b).AsSingle().Store(panel);
        if (columns > 1)
            Avx512F.UnpackHigh(a, b).AsSingle().Store(panel + 16);
        if (columns > 2)
        {
            (a, b) = (Avx512F.UnpackHigh(u0, u1).AsDouble(), Avx512F.UnpackHigh(u2, u3).AsDouble());
            Avx512F.UnpackLow(a, b).AsSingle().Store(panel + 32);
            if (columns > 3)
                Avx512F.UnpackHigh(a, b).AsSingle().Store(panel + 48);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(double* x, nint d, double* shift, double* panel)
    {
        Vector512<double> s = Join(Vector256.Load(shift), Vector256.Load(shift));
        double* y = x + (4 * d);
        nint d3 = 3 * d;
        Vector512<double> u0 = Join(Vector256.Load(x), Vector256.Load(y)) - s, u1 = Join(Vector256.Load(x + d), Vector256.Load(y + d)) - s;
        Vector512<double> u2 = Join(Vector256.Load(x + (2 * d)), Vector256.Load(y + (2 * d))) - s, u3 = Join(Vector256.Load(x + d3), Vector256.Load(y + d3)) - s;
        Vector512<double> a = Avx512F.UnpackLow(u0, u1), b = Avx512F.UnpackLow(u2, u3);
        Avx512F.Shuffle4x128(a, b, Even).Store(panel);
        Avx512F.Shuffle4x128(a, b, Odd).Store(panel + 16);
        (a, b) = (Avx512F.UnpackHigh(u0, u1), Avx512F.UnpackHigh(u2, u3));
        Avx512F.Shuffle4x128(a, b, Even).Store(panel + 8);
        Avx512F.Shuffle4x128(a, b, Odd).Store(panel + 24);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Two(double* x, nint d, nint columns, double* shift, double* panel)
    {
        Vector256<double> half = Vector256.Create(Vector128.Load(shift), Vector128.Load(shift));
        Vector512<double> s = Join(half, half);
        double* x2 = x + (2 * d), x4 = x2 + (2 * d), x6 = x4 + (2 * d);
        Vector512<double> u0 = Join(x, x4, x2, x6) - s, u1 = Join(x + d, x4 + d, x2 + d, x6 + d) - s;
        Avx512F.UnpackLow(u0, u1).Store(panel);
        if (columns > 1)
            Avx512F.UnpackHigh(u0, u1).Store(panel + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Join<T>(Vector256<T> low, Vector256<T> high) => typeof(T) == typeof(float)
        ? Avx512DQ.InsertVector256(low.AsSingle().ToVector512Unsafe(), high.AsSingle(), 1).As<float, T>()
        : Avx512F.InsertVector256(low.AsDouble().ToVector512Unsafe(), high.AsDouble(), 1).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Join<T>(T* a, T* b, T* c, T* d)
        where T : unmanaged => Join(Vector256.Create(Vector128.Load(a), Vector128.Load(b)), Vector256.Create(Vector128.Load(c), Vector128.Load(d)));
}
