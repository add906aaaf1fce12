using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SpectralInit.Kernels;

/// <summary>
/// Centers a chunk of rows into panels for <see cref="ScatterProduct"/>, each column about its <see cref="ColumnShift"/>.
/// What the shift leaves of the mean is returned as a residual, exact enough to correct for in double. Rows are read once, a panel at a time: what is
/// copied to the panel is centered there, while it is in the cache.
/// </summary>
internal static unsafe class CenteredPanels<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows whose residuals are added up in T before they go to double.</summary>
    private const int SumRows = 16;

    /// <summary>How many rows ahead the rows are fetched.</summary>
    private const int RowsAhead = 16;

    public static PackOutcome Center(T* x, int rows, int d, int panel, int end, T* panels, double* shift, double* residual)
    {
        int width = ScatterProduct.PanelWidth<T>(), lead = ScatterProduct.Lead(d), padded = ScatterProduct.Padded(d);
        int from = Math.Max(0, (panel * width) - lead), to = Math.Min(padded, (end * width) - lead), full = Math.Min(to, d - (d % TLanes.Count)), rest = Math.Min(to, d) - full;
        if (from >= to)
            return PackOutcome.Centered;
        new Span<double>(residual + from, to - from).Clear();
        PackOutcome outcome = Center(x + from, rows, d, from, full - from, full - from, lead, panels, shift, residual);
        if (rest > 0 && outcome == PackOutcome.Centered)
        {
            // The columns short of a SIMD width, padded with zeros.
            using Scratch<T> last = Scratch.RentCleared<T>((long)rows * TLanes.Count);
            for (nint row = 0; row < rows; row++)
                new ReadOnlySpan<T>(x + (row * d) + full, rest).CopyTo(new Span<T>(last.Pointer + (row * TLanes.Count), rest));
            outcome = Center(last.Pointer, rows, TLanes.Count, full, TLanes.Count, rest, lead, panels, shift, residual);
            GC.KeepAlive(last);
        }

        Clear(rows, lead + full + (rest > 0 ? TLanes.Count : 0), lead + to, panels);
        return outcome;
    }

    /// <summary>Whole vectors of columns, of which <paramref name="used"/> have data, from column <paramref name="first"/> on.</summary>
    private static PackOutcome Center(T* x, int rows, int stride, int first, int columns, int used, int lead, T* panels, double* shift, double* residual)
    {
        // Room for shifts of eight columns at a time; zero where there is no column.
        int width = ScatterProduct.PanelWidth<T>(), tile = 3 * TLanes.Count, room = tile + Vector256<float>.Count;
        T* center = stackalloc T[room], sum = stackalloc T[room], low = stackalloc T[room], high = stackalloc T[room];
        double* chosen = stackalloc double[room];
        for (int j = 0, next; j < columns; j = next)
        {
            int to = first + j, place = lead + to;
            next = Math.Min(columns, j + tile - (place % tile));
            int vectors = (next - j) / TLanes.Count, count = Math.Min(next, used) - j;
            T* panel = panels + ((nint)(place / width) * width * rows) + (place % width);
            if (vectors == 3)
                Gather<ThreeVectors>(x + j, rows, stride, panel, width, sum, low, high);
            else if (vectors == 2)
                Gather<TwoVectors>(x + j, rows, stride, panel, width, sum, low, high);
            else
                Gather<OneVector>(x + j, rows, stride, panel, width, sum, low, high);
            PackOutcome outcome = ChooseShift(rows, count, sum, low, high, center, chosen);
            if (outcome != PackOutcome.Centered)
                return outcome;
            new ReadOnlySpan<double>(chosen, count).CopyTo(new Span<double>(shift + to, count));
            if (vectors == 3)
                Subtract<ThreeVectors>(panel, rows, width, center, residual + to);
            else if (vectors == 2)
                Subtract<TwoVectors>(panel, rows, width, center, residual + to);
            else
                Subtract<OneVector>(panel, rows, width, center, residual + to);
        }

        return PackOutcome.Centered;
    }

    // Copies columns to their panel. sum ← Σ x/512, which cannot overflow; low and high ← the extremes.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather<TWidth>(T* x, nint rows, nint stride, T* panel, nint width, T* sum, T* low, T* high)
        where TWidth : struct, ITileWidth
    {
        TVector factor = TLanes.Broadcast(T.CreateTruncating(0.5 / ScatterProduct.ChunkRows)), s0 = TLanes.Zero, s1 = s0, s2 = s0, l0 = TLanes.Load(x), l1 = l0, l2 = l0;
        if (TWidth.Vectors > 1)
            l1 = TLanes.Load(x + TLanes.Count);
        if (TWidth.Vectors > 2)
            l2 = TLanes.Load(x + (2 * TLanes.Count));
        TVector h0 = l0, h1 = l1, h2 = l2;
        for (nint row = rows; row > 0; row--)
        {
            if (Sse.IsSupported)
            {
                T* ahead = x + (RowsAhead * stride);
                Sse.Prefetch0(ahead);
                if (TWidth.Vectors > 1)
                    Sse.Prefetch0(ahead + TLanes.Count);
                if (TWidth.Vectors > 2)
                    Sse.Prefetch0(ahead + (2 * TLanes.Count));
            }

            TVector v0 = TLanes.Load(x);
            TLanes.Store(panel, v0);
            s0 = TLanes.MultiplyAdd(v0, factor, s0);
            l0 = TLanes.Min(v0, l0);
            h0 = TLanes.Max(v0, h0);
            if (TWidth.Vectors > 1)
            {
                TVector v1 = TLanes.Load(x + TLanes.Count);
                TLanes.Store(panel + TLanes.Count, v1);
                s1 = TLanes.MultiplyAdd(v1, factor, s1);
                l1 = TLanes.Min(v1, l1);
                h1 = TLanes.Max(v1, h1);
            }

            if (TWidth.Vectors > 2)
            {
                TVector v2 = TLanes.Load(x + (2 * TLanes.Count));
                TLanes.Store(panel + (2 * TLanes.Count), v2);
                s2 = TLanes.MultiplyAdd(v2, factor, s2);
                l2 = TLanes.Min(v2, l2);
                h2 = TLanes.Max(v2, h2);
            }

            x += stride;
            panel += width;
        }

        Put<TWidth>(sum, s0, s1, s2);
        Put<TWidth>(low, l0, l1, l2);
        Put<TWidth>(high, h0, h1, h2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TWidth>(T* to, TVector v0, TVector v1, TVector v2)
        where TWidth : struct, ITileWidth
    {
        TLanes.Store(to, v0);
        if (TWidth.Vectors > 1)
            TLanes.Store(to + TLanes.Count, v1);
        if (TWidth.Vectors > 2)
            TLanes.Store(to + (2 * TLanes.Count), v2);
    }

    /// <summary>The shifts of one tile, eight at a time: the arrays have room for the last eight.</summary>
    private static PackOutcome ChooseShift(int rows, int columns, T* sum, T* low, T* high, T* center, double* shift)
    {
        double scale = 2.0 * ScatterProduct.ChunkRows / rows;
        if (typeof(T) == typeof(float))
        {
            for (int j = 0; j < columns; j += Vector256<float>.Count)
            {
                Vector256<float> total = Vector256.Load((float*)sum + j);
                if (!Vector256.EqualsAll(total - total, Vector256<float>.Zero))
                    return PackOutcome.NotFinite;
                (Vector256<double> mean0, Vector256<double> mean1) = Vector256.Widen(total);
                (Vector256<double> least0, Vector256<double> least1) = Vector256.Widen(Vector256.Load((float*)low + j));
                (Vector256<double> most0, Vector256<double> most1) = Vector256.Widen(Vector256.Load((float*)high + j));
                Vector256<float> near = Vector256.Narrow(ColumnShift.OnGrid(mean0 * scale, least0, most0), ColumnShift.OnGrid(mean1 * scale, least1, most1));
                (mean0, mean1) = Vector256.Widen(near);
                near.Store((float*)center + j);
                mean0.Store(shift + j);
                mean1.Store(shift + j + Vector256<double>.Count);
                if (ColumnShift.IsBeyondSingle(mean0, least0, most0) || ColumnShift.IsBeyondSingle(mean1, least1, most1))
                    return PackOutcome.NeedsDouble;
            }

            return PackOutcome.Centered;
        }

        for (int j = 0; j < columns; j++)
        {
            if (!T.IsFinite(sum[j]))
                return PackOutcome.NotFinite;
            center[j] = T.Clamp(sum[j] * T.CreateTruncating(scale), low[j], high[j]);
            shift[j] = double.CreateTruncating(center[j]);
        }

        return PackOutcome.Centered;
    }

    /// <summary>Zeros in the columns beyond the data.</summary>
    private static void Clear(int rows, int from, int end, T* panels)
    {
        int width = ScatterProduct.PanelWidth<T>();
        for (int j = from; j < end; j++)
        {
            T* panel = panels + ((nint)(j / width) * width * rows) + (j % width);
            for (nint row = 0; row < rows; row++, panel += width)
                *panel = T.Zero;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Subtract<TWidth>(T* panel, nint rows, nint width, T* center, double* residual)
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
                TVector v0 = TLanes.Subtract(TLanes.Load(panel), c0);
                TLanes.Store(panel, v0);
                s0 = TLanes.Add(s0, v0);
                if (TWidth.Vectors > 1)
                {
                    TVector v1 = TLanes.Subtract(TLanes.Load(panel + TLanes.Count), c1);
                    TLanes.Store(panel + TLanes.Count, v1);
                    s1 = TLanes.Add(s1, v1);
                }

                if (TWidth.Vectors > 2)
                {
                    TVector v2 = TLanes.Subtract(TLanes.Load(panel + (2 * TLanes.Count)), c2);
                    TLanes.Store(panel + (2 * TLanes.Count), v2);
                    s2 = TLanes.Add(s2, v2);
                }

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
