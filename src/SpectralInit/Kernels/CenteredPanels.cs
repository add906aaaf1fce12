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

    /// <summary>Rows between which sums and extremes stay in registers.</summary>
    private const int SummaryRows = 8;

    private const long NearBytes = 512 << 10;

    public static PackOutcome Center(T* x, int rows, int d, T* panels, double* shift, double* residual)
    {
        int padded = ScatterProduct.Padded<T>(d), rest = d % TLanes.Count, full = d - rest, edge = rest > 0 ? TLanes.Count : 0;
        using Scratch<T> work = Scratch.RentCleared<T>((4L * padded) + ((long)rows * edge));
        T* sum = work.Pointer, low = sum + padded, high = low + padded, center = high + padded, last = center + padded;

        // The columns short of a SIMD width, padded with zeros.
        for (nint row = 0; rest > 0 && row < rows; row++)
            new ReadOnlySpan<T>(x + (row * d) + full, rest).CopyTo(new Span<T>(last + (row * edge), rest));
        Summarize(x, rows, d, full, sum, low, high);
        Summarize(last, rows, edge, edge, sum + full, low + full, high + full);
        PackOutcome outcome = ChooseShift(rows, d, sum, low, high, center, shift);
        if (outcome == PackOutcome.Centered)
        {
            new Span<double>(residual, padded).Clear();
            Subtract(x, rows, d, 0, full, center, panels, residual);
            Subtract(last, rows, edge, full, edge, center, panels, residual);
            Clear(rows, full + edge, padded, panels);
        }

        GC.KeepAlive(work);
        return outcome;
    }

    // sum ← Σ x/512, which cannot overflow; low and high ← the extremes. A few rows at a time, so that memory is read front to back.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Summarize(T* x, nint rows, nint stride, nint columns, T* sum, T* low, T* high)
    {
        TVector factor = TLanes.Broadcast(T.CreateTruncating(0.5 / ScatterProduct.ChunkRows));
        new ReadOnlySpan<T>(x, (int)columns).CopyTo(new Span<T>(low, (int)columns));
        new ReadOnlySpan<T>(x, (int)columns).CopyTo(new Span<T>(high, (int)columns));
        for (; rows > 0; rows -= SummaryRows, x += SummaryRows * stride)
        {
            nint height = Math.Min(SummaryRows, rows);
            for (nint j = 0; j < columns; j += TLanes.Count)
            {
                TVector s = TLanes.Load(sum + j), l = TLanes.Load(low + j), h = TLanes.Load(high + j);
                T* y = x + j;
                for (nint row = height; row > 0; row--, y += stride)
                {
                    TVector value = TLanes.Load(y);
                    s = TLanes.MultiplyAdd(value, factor, s);
                    l = TLanes.Min(value, l);
                    h = TLanes.Max(value, h);
                }

                TLanes.Store(sum + j, s);
                TLanes.Store(low + j, l);
                TLanes.Store(high + j, h);
            }
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

    /// <summary>Whole vectors of columns, from column <paramref name="first"/> of the panels on.</summary>
    private static void Subtract(T* x, int rows, int stride, int first, int columns, T* center, T* panels, double* residual)
    {
        int width = ScatterProduct.PanelWidth<T>(), tile = 3 * TLanes.Count, end = first + columns;

        // Rows that do not stay in the second cache are read front to back a few at a time, not column by column.
        int height = (long)rows * stride * sizeof(T) <= NearBytes ? rows : SumRows;
        for (nint row = 0; row < rows; row += height)
        {
            nint here = Math.Min(height, rows - row);
            T* source = x + (row * stride) - first;
            for (int j = first; j < end; j += tile)
            {
                T* panel = panels + ((nint)(j / width) * width * rows) + (j % width) + (row * width);
                switch ((Math.Min(end, j + tile) - j) / TLanes.Count)
                {
                    case 3: Subtract<ThreeVectors>(source + j, here, stride, center + j, panel, width, residual + j); break;
                    case 2: Subtract<TwoVectors>(source + j, here, stride, center + j, panel, width, residual + j); break;
                    default: Subtract<OneVector>(source + j, here, stride, center + j, panel, width, residual + j); break;
                }
            }
        }
    }

    /// <summary>Zeros in the columns beyond the data.</summary>
    private static void Clear(int rows, int from, int padded, T* panels)
    {
        int width = ScatterProduct.PanelWidth<T>();
        for (int j = from; j < padded; j++)
        {
            T* panel = panels + ((nint)(j / width) * width * rows) + (j % width);
            for (nint row = 0; row < rows; row++, panel += width)
                *panel = T.Zero;
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
