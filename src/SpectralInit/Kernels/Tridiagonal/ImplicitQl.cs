using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SpectralInit.Kernels;

/// <summary>
/// Eigenvalues and eigenvectors of a symmetric tridiagonal matrix by the implicit QL iteration with Wilkinson's shift (Golub, Van Loan,
/// "Matrix Computations", §8.3), run from whichever end has the smaller entry. Eigenvectors are kept as rows, so that a rotation
/// combines two contiguous streams.
/// </summary>
internal static unsafe class ImplicitQl
{
    /// <summary>Sweeps allowed per eigenvalue before giving up; two are usual.</summary>
    private const int SweepsPerValue = 60;

    /// <summary>2⁻⁵³.</summary>
    private const double UnitRoundoff = 1.1102230246251565e-16;

    /// <summary>In a matrix scaled to norm about 1, nothing below this can be told from zero.</summary>
    private const double Tiny = 1e-150;

    /// <summary>What to throw where nothing else is left to try.</summary>
    public static InvalidOperationException NotConverged() => new("The QL iteration did not converge; please report this matrix.");

    /// <summary>Diagonalises in place; the values come out unsorted.</summary>
    /// <param name="diagonal">n values; on return the eigenvalues.</param>
    /// <param name="offDiagonal">n−1 values, destroyed.</param>
    /// <param name="n">Dimension.</param>
    /// <param name="rows">n rows, multiplied from the left by the transposed eigenvectors (start with the identity), or null for values only.</param>
    /// <param name="stride">Elements between rows.</param>
    /// <param name="columns">Columns rotated, a multiple of 8.</param>
    /// <param name="rotations">Room for 2n values; unused when <paramref name="rows"/> is null.</param>
    /// <returns>Sweeps taken, or −1 if an off-diagonal entry would not converge.</returns>
    public static int Diagonalize(double* diagonal, double* offDiagonal, int n, double* rows, nint stride, int columns, double* rotations)
    {
        Sweep sweep = new(rotations, rows, stride, columns);
        int sweeps = 0, limit = SweepsPerValue * n;
        for (int start = 0; start < n;)
        {
            int end = start;
            while (end < n - 1 && !Negligible(offDiagonal[end], diagonal[end], diagonal[end + 1]))
                end++;
            if (end < n - 1)
                offDiagonal[end] = 0;
            sweeps = DiagonalizeBlock(diagonal, offDiagonal, start, end, sweep, sweeps, limit);
            if (sweeps > limit)
                return -1;
            start = end + 1;
        }

        return sweeps;
    }

    private static int DiagonalizeBlock(double* diagonal, double* offDiagonal, int start, int end, in Sweep sweep, int sweeps, int limit)
    {
        // Working towards the smaller end keeps graded matrices accurate; step −1 reads the block backwards.
        int step = Math.Abs(diagonal[end]) < Math.Abs(diagonal[start]) ? -1 : 1;
        int origin = step > 0 ? start : end, size = end - start + 1;
        double* d = diagonal + origin;
        double* e = step > 0 ? offDiagonal + origin : offDiagonal + origin - 1;
        for (int low = 0; low < size - 1;)
        {
            int high = low;
            while (high < size - 1 && !Negligible(e[step * high], d[step * high], d[step * (high + 1)]))
                high++;
            if (high < size - 1)
                e[step * high] = 0;
            if (high == low)
            {
                low++;
                continue;
            }

            if (++sweeps > limit)
                return sweeps;
            sweep.Run(d, e, step, low, high, origin);
        }

        return sweeps;
    }

    private static bool Negligible(double offDiagonal, double first, double second)
    {
        double magnitude = Math.Abs(offDiagonal);
        return magnitude < Tiny || magnitude * magnitude <= UnitRoundoff * UnitRoundoff * Math.Abs(first) * Math.Abs(second);
    }

