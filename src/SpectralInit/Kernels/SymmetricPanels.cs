using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SpectralInit.Kernels;

/// <summary>
/// The upper triangle of a symmetric matrix, laid out for products with eight vectors at a time: panels of eight rows, each read front to back
/// as one stream. Every stored entry serves twice, as a_ij and as a_ji, so a product moves half the matrix. Needs AVX-512.
/// </summary>
internal sealed unsafe class SymmetricPanels : IDisposable
{
    private const int Height = 8;

    /// <summary>Doubles between what is multiplied and what is fetched: the processor's own prefetching stops at every page of memory.</summary>
    private const int Ahead = 1024;

    private readonly int _n;
    private readonly int _panels;
    private readonly int[] _cuts;
    private readonly Scratch<double> _values;

    /// <summary>Copies 2⁻ᵉ·(A + Aᵀ)/2, finite.</summary>
    /// <param name="matrix">n×n, row-major.</param>
    /// <param name="n">n.</param>
    /// <param name="exponent">e, so that the entries neither overflow nor vanish when squared.</param>
    public SymmetricPanels(ReadOnlySpan<double> matrix, int n, int exponent)
    {
        _n = n;
        _panels = (n + Height - 1) / Height;
        _cuts = Cuts(_panels);
        _values = Scratch.Rent<double>(Start(_panels));
        double* values = _values.Pointer;
        (double first, double second) = PowerOfTwo.Factors<double>(-exponent);
        double[] worst = new double[_cuts.Length - 1];
        fixed (double* source = matrix)
        {
            double* a = source;
            Parallelism.Run(worst.Length, part =>
            {
                for (int panel = _cuts[part]; panel < _cuts[part + 1]; panel++)
                    worst[part] = Math.Max(worst[part], Pack(a, n, panel * Height, first, second, values + Start(panel)));
            });
        }

        Asymmetry = TensorPrimitives.Max<double>(worst);
    }

    /// <summary>Largest |a_ij − a_ji|, scaled like the copy.</summary>
    public double Asymmetry { get; }

    public static bool IsSupported => Avx512F.IsSupported;

    /// <summary>y(j, ·) = A·x(j, ·) for <paramref name="count"/> rows of n values.</summary>
    public void Multiply(int count, double* x, double* y)
    {
        int parts = _cuts.Length - 1;
        nint size = (nint)_panels * Height * Height;
        using Scratch<double> scratch = Scratch.Rent<double>((parts + 1) * (long)size);
        double* interleaved = scratch.Pointer, sums = interleaved + size;
        for (int j = 0; j < count; j += Height)
        {
            int rows = Math.Min(Height, count - j);
            double* yj = y + ((nint)j * _n);
            Interleave(rows, x + ((nint)j * _n), interleaved);
            Parallelism.Run(parts, part => MultiplyPart(part, interleaved, sums + (part * size)));

            // Parts add up in their order, whichever thread made them. A part contributes nothing above its own rows.
            int bands = Math.Min(parts, (_panels + 15) / 16);
            Parallelism.Run(bands, band => Gather(_panels * band / bands, _panels * (band + 1) / bands, rows, sums, size, yj));
        }
    }

    public void Dispose() => _values.Dispose();

    /// <summary>Panels of the parts: a number of parts fixed by the size, each with about the same area.</summary>
    private static int[] Cuts(int panels)
    {
        int parts = panels < 16 ? 1 : panels < 128 ? 4 : 8;
        int[] cuts = new int[parts + 1];
        for (int part = 1; part < parts; part++)
            cuts[part] = (int)(panels * (1 - Math.Sqrt(1 - ((double)part / parts))));
        cuts[parts] = panels;
        return cuts;
    }

    /// <summary>Elements before a panel: panel i has (panels − i) blocks of 8×8.</summary>
    private nint Start(int panel) => (((nint)panel * _panels) - ((nint)panel * (panel - 1) / 2)) * Height * Height;

