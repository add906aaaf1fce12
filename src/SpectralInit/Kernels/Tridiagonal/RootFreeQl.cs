using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace SpectralInit.Kernels;

/// <summary>
/// Eigenvalues alone of a symmetric tridiagonal matrix: the QL iteration on squared off-diagonal entries, without square roots in its
/// inner loop (the variant of Pal, Walker and Kahan; Parlett, "The Symmetric Eigenvalue Problem", §8.15).
/// </summary>
internal static unsafe class RootFreeQl
{
    private const int SweepsPerValue = 60;

    /// <summary>2⁻⁵³ squared.</summary>
    private const double SquaredRoundoff = 1.232595164407831e-32;

    /// <summary>In a matrix scaled to norm about 1, a smaller square is zero.</summary>
    private const double Tiny = 1e-290;

    /// <summary>Diagonalises in place; the values come out unsorted.</summary>
    /// <param name="diagonal">n values; on return the eigenvalues.</param>
    /// <param name="offDiagonal">n−1 values, destroyed.</param>
    /// <param name="n">Dimension.</param>
    /// <returns>Whether everything converged.</returns>
    public static bool Diagonalize(double* diagonal, double* offDiagonal, int n)
    {
        for (int i = 0; i < n - 1; i++)
            offDiagonal[i] *= offDiagonal[i];
        int sweeps = SweepsPerValue * n;
        for (int start = 0; start < n;)
        {
            int end = start;
            while (end < n - 1 && !Negligible(offDiagonal[end], diagonal[end], diagonal[end + 1]))
                end++;
            if (!DiagonalizeBlock(diagonal, offDiagonal, start, end, ref sweeps))
                return false;
            start = end + 1;
        }

        // A quotient of the recurrence may overflow where a rotation would not.
        return TensorPrimitives.IsFiniteAll<double>(new ReadOnlySpan<double>(diagonal, n));
    }

    private static bool DiagonalizeBlock(double* diagonal, double* squares, int start, int end, ref int sweeps)
    {
        // Towards the smaller end, as in ImplicitQl; step −1 reads the block backwards.
        int step = Math.Abs(diagonal[end]) < Math.Abs(diagonal[start]) ? -1 : 1, size = end - start + 1;
        double* d = diagonal + (step > 0 ? start : end);
        double* e = step > 0 ? squares + start : squares + end - 1;
        for (int low = 0; low < size - 1;)
        {
            int high = low;
            while (high < size - 1 && !Negligible(e[step * high], d[step * high], d[step * (high + 1)]))
                high++;
            if (high == low)
                low++;
            else if (sweeps-- > 0)
                Sweep(d, e, step, low, high);
            else
                return false;
        }

        return true;
    }

    private static bool Negligible(double square, double first, double second)
        => square < Tiny || square <= SquaredRoundoff * Math.Abs(first * second);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sweep(double* d, double* e, int step, int low, int high)
    {
        // Wilkinson's shift.
        double root = Math.Sqrt(e[step * low]), g = (d[step * (low + 1)] - d[step * low]) / (2 * root);
        double shift = d[step * low] - (root / (g + Math.CopySign(Math.Sqrt((g * g) + 1), g)));
        double cosine = 1, sine = 0, gamma = d[step * high] - shift, p = gamma * gamma;
        for (int i = high - 1; i >= low; i--)
        {
            double square = e[step * i], sum = p + square;
            if (i < high - 1)
                e[step * (i + 1)] = sine * sum;
            double lastCosine = cosine, lastGamma = gamma, entry = d[step * i];
            cosine = p / sum;
            sine = square / sum;
            gamma = (cosine * (entry - shift)) - (sine * lastGamma);
            d[step * (i + 1)] = lastGamma + (entry - gamma);

            // γ²/c with 1/c = sum/p, so that both divisions start at once.
            p = cosine != 0 ? gamma * gamma * (sum / p) : lastCosine * square;
        }

        e[step * low] = sine * p;
        d[step * low] = shift + gamma;
    }
}
