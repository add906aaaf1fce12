using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SpectralInit.Kernels;

/// <summary>Products and combinations of long rows that come in fours, over a range of their columns: what the threads of one operation share out.</summary>
internal static unsafe class RowQuads
{
    private const int Rows = 4, ScalarPiece = 32;

    /// <summary>products[4·i + j] += x_i·y_j for four rows each.</summary>
    /// <param name="x">4 rows.</param>
    /// <param name="y">4 rows; may be x.</param>
    /// <param name="stride">From one row to the next, of either.</param>
    /// <param name="columns">Columns that count.</param>
    /// <param name="products">16 sums.</param>
    public static void AddProducts(double* x, double* y, nint stride, nint columns, double* products)
    {
        nint done = 0;
        if (Vector512.IsHardwareAccelerated)
            done = AddProducts<Lanes512<double>, Vector512<double>>(x, y, stride, columns, products);
        else if (Vector256.IsHardwareAccelerated)
            done = AddProducts<Lanes256<double>, Vector256<double>>(x, y, stride, columns, products);
        else if (Vector128.IsHardwareAccelerated)
            done = AddProducts<Lanes128<double>, Vector128<double>>(x, y, stride, columns, products);

        // One by one in short pieces: rounding errors grow with the length of a sum.
        for (; done < columns; done += ScalarPiece)
            AddProducts<LanesScalar<double>, double>(x + done, y + done, stride, Math.Min(ScalarPiece, columns - done), products);
    }

    /// <summary>target_j ← Σ_i coefficients[i·ld + j]·row_i for four rows j. The target may be among the rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="count">How many.</param>
    /// <param name="stride">From one row to the next, of either.</param>
    /// <param name="columns">Columns that count.</param>
    /// <param name="coefficients">count×4.</param>
    /// <param name="ld">From one row of coefficients to the next.</param>
    /// <param name="target">4 rows, overwritten.</param>
    public static void Combine(double* rows, int count, nint stride, nint columns, double* coefficients, int ld, double* target)
    {
        nint done = 0;
        if (Vector512.IsHardwareAccelerated)
            done = Combine<Lanes512<double>, Vector512<double>>(rows, count, stride, columns, coefficients, ld, target);
        else if (Vector256.IsHardwareAccelerated)
            done = Combine<Lanes256<double>, Vector256<double>>(rows, count, stride, columns, coefficients, ld, target);
        else if (Vector128.IsHardwareAccelerated)
            done = Combine<Lanes128<double>, Vector128<double>>(rows, count, stride, columns, coefficients, ld, target);
        Combine<LanesScalar<double>, double>(rows + done, count, stride, columns - done, coefficients, ld, target + done);
    }