    private static double Pack(double* a, nint n, nint row, double first, double second, double* target)
    {
        double worst = 0;
        nint rows = Math.Min(Height, n - row), whole = rows == Height ? (n - row) / Height * Height : 0;
        if (whole > 0)
        {
            Transposition.Strip(a + (row * n) + row, n, whole, target, Height);
            worst = Average(a + (row * n) + row, n, whole, first, second, target);
            target += whole * Height;
        }

        for (nint p = row + whole; p < (n + Height - 1) / Height * Height; p++, target += Height)
        {
            for (nint r = 0; r < Height; r++)
            {
                if (p >= n || r >= rows)
                {
                    target[r] = 0;
                    continue;
                }

                double upper = a[((row + r) * n) + p] * first * second, lower = a[(p * n) + row + r] * first * second;
                worst = Math.Max(worst, Math.Abs(upper - lower));
                target[r] = 0.5 * (upper + lower);
            }
        }

        return worst;
    }

    /// <summary>target(p, ·) ← the average of itself and row p of A, scaled; returns the largest difference.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Average(double* a, nint n, nint count, double first, double second, double* target)
    {
        Vector512<double> worst = Vector512<double>.Zero, one = Vector512.Create(first), two = Vector512.Create(second), half = Vector512.Create(0.5);
        for (; count > 0; count--)
        {
            Vector512<double> upper = Vector512.Load(target) * one * two, lower = Vector512.Load(a) * one * two;
            worst = Vector512.MaxNative(worst, Vector512.Abs(upper - lower));
            (half * (upper + lower)).Store(target);
            a += n;
            target += Height;
        }

        double largest = 0;
        for (int i = 0; i < Height; i++)
            largest = Math.Max(largest, worst.GetElement(i));
        return largest;
    }

    private void Interleave(int rows, double* x, double* target)
    {
        nint p = 0;
        if (rows == Height)
        {
            p = _n / Height * Height;
            Transposition.Strip(x, _n, p, target, Height);
        }

        for (; p < (nint)_panels * Height; p++)
        {
            for (nint q = 0; q < Height; q++)
                target[(p * Height) + q] = q < rows && p < _n ? x[(q * _n) + p] : 0;
        }
    }

    private void Gather(int from, int to, int rows, double* sums, nint size, double* y)
    {
        for (int panel = from; panel < to; panel++)
        {
            nint p = (nint)panel * Height;
            double* total = sums + (p * Height);
            for (int part = 1; part < _cuts.Length - 1 && _cuts[part] <= panel; part++)
            {
                for (nint i = p * Height; i < (p + Height) * Height; i += Height)
                    (Vector512.Load(sums + i) + Vector512.Load(sums + (part * size) + i)).Store(sums + i);
            }

            if (rows == Height && p + Height <= _n)
            {
                Transposition.Strip(total, Height, Height, y + p, _n);
                continue;
            }

            for (nint i = 0; i < Math.Min(Height, _n - p); i++)
            {
                for (nint q = 0; q < rows; q++)
                    y[(q * _n) + p + i] = total[(i * Height) + q];
            }
        }
    }

    private void MultiplyPart(int part, double* x, double* y)
    {
        nint start = (nint)_cuts[part] * Height * Height;
        new Span<double>(y + start, checked((int)(((nint)_panels * Height * Height) - start))).Clear();
        for (int panel = _cuts[part]; panel < _cuts[part + 1]; panel++)
        {
            nint row = (nint)panel * Height * Height;
            MultiplyPanel(_values.Pointer + Start(panel), (_n + Height - 1 - (panel * Height)) / Height * Height, x + row, y + row);
        }
    }

