using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SpectralInit.Kernels;

/// <summary>
/// y ← y + A·x for a symmetric A of which only the upper triangle and the aligned 8×8 diagonal blocks are read: every entry is
/// loaded once and serves both its row and its column, because the product is bound by memory.
/// </summary>
internal static unsafe class SymmetricProduct
{
    /// <summary>Adds what the rows [rowStart, rowEnd) of the triangle contribute, to all entries of y from rowStart on.</summary>
    /// <param name="a">First entry of the matrix, on a cache line.</param>
    /// <param name="stride">Elements between rows, a multiple of 8.</param>
    /// <param name="rowStart">A multiple of 8.</param>
    /// <param name="rowEnd">A multiple of 8.</param>
    /// <param name="columns">Padded number of columns, a multiple of 8; padding holds finite values and meets zeros of x.</param>
    /// <param name="x">The vector, indexed like the columns.</param>
    /// <param name="y">The sum, indexed like the columns.</param>
    public static void Accumulate(double* a, nint stride, int rowStart, int rowEnd, int columns, double* x, double* y)
    {
        switch (Lane.Width)
        {
            case 8: Accumulate<Lanes512<double>, Vector512<double>>(a, stride, rowStart, rowEnd, columns, x, y); break;
            case 4: Accumulate<Lanes256<double>, Vector256<double>>(a, stride, rowStart, rowEnd, columns, x, y); break;
            case 2: Accumulate<Lanes128<double>, Vector128<double>>(a, stride, rowStart, rowEnd, columns, x, y); break;
            default: Accumulate<LanesScalar<double>, double>(a, stride, rowStart, rowEnd, columns, x, y); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Accumulate<TLanes, TVector>(double* a, nint stride, int rowStart, int rowEnd, nint columns, double* x, double* y)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        for (nint row = rowStart; row < rowEnd; row += 4)
        {
            double* r0 = a + (row * stride), r1 = r0 + stride, r2 = r1 + stride, r3 = r2 + stride;
            TVector s0 = TLanes.Zero, s1 = TLanes.Zero, s2 = TLanes.Zero, s3 = TLanes.Zero;
            nint column = row & -Lane.Alignment;

            // The diagonal block is stored in full: rows only.
            for (nint end = column + Lane.Alignment; column < end; column += TLanes.Count)
            {
                TVector v = TLanes.Load(x + column);
                s0 = TLanes.MultiplyAdd(TLanes.Load(r0 + column), v, s0);
                s1 = TLanes.MultiplyAdd(TLanes.Load(r1 + column), v, s1);
                s2 = TLanes.MultiplyAdd(TLanes.Load(r2 + column), v, s2);
                s3 = TLanes.MultiplyAdd(TLanes.Load(r3 + column), v, s3);
            }

            TVector x0 = TLanes.Broadcast(x[row]), x1 = TLanes.Broadcast(x[row + 1]), x2 = TLanes.Broadcast(x[row + 2]), x3 = TLanes.Broadcast(x[row + 3]);
            for (; column < columns; column += TLanes.Count)
            {
                TVector v = TLanes.Load(x + column), a0 = TLanes.Load(r0 + column), a1 = TLanes.Load(r1 + column);
                s0 = TLanes.MultiplyAdd(a0, v, s0);
                s1 = TLanes.MultiplyAdd(a1, v, s1);
                TVector sum = TLanes.MultiplyAdd(a0, x0, TLanes.Load(y + column));
                sum = TLanes.MultiplyAdd(a1, x1, sum);
                TVector a2 = TLanes.Load(r2 + column), a3 = TLanes.Load(r3 + column);
                s2 = TLanes.MultiplyAdd(a2, v, s2);
                s3 = TLanes.MultiplyAdd(a3, v, s3);
                sum = TLanes.MultiplyAdd(a2, x2, sum);
                sum = TLanes.MultiplyAdd(a3, x3, sum);
                TLanes.Store(y + column, sum);
            }

            y[row] += TLanes.Sum(s0);
            y[row + 1] += TLanes.Sum(s1);
            y[row + 2] += TLanes.Sum(s2);
            y[row + 3] += TLanes.Sum(s3);
        }
    }

    /// <summary>A ← A − v·wᵀ − w·vᵀ on the upper triangle and the diagonal blocks of the rows [rowStart, rowEnd).</summary>
    public static void SubtractRankTwo(double* a, nint stride, int rowStart, int rowEnd, int columns, double* v, double* w)
    {
        switch (Lane.Width)
        {
            case 8: SubtractRankTwo<Lanes512<double>, Vector512<double>>(a, stride, rowStart, rowEnd, columns, v, w); break;
            case 4: SubtractRankTwo<Lanes256<double>, Vector256<double>>(a, stride, rowStart, rowEnd, columns, v, w); break;
            case 2: SubtractRankTwo<Lanes128<double>, Vector128<double>>(a, stride, rowStart, rowEnd, columns, v, w); break;
            default: SubtractRankTwo<LanesScalar<double>, double>(a, stride, rowStart, rowEnd, columns, v, w); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SubtractRankTwo<TLanes, TVector>(double* a, nint stride, int rowStart, int rowEnd, nint columns, double* v, double* w)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        for (nint row = rowStart; row < rowEnd; row += 2)
        {
            double* r0 = a + (row * stride), r1 = r0 + stride;
            TVector v0 = TLanes.Broadcast(-v[row]), v1 = TLanes.Broadcast(-v[row + 1]), w0 = TLanes.Broadcast(-w[row]), w1 = TLanes.Broadcast(-w[row + 1]);
            for (nint column = row & -Lane.Alignment; column < columns; column += TLanes.Count)
            {
                TVector vc = TLanes.Load(v + column), wc = TLanes.Load(w + column);
                TLanes.Store(r0 + column, TLanes.MultiplyAdd(w0, vc, TLanes.MultiplyAdd(v0, wc, TLanes.Load(r0 + column))));
                TLanes.Store(r1 + column, TLanes.MultiplyAdd(w1, vc, TLanes.MultiplyAdd(v1, wc, TLanes.Load(r1 + column))));
            }
        }
    }
}
