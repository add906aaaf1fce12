using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SpectralInit.Kernels;

/// <summary>
/// B = Q·T·Qᵀ for a symmetric B of half bandwidth 4, T tridiagonal: a Householder reflector per column leaves it one entry below the diagonal, and what that makes spill over
/// the band is chased down it, block by block, only as far as the next column needs (Murata and Horikoshi, Intern. J. Comput. Math. 1975; Lang, SIAM J. Sci. Comput. 14, 1993).
/// 6·b·n² operations where a dense matrix takes 4n³/3.
/// </summary>
internal static unsafe class BandReduction
{
    /// <summary>Entries below the diagonal in a column of B.</summary>
    public const int Bandwidth = 4;

    /// <summary>Values kept of a column, from the diagonal down: those of the band, and what spills over it.</summary>
    public const int Column = 2 * Bandwidth;

    /// <summary>Reduces in place; rows ← Qᵀ·rows.</summary>
    /// <param name="band">n + 2·<see cref="Bandwidth"/> columns of <see cref="Column"/> values, entry (i + k, i) of B at i·<see cref="Column"/> + k, zero beyond; destroyed. The largest magnitude is about 1.</param>
    /// <param name="n">Dimension.</param>
    /// <param name="rows">n + 2·<see cref="Bandwidth"/> rows of <see cref="Lane.Alignment"/> values.</param>
    /// <param name="diagonal">n values.</param>
    /// <param name="offDiagonal">n − 1 values.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Reduce(double* band, int n, double* rows, double* diagonal, double* offDiagonal)
    {
        for (int column = 0; column < n - 1; column++)
        {
            double* start = band + ((nint)column * Column);
            Vector256<double> v = Reflector(Vector256.Load(start + 1), out double tau, out start[1]);
            for (int first = column + 1; ; first += Bandwidth)
            {
                if (tau != 0)
                {
                    ReflectRows(rows + ((nint)first * Lane.Alignment), v, tau);
                    ReflectBoth(band + ((nint)first * Column), v, tau);
                }

                if (first + Bandwidth >= n)
                    break;
                v = Spill(band + ((nint)first * Column), v, tau, out tau);
            }
        }

        for (int i = 0; i < n; i++)
        {
            diagonal[i] = band[(nint)i * Column];
            if (i < n - 1)
                offDiagonal[i] = band[((nint)i * Column) + 1];
        }
    }

    // H = I − τvvᵀ with v₀ = 1 and H·x = β·e₀.
    private static Vector256<double> Reflector(Vector256<double> x, out double tau, out double beta)
    {
        Vector256<double> tail = x.WithElement(0, 0);
        double below = Vector256.Sum(tail * tail), alpha = x[0];
        if (below <= Tridiagonalization.NegligibleSquare)
        {
            (tau, beta) = (0, alpha);
            return Vector256.CreateScalar(1.0);
        }

        beta = -Math.CopySign(Math.Sqrt((alpha * alpha) + below), alpha);
        tau = (beta - alpha) / beta;
        return (tail * (1 / (alpha - beta))).WithElement(0, 1);
    }

    private static void ReflectRows(double* rows, Vector256<double> v, double tau)
    {
        Vector512<double> r0 = Vector512.Load(rows), r1 = Vector512.Load(rows + 8), r2 = Vector512.Load(rows + 16), r3 = Vector512.Load(rows + 24);
        Vector512<double> sum = (r0 + (r1 * v[1]) + ((r2 * v[2]) + (r3 * v[3]))) * tau;
        (r0 - sum).Store(rows);
        (r1 - (sum * v[1])).Store(rows + 8);
        (r2 - (sum * v[2])).Store(rows + 16);
        (r3 - (sum * v[3])).Store(rows + 24);
    }

    // D ← H·D·H for the lower triangle of four columns from their diagonals on: D − v·wᵀ − w·vᵀ, w = τ·D·v − (τ²·vᵀDv ÷ 2)·v.
    private static void ReflectBoth(double* d, Vector256<double> v, double tau)
    {
        double d00 = d[0], d10 = d[1], d20 = d[2], d30 = d[3], d11 = d[8], d21 = d[9], d31 = d[10], d22 = d[16], d32 = d[17], d33 = d[24];
        double v1 = v[1], v2 = v[2], v3 = v[3];
        double w0 = tau * (d00 + (d10 * v1) + (d20 * v2) + (d30 * v3)), w1 = tau * (d10 + (d11 * v1) + (d21 * v2) + (d31 * v3));
        double w2 = tau * (d20 + (d21 * v1) + (d22 * v2) + (d32 * v3)), w3 = tau * (d30 + (d31 * v1) + (d32 * v2) + (d33 * v3));
        double half = tau * (w0 + (w1 * v1) + (w2 * v2) + (w3 * v3)) / 2;
        w0 -= half;
        w1 -= half * v1;
        w2 -= half * v2;
        w3 -= half * v3;
        d[0] = d00 - (2 * w0);
        d[1] = d10 - w1 - (v1 * w0);
        d[2] = d20 - w2 - (v2 * w0);
        d[3] = d30 - w3 - (v3 * w0);
        d[8] = d11 - (2 * v1 * w1);
        d[9] = d21 - (v1 * w2) - (v2 * w1);
        d[10] = d31 - (v1 * w3) - (v3 * w1);
        d[16] = d22 - (2 * v2 * w2);
        d[17] = d32 - (v2 * w3) - (v3 * w2);
        d[24] = d33 - (2 * v3 * w3);
    }

    // The block under D, C ← C·H, and the reflector that leaves its first column one entry, applied from the left: C ← H'·C.
    private static Vector256<double> Spill(double* d, Vector256<double> v, double tau, out double next)
    {
        double* c = d + Bandwidth;
        const int Down = Column - 1;
        Vector256<double> c0 = Vector256.Load(c), c1 = Vector256.Load(c + Down), c2 = Vector256.Load(c + (2 * Down)), c3 = Vector256.Load(c + (3 * Down));
        Vector256<double> sum = (c0 + (c1 * v[1]) + ((c2 * v[2]) + (c3 * v[3]))) * tau;
        Vector256<double> reflector = Reflector(c0 - sum, out next, out double beta);
        Vector256.CreateScalar(beta).Store(c);
        Store(c + Down, c1 - (sum * v[1]), reflector, next);
        Store(c + (2 * Down), c2 - (sum * v[2]), reflector, next);
        Store(c + (3 * Down), c3 - (sum * v[3]), reflector, next);
        return reflector;

        static void Store(double* target, Vector256<double> column, Vector256<double> reflector, double tau) =>
            (column - (reflector * (tau * Vector256.Sum(column * reflector)))).Store(target);
    }
}