    /// <summary>
    /// One panel against eight vectors, a vector register holding entry p of all eight: y_r += a_pr·x_p and y_p += a_pr·x_r with r the eight rows of
    /// the panel, kept in registers, and p running along it. The diagonal block is stored in full and takes the first half only.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyPanel(double* a, nint length, double* x, double* y)
    {
        Vector512<double> x0 = Vector512.Load(x), x1 = Vector512.Load(x + 8), x2 = Vector512.Load(x + 16), x3 = Vector512.Load(x + 24);
        Vector512<double> x4 = Vector512.Load(x + 32), x5 = Vector512.Load(x + 40), x6 = Vector512.Load(x + 48), x7 = Vector512.Load(x + 56);
        Vector512<double> y0 = default, y1 = default, y2 = default, y3 = default, y4 = default, y5 = default, y6 = default, y7 = default;
        for (nint p = 0; p < Height; p++, a += Height)
        {
            Vector512<double> xp = Vector512.Load(x + (p * Height));
            y0 = Vector512.FusedMultiplyAdd(Vector512.Create(a[0]), xp, y0);
            y1 = Vector512.FusedMultiplyAdd(Vector512.Create(a[1]), xp, y1);
            y2 = Vector512.FusedMultiplyAdd(Vector512.Create(a[2]), xp, y2);
            y3 = Vector512.FusedMultiplyAdd(Vector512.Create(a[3]), xp, y3);
            y4 = Vector512.FusedMultiplyAdd(Vector512.Create(a[4]), xp, y4);
            y5 = Vector512.FusedMultiplyAdd(Vector512.Create(a[5]), xp, y5);
            y6 = Vector512.FusedMultiplyAdd(Vector512.Create(a[6]), xp, y6);
            y7 = Vector512.FusedMultiplyAdd(Vector512.Create(a[7]), xp, y7);
        }

        double* yp = y + (Height * Height);
        x += Height * Height;
        for (nint p = length - Height; p > 0; p--)
        {
            Sse.Prefetch0(a + Ahead);
            Vector512<double> xp = Vector512.Load(x), even = Vector512.Load(yp), odd;
            Vector512<double> entry = Vector512.Create(a[0]);
            y0 = Vector512.FusedMultiplyAdd(entry, xp, y0);
            even = Vector512.FusedMultiplyAdd(entry, x0, even);
            entry = Vector512.Create(a[1]);
            y1 = Vector512.FusedMultiplyAdd(entry, xp, y1);
            odd = entry * x1;
            entry = Vector512.Create(a[2]);
            y2 = Vector512.FusedMultiplyAdd(entry, xp, y2);
            even = Vector512.FusedMultiplyAdd(entry, x2, even);
            entry = Vector512.Create(a[3]);
            y3 = Vector512.FusedMultiplyAdd(entry, xp, y3);
            odd = Vector512.FusedMultiplyAdd(entry, x3, odd);
            entry = Vector512.Create(a[4]);
            y4 = Vector512.FusedMultiplyAdd(entry, xp, y4);
            even = Vector512.FusedMultiplyAdd(entry, x4, even);
            entry = Vector512.Create(a[5]);
            y5 = Vector512.FusedMultiplyAdd(entry, xp, y5);
            odd = Vector512.FusedMultiplyAdd(entry, x5, odd);
            entry = Vector512.Create(a[6]);
            y6 = Vector512.FusedMultiplyAdd(entry, xp, y6);
            even = Vector512.FusedMultiplyAdd(entry, x6, even);
            entry = Vector512.Create(a[7]);
            y7 = Vector512.FusedMultiplyAdd(entry, xp, y7);
            odd = Vector512.FusedMultiplyAdd(entry, x7, odd);
            (even + odd).Store(yp);
            a += Height;
            x += Height;
            yp += Height;
        }

        (Vector512.Load(y) + y0).Store(y);
        (Vector512.Load(y + 8) + y1).Store(y + 8);
        (Vector512.Load(y + 16) + y2).Store(y + 16);
        (Vector512.Load(y + 24) + y3).Store(y + 24);
        (Vector512.Load(y + 32) + y4).Store(y + 32);
        (Vector512.Load(y + 40) + y5).Store(y + 40);
        (Vector512.Load(y + 48) + y6).Store(y + 48);
        (Vector512.Load(y + 56) + y7).Store(y + 56);
    }
}