    /// <summary>One implicit sweep: rotations from the far end of an unreduced block to its near end.</summary>
    private readonly struct Sweep(double* rotations, double* rows, nint stride, int columns)
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(double* d, double* e, int step, int low, int high, int origin)
        {
            double p = d[step * low], near = e[step * low];
            double g = (d[step * (low + 1)] - p) / (2 * near);
            g = d[step * high] - p + (near / (g + Math.CopySign(Math.Sqrt((g * g) + 1), g)));
            double sine = 1, cosine = 1;
            p = 0;
            for (int i = high - 1; i >= low; i--)
            {
                double f = sine * e[step * i], b = cosine * e[step * i];
                double square = (f * f) + (g * g), radius;
                if (square > 1e-280)
                {
                    radius = Math.Sqrt(square);
                    sine = f / radius;
                    cosine = g / radius;
                }
                else
                {
                    (sine, cosine, radius) = SmallRotation(f, g);
                }

                if (i < high - 1)
                    e[step * (i + 1)] = radius;
                g = d[step * (i + 1)] - p;
                double r = ((d[step * i] - g) * sine) + (2 * cosine * b);
                p = sine * r;
                d[step * (i + 1)] = g + p;
                g = (cosine * r) - b;
                if (rows != null)
                {
                    rotations[2 * i] = cosine;
                    rotations[(2 * i) + 1] = sine;
                }
            }

            d[step * low] -= p;
            e[step * low] = g;
            if (rows != null)
                Rotate(rotations, rows + (origin * stride), step * stride, low, high, columns);
        }
    }

    private static (double Sine, double Cosine, double Radius) SmallRotation(double f, double g)
    {
        double scale = Math.Max(Math.Abs(f), Math.Abs(g));
        if (scale == 0)
            return (0, 1, 0);
        f /= scale;
        g /= scale;
        double radius = Math.Sqrt((f * f) + (g * g));
        return (f / radius, g / radius, radius * scale);
    }

    private static void Rotate(double* rotations, double* rows, nint stride, int low, int high, int columns)
    {
        switch (Lane.Width)
        {
            case 8: Rotate<Lanes512<double>, Vector512<double>>(rotations, rows, stride, low, high, columns); break;
            case 4: Rotate<Lanes256<double>, Vector256<double>>(rotations, rows, stride, low, high, columns); break;
            case 2: Rotate<Lanes128<double>, Vector128<double>>(rotations, rows, stride, low, high, columns); break;
            default: Rotate<LanesScalar<double>, double>(rotations, rows, stride, low, high, columns); break;
        }
    }

    /// <summary>(row_i, row_{i+1}) ← (c·row_i − s·row_{i+1}, s·row_i + c·row_{i+1}) for i = high−1 … low; the row between two rotations stays in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rotate<TLanes, TVector>(double* rotations, double* rows, nint stride, int low, int high, nint columns)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        nint column = 0;
        for (; column + (4 * TLanes.Count) <= columns; column += 4 * TLanes.Count)
        {
            double* row = rows + (high * stride) + column;
            TVector y0 = TLanes.Load(row), y1 = TLanes.Load(row + TLanes.Count);
            TVector y2 = TLanes.Load(row + (2 * TLanes.Count)), y3 = TLanes.Load(row + (3 * TLanes.Count));
            for (int i = high - 1; i >= low; i--)
            {
                TVector c = TLanes.Broadcast(rotations[2 * i]), s = TLanes.Broadcast(rotations[(2 * i) + 1]), t = TLanes.Broadcast(-rotations[(2 * i) + 1]);
                double* next = row - stride;
                TVector x0 = TLanes.Load(next), x1 = TLanes.Load(next + TLanes.Count);
                TLanes.Store(row, TLanes.MultiplyAdd(s, x0, TLanes.Multiply(c, y0)));
                TLanes.Store(row + TLanes.Count, TLanes.MultiplyAdd(s, x1, TLanes.Multiply(c, y1)));
                y0 = TLanes.MultiplyAdd(t, y0, TLanes.Multiply(c, x0));
                y1 = TLanes.MultiplyAdd(t, y1, TLanes.Multiply(c, x1));
                TVector x2 = TLanes.Load(next + (2 * TLanes.Count)), x3 = TLanes.Load(next + (3 * TLanes.Count));
                TLanes.Store(row + (2 * TLanes.Count), TLanes.MultiplyAdd(s, x2, TLanes.Multiply(c, y2)));
                TLanes.Store(row + (3 * TLanes.Count), TLanes.MultiplyAdd(s, x3, TLanes.Multiply(c, y3)));
                y2 = TLanes.MultiplyAdd(t, y2, TLanes.Multiply(c, x2));
                y3 = TLanes.MultiplyAdd(t, y3, TLanes.Multiply(c, x3));
                row = next;
            }

            TLanes.Store(row, y0);
            TLanes.Store(row + TLanes.Count, y1);
            TLanes.Store(row + (2 * TLanes.Count), y2);
            TLanes.Store(row + (3 * TLanes.Count), y3);
        }

        for (; column < columns; column += TLanes.Count)
        {
            double* row = rows + (high * stride) + column;
            TVector y = TLanes.Load(row);
            for (int i = high - 1; i >= low; i--)
            {
                TVector c = TLanes.Broadcast(rotations[2 * i]), s = TLanes.Broadcast(rotations[(2 * i) + 1]), t = TLanes.Broadcast(-rotations[(2 * i) + 1]);
                double* next = row - stride;
                TVector x = TLanes.Load(next);
                TLanes.Store(row, TLanes.MultiplyAdd(s, x, TLanes.Multiply(c, y)));
                y = TLanes.MultiplyAdd(t, y, TLanes.Multiply(c, x));
                row = next;
            }

            TLanes.Store(row, y);
        }
    }
}