    // Returns the columns done: whole SIMD widths.
    private static nint AddProducts<TLanes, TVector>(double* x, double* y, nint stride, nint columns, double* products)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        int rows = TLanes.TileRows > 4 ? Rows : Rows / 2;
        double* vectors = stackalloc double[Rows * Rows * TLanes.Count], sums = stackalloc double[Rows * Rows];
        nint done = 0;
        for (int row = 0; row < Rows; row += rows)
            done = Tile<TLanes, TVector>(x + (row * stride), y, stride, columns, vectors + (row * Rows * TLanes.Count));
        TLanes.SumEach(vectors, sums);
        TLanes.SumEach(vectors + (8 * TLanes.Count), sums + 8);
        for (int i = 0; i < Rows * Rows; i++)
            products[i] += sums[i];
        return done;
    }

    // sums[4·i + j] ← x_i ∘ y_j, summed but within a SIMD width, of all rows of x, or the first two where registers are few. Without a call, for which the compiler would keep the sums in memory.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static nint Tile<TLanes, TVector>(double* x, double* y, nint stride, nint columns, double* sums)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        TVector a0 = TLanes.Zero, a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0, c0 = a0, c1 = a0, c2 = a0, c3 = a0, d0 = a0, d1 = a0, d2 = a0, d3 = a0;
        nint done = 0, lane = TLanes.Count;
        for (; done + lane <= columns; done += lane)
        {
            double* left = x + done, right = y + done;
            TVector y0 = TLanes.Load(right), y1 = TLanes.Load(right + stride), y2 = TLanes.Load(right + (2 * stride)), y3 = TLanes.Load(right + (3 * stride)), row = TLanes.Load(left);
            a0 = TLanes.MultiplyAdd(row, y0, a0);
            a1 = TLanes.MultiplyAdd(row, y1, a1);
            a2 = TLanes.MultiplyAdd(row, y2, a2);
            a3 = TLanes.MultiplyAdd(row, y3, a3);
            row = TLanes.Load(left + stride);
            b0 = TLanes.MultiplyAdd(row, y0, b0);
            b1 = TLanes.MultiplyAdd(row, y1, b1);
            b2 = TLanes.MultiplyAdd(row, y2, b2);
            b3 = TLanes.MultiplyAdd(row, y3, b3);
            if (TLanes.TileRows > 4)
            {
                row = TLanes.Load(left + (2 * stride));
                c0 = TLanes.MultiplyAdd(row, y0, c0);
                c1 = TLanes.MultiplyAdd(row, y1, c1);
                c2 = TLanes.MultiplyAdd(row, y2, c2);
                c3 = TLanes.MultiplyAdd(row, y3, c3);
                row = TLanes.Load(left + (3 * stride));
                d0 = TLanes.MultiplyAdd(row, y0, d0);
                d1 = TLanes.MultiplyAdd(row, y1, d1);
                d2 = TLanes.MultiplyAdd(row, y2, d2);
                d3 = TLanes.MultiplyAdd(row, y3, d3);
            }
        }

        Store<TLanes, TVector>(sums, lane, a0, a1, a2, a3);
        Store<TLanes, TVector>(sums + (4 * lane), lane, b0, b1, b2, b3);
        if (TLanes.TileRows > 4)
        {
            Store<TLanes, TVector>(sums + (8 * lane), lane, c0, c1, c2, c3);
            Store<TLanes, TVector>(sums + (12 * lane), lane, d0, d1, d2, d3);
        }

        return done;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static nint Combine<TLanes, TVector>(double* rows, int count, nint stride, nint columns, double* coefficients, int ld, double* target)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        nint done = 0, lane = TLanes.Count;

        // Two SIMD widths at a time, for eight chains of additions; the last one alone.
        while (done + lane <= columns)
        {
            nint second = done + (2 * lane) <= columns ? lane : 0;
            TVector a0 = TLanes.Zero, a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
            double* row = rows + done, c = coefficients;
            for (int i = 0; i < count; i++, row += stride, c += ld)
            {
                TVector a = TLanes.Load(row), b = TLanes.Load(row + second), factor = TLanes.Broadcast(c[0]);
                a0 = TLanes.MultiplyAdd(a, factor, a0);
                b0 = TLanes.MultiplyAdd(b, factor, b0);
                factor = TLanes.Broadcast(c[1]);
                a1 = TLanes.MultiplyAdd(a, factor, a1);
                b1 = TLanes.MultiplyAdd(b, factor, b1);
                factor = TLanes.Broadcast(c[2]);
                a2 = TLanes.MultiplyAdd(a, factor, a2);
                b2 = TLanes.MultiplyAdd(b, factor, b2);
                factor = TLanes.Broadcast(c[3]);
                a3 = TLanes.MultiplyAdd(a, factor, a3);
                b3 = TLanes.MultiplyAdd(b, factor, b3);
            }

            Store<TLanes, TVector>(target + done, stride, a0, a1, a2, a3);
            Store<TLanes, TVector>(target + done + second, stride, b0, b1, b2, b3);
            done += lane + second;
        }

        return done;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TLanes, TVector>(double* target, nint stride, TVector v0, TVector v1, TVector v2, TVector v3)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        TLanes.Store(target, v0);
        TLanes.Store(target + stride, v1);
        TLanes.Store(target + (2 * stride), v2);
        TLanes.Store(target + (3 * stride), v3);
    }
}
