using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SpectralInit.Kernels;

/// <summary>Level-1 and narrow level-2 loops over padded vectors: every length is a multiple of <see cref="Lane.Alignment"/>.</summary>
internal static unsafe class VectorKernels
{
    /// <summary>xᵀy.</summary>
    public static double Dot(double* x, double* y, nint n) => Lane.Width switch
    {
        8 => Dot<Lanes512<double>, Vector512<double>>(x, y, n),
        4 => Dot<Lanes256<double>, Vector256<double>>(x, y, n),
        2 => Dot<Lanes128<double>, Vector128<double>>(x, y, n),
        _ => Dot<LanesScalar<double>, double>(x, y, n),
    };

    /// <summary>x ← factor·x.</summary>
    public static void Scale(double* x, double factor, nint n)
    {
        switch (Lane.Width)
        {
            case 8: Scale<Lanes512<double>, Vector512<double>>(x, factor, n); break;
            case 4: Scale<Lanes256<double>, Vector256<double>>(x, factor, n); break;
            case 2: Scale<Lanes128<double>, Vector128<double>>(x, factor, n); break;
            default: Scale<LanesScalar<double>, double>(x, factor, n); break;
        }
    }

    /// <summary>y ← y + factor·x.</summary>
    public static void Add(double* y, double factor, double* x, nint n)
    {
        switch (Lane.Width)
        {
            case 8: Add<Lanes512<double>, Vector512<double>>(y, factor, x, n); break;
            case 4: Add<Lanes256<double>, Vector256<double>>(y, factor, x, n); break;
            case 2: Add<Lanes128<double>, Vector128<double>>(y, factor, x, n); break;
            default: Add<LanesScalar<double>, double>(y, factor, x, n); break;
        }
    }

    /// <summary>y ← y − Σ_q coefficients[q]·row_q over <paramref name="count"/> rows of n values.</summary>
    public static void SubtractRows(double* y, double* coefficients, double* rows, nint stride, int count, nint n)
    {
        switch (Lane.Width)
        {
            case 8: SubtractRows<Lanes512<double>, Vector512<double>>(y, coefficients, rows, stride, count, n); break;
            case 4: SubtractRows<Lanes256<double>, Vector256<double>>(y, coefficients, rows, stride, count, n); break;
            case 2: SubtractRows<Lanes128<double>, Vector128<double>>(y, coefficients, rows, stride, count, n); break;
            default: SubtractRows<LanesScalar<double>, double>(y, coefficients, rows, stride, count, n); break;
        }
    }

    /// <summary>products[q] ← row_qᵀx over <paramref name="count"/> rows of n values.</summary>
    public static void DotRows(double* products, double* rows, nint stride, int count, double* x, nint n)
    {
        switch (Lane.Width)
        {
            case 8: DotRows<Lanes512<double>, Vector512<double>>(products, rows, stride, count, x, n); break;
            case 4: DotRows<Lanes256<double>, Vector256<double>>(products, rows, stride, count, x, n); break;
            case 2: DotRows<Lanes128<double>, Vector128<double>>(products, rows, stride, count, x, n); break;
            default: DotRows<LanesScalar<double>, double>(products, rows, stride, count, x, n); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Dot<TLanes, TVector>(double* x, double* y, nint n)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        TVector s0 = TLanes.Zero, s1 = TLanes.Zero, s2 = TLanes.Zero, s3 = TLanes.Zero;
        nint i = 0;
        for (; i + (4 * TLanes.Count) <= n; i += 4 * TLanes.Count)
        {
            s0 = TLanes.MultiplyAdd(TLanes.Load(x + i), TLanes.Load(y + i), s0);
            s1 = TLanes.MultiplyAdd(TLanes.Load(x + i + TLanes.Count), TLanes.Load(y + i + TLanes.Count), s1);
            s2 = TLanes.MultiplyAdd(TLanes.Load(x + i + (2 * TLanes.Count)), TLanes.Load(y + i + (2 * TLanes.Count)), s2);
            s3 = TLanes.MultiplyAdd(TLanes.Load(x + i + (3 * TLanes.Count)), TLanes.Load(y + i + (3 * TLanes.Count)), s3);
        }

        for (; i < n; i += TLanes.Count)
            s0 = TLanes.MultiplyAdd(TLanes.Load(x + i), TLanes.Load(y + i), s0);
        return TLanes.Sum(TLanes.Add(TLanes.Add(s0, s1), TLanes.Add(s2, s3)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale<TLanes, TVector>(double* x, double factor, nint n)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        TVector f = TLanes.Broadcast(factor);
        for (nint i = 0; i < n; i += TLanes.Count)
            TLanes.Store(x + i, TLanes.Multiply(TLanes.Load(x + i), f));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add<TLanes, TVector>(double* y, double factor, double* x, nint n)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        TVector f = TLanes.Broadcast(factor);
        for (nint i = 0; i < n; i += TLanes.Count)
            TLanes.Store(y + i, TLanes.MultiplyAdd(f, TLanes.Load(x + i), TLanes.Load(y + i)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SubtractRows<TLanes, TVector>(double* y, double* coefficients, double* rows, nint stride, int count, nint n)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        int q = 0;
        for (; q + 4 <= count; q += 4)
        {
            double* r0 = rows + (q * stride), r1 = r0 + stride, r2 = r1 + stride, r3 = r2 + stride;
            TVector a0 = TLanes.Broadcast(-coefficients[q]), a1 = TLanes.Broadcast(-coefficients[q + 1]);
            TVector a2 = TLanes.Broadcast(-coefficients[q + 2]), a3 = TLanes.Broadcast(-coefficients[q + 3]);
            for (nint i = 0; i < n; i += TLanes.Count)
            {
                TVector even = TLanes.MultiplyAdd(a0, TLanes.Load(r0 + i), TLanes.Load(y + i));
                even = TLanes.MultiplyAdd(a1, TLanes.Load(r1 + i), even);
                TVector odd = TLanes.MultiplyAdd(a3, TLanes.Load(r3 + i), TLanes.Multiply(a2, TLanes.Load(r2 + i)));
                TLanes.Store(y + i, TLanes.Add(even, odd));
            }
        }

        for (; q < count; q++)
            Add<TLanes, TVector>(y, -coefficients[q], rows + (q * stride), n);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DotRows<TLanes, TVector>(double* products, double* rows, nint stride, int count, double* x, nint n)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        int q = 0;
        for (; q + 4 <= count; q += 4)
        {
            double* r0 = rows + (q * stride), r1 = r0 + stride, r2 = r1 + stride, r3 = r2 + stride;
            TVector s0 = TLanes.Zero, s1 = TLanes.Zero, s2 = TLanes.Zero, s3 = TLanes.Zero;
            for (nint i = 0; i < n; i += TLanes.Count)
            {
                TVector v = TLanes.Load(x + i);
                s0 = TLanes.MultiplyAdd(TLanes.Load(r0 + i), v, s0);
                s1 = TLanes.MultiplyAdd(TLanes.Load(r1 + i), v, s1);
                s2 = TLanes.MultiplyAdd(TLanes.Load(r2 + i), v, s2);
                s3 = TLanes.MultiplyAdd(TLanes.Load(r3 + i), v, s3);
            }

            products[q] = TLanes.Sum(s0);
            products[q + 1] = TLanes.Sum(s1);
            products[q + 2] = TLanes.Sum(s2);
            products[q + 3] = TLanes.Sum(s3);
        }

        for (; q < count; q++)
            products[q] = Dot<TLanes, TVector>(rows + (q * stride), x, n);
    }
}
