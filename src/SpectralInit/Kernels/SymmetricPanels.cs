using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SpectralInit.Kernels;

/// <summary>
/// The upper triangle of a symmetric matrix, laid out for products with eight vectors at a time: panels of eight rows, each read front to back
/// as one stream. Every stored entry serves twice, as a_ij and as a_ji, so a product moves half the matrix.
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
    private static double Average(double* a, nint n, nint count, double first, double second, double* target) => Lane.Width switch
    {
        8 => Average<Lanes512<double>, Vector512<double>>(a, n, count, first, second, target),
        4 => Average<Lanes256<double>, Vector256<double>>(a, n, count, first, second, target),
        2 => Average<Lanes128<double>, Vector128<double>>(a, n, count, first, second, target),
        _ => Average<LanesScalar<double>, double>(a, n, count, first, second, target),
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Average<TLanes, TVector>(double* a, nint n, nint count, double first, double second, double* target)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        TVector worst = TLanes.Zero, one = TLanes.Broadcast(first), two = TLanes.Broadcast(second), half = TLanes.Broadcast(0.5);
        for (; count > 0; count--)
        {
            for (nint i = 0; i < Height; i += TLanes.Count)
            {
                TVector upper = TLanes.Multiply(TLanes.Multiply(TLanes.Load(target + i), one), two), lower = TLanes.Multiply(TLanes.Multiply(TLanes.Load(a + i), one), two);
                TVector difference = TLanes.Subtract(upper, lower);
                worst = TLanes.Max(worst, TLanes.Max(difference, TLanes.Subtract(TLanes.Zero, difference)));
                TLanes.Store(target + i, TLanes.Multiply(half, TLanes.Add(upper, lower)));
            }

            a += n;
            target += Height;
        }

        double* largest = stackalloc double[TLanes.Count];
        TLanes.Store(largest, worst);
        return TensorPrimitives.Max<double>(new ReadOnlySpan<double>(largest, TLanes.Count));
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
                Span<double> block = new(total, Height * Height);
                TensorPrimitives.Add(block, new ReadOnlySpan<double>(total + (part * size), Height * Height), block);
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
            double* a = _values.Pointer + Start(panel);
            nint row = (nint)panel * Height * Height, length = (_n + Height - 1 - (panel * Height)) / Height * Height;
            for (nint q = 0; q < Height; q += Lane.Width)
            {
                double* xq = x + row + q, yq = y + row + q;
                switch (Lane.Width)
                {
                    case 8: MultiplyPanel<Lanes512<double>, Vector512<double>>(a, length, xq, yq); break;
                    case 4: MultiplyPanel<Lanes256<double>, Vector256<double>>(a, length, xq, yq); break;
                    case 2: MultiplyPanel<Lanes128<double>, Vector128<double>>(a, length, xq, yq); break;
                    default: MultiplyPanel<LanesScalar<double>, double>(a, length, xq, yq); break;
                }
            }
        }
    }

    /// <summary>
    /// One panel against eight vectors or as many as a register has room for, a register holding entry p of them: y_r += a_pr·x_p and y_p += a_pr·x_r with r the
    /// eight rows of the panel, kept in registers, and p running along it. The diagonal block is stored in full and takes the first half only.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyPanel<TLanes, TVector>(double* a, nint length, double* x, double* y)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        // Where registers are few, x_r is read again each time.
        double* first = x;
        TVector x0 = TLanes.Load(x), x1 = TLanes.Load(x + 8), x2 = TLanes.Load(x + 16), x3 = TLanes.Load(x + 24), x4 = TLanes.Load(x + 32), x5 = TLanes.Load(x + 40), x6 = TLanes.Load(x + 48), x7 = TLanes.Load(x + 56);
        TVector y0 = TLanes.Zero, y1 = y0, y2 = y0, y3 = y0, y4 = y0, y5 = y0, y6 = y0, y7 = y0;
        for (nint p = 0; p < Height; p++, a += Height)
        {
            TVector xp = TLanes.Load(x + (p * Height));
            y0 = TLanes.MultiplyAdd(TLanes.Broadcast(a[0]), xp, y0);
            y1 = TLanes.MultiplyAdd(TLanes.Broadcast(a[1]), xp, y1);
            y2 = TLanes.MultiplyAdd(TLanes.Broadcast(a[2]), xp, y2);
            y3 = TLanes.MultiplyAdd(TLanes.Broadcast(a[3]), xp, y3);
            y4 = TLanes.MultiplyAdd(TLanes.Broadcast(a[4]), xp, y4);
            y5 = TLanes.MultiplyAdd(TLanes.Broadcast(a[5]), xp, y5);
            y6 = TLanes.MultiplyAdd(TLanes.Broadcast(a[6]), xp, y6);
            y7 = TLanes.MultiplyAdd(TLanes.Broadcast(a[7]), xp, y7);
        }

        double* yp = y + (Height * Height);
        x += Height * Height;
        for (nint p = length - Height; p > 0; p--)
        {
            if (Sse.IsSupported)
                Sse.Prefetch0(a + Ahead);
            TVector xp = TLanes.Load(x), even = TLanes.Load(yp), odd;
            TVector entry = TLanes.Broadcast(a[0]);
            y0 = TLanes.MultiplyAdd(entry, xp, y0);
            even = TLanes.MultiplyAdd(entry, TLanes.TileRows > 4 ? x0 : TLanes.Load(first), even);
            entry = TLanes.Broadcast(a[1]);
            y1 = TLanes.MultiplyAdd(entry, xp, y1);
            odd = TLanes.Multiply(entry, TLanes.TileRows > 4 ? x1 : TLanes.Load(first + 8));
            entry = TLanes.Broadcast(a[2]);
            y2 = TLanes.MultiplyAdd(entry, xp, y2);
            even = TLanes.MultiplyAdd(entry, TLanes.TileRows > 4 ? x2 : TLanes.Load(first + 16), even);
            entry = TLanes.Broadcast(a[3]);
            y3 = TLanes.MultiplyAdd(entry, xp, y3);
            odd = TLanes.MultiplyAdd(entry, TLanes.TileRows > 4 ? x3 : TLanes.Load(first + 24), odd);
            entry = TLanes.Broadcast(a[4]);
            y4 = TLanes.MultiplyAdd(entry, xp, y4);
            even = TLanes.MultiplyAdd(entry, TLanes.TileRows > 4 ? x4 : TLanes.Load(first + 32), even);
            entry = TLanes.Broadcast(a[5]);
            y5 = TLanes.MultiplyAdd(entry, xp, y5);
            odd = TLanes.MultiplyAdd(entry, TLanes.TileRows > 4 ? x5 : TLanes.Load(first + 40), odd);
            entry = TLanes.Broadcast(a[6]);
            y6 = TLanes.MultiplyAdd(entry, xp, y6);
            even = TLanes.MultiplyAdd(entry, TLanes.TileRows > 4 ? x6 : TLanes.Load(first + 48), even);
            entry = TLanes.Broadcast(a[7]);
            y7 = TLanes.MultiplyAdd(entry, xp, y7);
            odd = TLanes.MultiplyAdd(entry, TLanes.TileRows > 4 ? x7 : TLanes.Load(first + 56), odd);
            TLanes.Store(yp, TLanes.Add(even, odd));
            a += Height;
            x += Height;
            yp += Height;
        }

        Add<TLanes, TVector>(y, y0, y1, y2, y3);
        Add<TLanes, TVector>(y + (4 * Height), y4, y5, y6, y7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TLanes, TVector>(double* target, TVector v0, TVector v1, TVector v2, TVector v3)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        TLanes.Store(target, TLanes.Add(TLanes.Load(target), v0));
        TLanes.Store(target + Height, TLanes.Add(TLanes.Load(target + Height), v1));
        TLanes.Store(target + (2 * Height), TLanes.Add(TLanes.Load(target + (2 * Height)), v2));
        TLanes.Store(target + (3 * Height), TLanes.Add(TLanes.Load(target + (3 * Height)), v3));
    }
}
