using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpectralInit.Kernels;

/// <summary>
/// Centers a chunk of rows into panels for <see cref="ScatterProduct"/>. The shift is the mean of each column, for float coarsened to a grid of
/// at most 1/16 of the column's range: subtracting it then rarely rounds, and on bytes or small integers not even the products of a chunk do.
/// What the shift leaves of the mean is returned as a residual, exact enough to correct for in double.
/// </summary>
internal static unsafe class CenteredPanels<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Centered magnitudes whose float products, summed over a chunk, neither overflow nor lose digits to underflow.</summary>
    private const double LargestSingle = 1L << 58, SmallestSingle = 1.0 / (1L << 40);

    /// <summary>Rows whose residuals are added up in T before they go to double.</summary>
    private const int SumRows = 16;

    private const long NearBytes = 512 << 10;

    public static PackOutcome Center(T* x, int rows, int d, T* panels, double* shift, double* residual)
    {
        int padded = ScatterProduct.Padded<T>(d);
        using Scratch<T> statistics = Scratch.Rent<T>(4L * padded);
        T* sum = statistics.Pointer, low = sum + padded, high = low + padded, center = high + padded;
        Summarize(x, rows, d, sum, low, high);
        PackOutcome outcome = ChooseShift(rows, d, sum, low, high, center, shift);
        if (outcome == PackOutcome.Centered)
            Subtract(x, rows, d, padded, center, panels, residual);
        GC.KeepAlive(statistics);
        return outcome;
    }

    // sum ← Σ x/512, which cannot overflow; low and high ← the extremes. Two rows at a time, so that memory is read front to back.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Summarize(T* x, int rows, int d, T* sum, T* low, T* high)
    {
        T scale = T.CreateTruncating(0.5 / ScatterProduct.ChunkRows);
        TVector factor = TLanes.Broadcast(scale);
        for (nint j = 0; j < d; j++)
        {
            sum[j] = T.Zero;
            low[j] = high[j] = x[j];
        }

        nint vectors = d - (d % TLanes.Count), pairs = rows & -2;
        for (nint row = 0; row < rows; row += 2)
        {
            T* y = row < pairs ? x + d : x;
            T weight = row < pairs ? scale : T.Zero;
            TVector second = TLanes.Broadcast(weight);
            nint j = 0;
            for (; j < vectors; j += TLanes.Count)
            {
                TVector a = TLanes.Load(x + j), b = TLanes.Load(y + j);
                TLanes.Store(sum + j, TLanes.MultiplyAdd(b, second, TLanes.MultiplyAdd(a, factor, TLanes.Load(sum + j))));
                TLanes.Store(low + j, TLanes.Min(TLanes.Min(a, b), TLanes.Load(low + j)));
                TLanes.Store(high + j, TLanes.Max(TLanes.Max(a, b), TLanes.Load(high + j)));
            }

            for (; j < d; j++)
            {
                T a = x[j], b = y[j];
                sum[j] += (a * scale) + (b * weight);
                low[j] = T.Min(low[j], T.Min(a, b));
                high[j] = T.Max(high[j], T.Max(a, b));
            }

            x += 2 * d;
        }
    }

    private static PackOutcome ChooseShift(int rows, int d, T* sum, T* low, T* high, T* center, double* shift)
    {
        double scale = 2.0 * ScatterProduct.ChunkRows / rows;
        for (int j = 0; j < d; j++)
        {
            if (!T.IsFinite(sum[j]))
                return PackOutcome.NotFinite;
            double mean = double.CreateTruncating(sum[j]) * scale, least = double.CreateTruncating(low[j]), most = double.CreateTruncating(high[j]);
            mean = Math.Clamp(mean, least, most);
            if (typeof(T) == typeof(float) && least < most)
            {
                double grid = Math.ScaleB(1, Math.ILogB(most - least) - 4);
                mean = (float)(Math.Round(mean / grid) * grid);
                double size = Math.Max(most - mean, mean - least);
                if (size > LargestSingle || size < SmallestSingle)
                    return PackOutcome.NeedsDouble;
            }

            shift[j] = mean;
            center[j] = T.CreateTruncating(mean);
        }

        return PackOutcome.Centered;
    }

    private static void Subtract(T* x, int rows, int d, int padded, T* center, T* panels, double* residual)
    {
        new Span<double>(residual, padded).Clear();
        int width = ScatterProduct.PanelWidth<T>(), tile = 3 * TLanes.Count, full = d - (d % TLanes.Count);

        // Rows that do not stay in the second cache are read front to back a few at a time, not column by column.
        int height = (long)rows * d * sizeof(T) <= NearBytes ? rows : SumRows;
        for (nint row = 0; row < rows; row += height)
        {
            nint here = Math.Min(height, rows - row);
            T* source = x + (row * d);
            for (int j = 0; j < full; j += tile)
            {
                T* panel = panels + ((nint)(j / width) * width * rows) + (j % width) + (row * width);
                switch ((Math.Min(full, j + tile) - j) / TLanes.Count)
                {
                    case 3: Subtract<ThreeVectors>(source + j, here, d, center + j, panel, width, residual + j); break;
                    case 2: Subtract<TwoVectors>(source + j, here, d, center + j, panel, width, residual + j); break;
                    default: Subtract<OneVector>(source + j, here, d, center + j, panel, width, residual + j); break;
                }
            }
        }

        for (int j = full; j < padded; j++)
        {
            T* panel = panels + ((nint)(j / width) * width * rows) + (j % width);
            double rest = 0;
            for (nint row = 0; row < rows; row++, panel += width)
            {
                *panel = j < d ? x[(row * d) + j] - center[j] : T.Zero;
                rest += double.CreateTruncating(*panel);
            }

            residual[j] = rest;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Subtract<TWidth>(T* x, nint rows, nint stride, T* center, T* panel, nint width, double* residual)
        where TWidth : struct, ITileWidth
    {
        TVector c0 = TLanes.Load(center), c1 = c0, c2 = c0;
        if (TWidth.Vectors > 1)
            c1 = TLanes.Load(center + TLanes.Count);
        if (TWidth.Vectors > 2)
            c2 = TLanes.Load(center + (2 * TLanes.Count));
        while (rows > 0)
        {
            TVector s0 = TLanes.Zero, s1 = TLanes.Zero, s2 = TLanes.Zero;
            for (nint row = Math.Min(rows, SumRows); row > 0; row--, rows--)
            {
                TVector v0 = TLanes.Subtract(TLanes.Load(x), c0);
                TLanes.Store(panel, v0);
                s0 = TLanes.Add(s0, v0);
                if (TWidth.Vectors > 1)
                {
                    TVector v1 = TLanes.Subtract(TLanes.Load(x + TLanes.Count), c1);
                    TLanes.Store(panel + TLanes.Count, v1);
                    s1 = TLanes.Add(s1, v1);
                }

                if (TWidth.Vectors > 2)
                {
                    TVector v2 = TLanes.Subtract(TLanes.Load(x + (2 * TLanes.Count)), c2);
                    TLanes.Store(panel + (2 * TLanes.Count), v2);
                    s2 = TLanes.Add(s2, v2);
                }

                x += stride;
                panel += width;
            }

            TLanes.AddTo(residual, s0);
            if (TWidth.Vectors > 1)
                TLanes.AddTo(residual + TLanes.Count, s1);
            if (TWidth.Vectors > 2)
                TLanes.AddTo(residual + (2 * TLanes.Count), s2);
        }
    }
}
