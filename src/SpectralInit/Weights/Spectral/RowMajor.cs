using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>Dense row-major algebra over spans, for the fits of this folder.</summary>
internal static unsafe class RowMajor
{
    /// <summary>C ← α·A·B + β·C with A m×k, B k×n.</summary>
    public static void Multiply(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> c, int m, int n, int k, double alpha = 1, double beta = 0) =>
        Multiply(false, false, a, k, b, n, c, n, m, n, k, alpha, beta);

    /// <summary>C ← α·A·Bᵀ + β·C with A m×k, B n×k.</summary>
    public static void MultiplyTransposed(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> c, int m, int n, int k, double alpha = 1, double beta = 0) =>
        Multiply(false, true, a, k, b, k, c, n, m, n, k, alpha, beta);

    /// <summary>C ← α·Aᵀ·B + β·C with A k×m, B k×n.</summary>
    public static void TransposedMultiply(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> c, int m, int n, int k, double alpha = 1, double beta = 0) =>
        Multiply(true, false, a, m, b, n, c, n, m, n, k, alpha, beta);

    /// <summary>Subtracts the column means and returns them; nothing is left of a constant column, not even rounding.</summary>
    public static double[] Center(Span<double> rows, int count, int columns)
    {
        double[] mean = Mean(rows, count, columns);
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < columns; j++)
                rows[(i * columns) + j] -= mean[j];
        }

        return mean;
    }

    /// <summary>The column means, as distances from the first row: that of a constant column is its value to the bit.</summary>
    public static double[] Mean(ReadOnlySpan<double> rows, int count, int columns)
    {
        double[] mean = new double[columns];
        for (int i = 1; i < count; i++)
        {
            for (int j = 0; j < columns; j++)
                mean[j] += (rows[(i * columns) + j] - rows[j]) / count;
        }

        for (int j = 0; j < columns && count > 0; j++)
            mean[j] += rows[j];
        return mean;
    }

    /// <summary>Makes a square matrix symmetric to the bit.</summary>
    public static void Symmetrize(Span<double> a, int n)
    {
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++)
                a[(i * n) + j] = a[(j * n) + i] = 0.5 * (a[(i * n) + j] + a[(j * n) + i]);
        }
    }

    /// <summary>
    /// A = L·Lᵀ, recursively so that the work is matrix products; <paramref name="inverse"/> receives L⁻¹ (lower triangle, zeros above).
    /// <paramref name="a"/> is overwritten.
    /// </summary>
    /// <returns>False when A is not positive definite.</returns>
    public static bool TryInvertCholesky(Span<double> a, Span<double> inverse, int n)
    {
        inverse[..(n * n)].Clear();
        fixed (double* pa = a, pi = inverse)
            return n == 0 || Factor(pa, pi, n, n);
    }

    private static bool Factor(double* a, double* inverse, int n, nint stride)
    {
        if (n <= 24)
            return FactorSmall(a, inverse, n, stride);

        int h = n / 2, r = n - h;
        double* a21 = a + (h * stride);
        double* a22 = a21 + h;
        double* i21 = inverse + (h * stride);
        double* i22 = i21 + h;
        if (!Factor(a, inverse, h, stride))
            return false;

        // L21 = A21·L11⁻ᵀ waits in the place of (L⁻¹)21; then A22 − L21·L21ᵀ, and (L⁻¹)21 = −L22⁻¹·L21·L11⁻¹.
        MatrixProduct.Multiply(false, true, r, h, h, 1, a21, stride, inverse, stride, 0, i21, stride);
        MatrixProduct.Multiply(false, true, r, r, h, -1, i21, stride, i21, stride, 1, a22, stride);
        if (!Factor(a22, i22, r, stride))
            return false;
        MatrixProduct.Multiply(false, false, r, h, h, 1, i21, stride, inverse, stride, 0, a21, stride);
        MatrixProduct.Multiply(false, false, r, h, r, -1, i22, stride, a21, stride, 0, i21, stride);
        return true;
    }

    private static bool FactorSmall(double* a, double* inverse, int n, nint stride)
    {
        for (int j = 0; j < n; j++)
        {
            for (int i = j; i < n; i++)
            {
                double sum = a[(i * stride) + j];
                for (int k = 0; k < j; k++)
                    sum -= a[(i * stride) + k] * a[(j * stride) + k];
                if (i == j)
                {
                    if (!(sum > 0) || !double.IsFinite(sum))
                        return false;
                    a[(j * stride) + j] = Math.Sqrt(sum);
                }
                else
                {
                    a[(i * stride) + j] = sum / a[(j * stride) + j];
                }
            }
        }

        for (int j = 0; j < n; j++)
        {
            inverse[(j * stride) + j] = 1 / a[(j * stride) + j];
            for (int i = j + 1; i < n; i++)
            {
                double sum = 0;
                for (int k = j; k < i; k++)
                    sum -= a[(i * stride) + k] * inverse[(k * stride) + j];
                inverse[(i * stride) + j] = sum / a[(i * stride) + i];
            }
        }

        return true;
    }

    private static void Multiply(bool ta, bool tb, ReadOnlySpan<double> a, int lda, ReadOnlySpan<double> b, int ldb, Span<double> c, int ldc, int m, int n, int k, double alpha, double beta)
    {
        if (m == 0 || n == 0)
            return;
        fixed (double* pa = a, pb = b, pc = c)
            MatrixProduct.Multiply(ta, tb, m, n, k, alpha, pa, lda, pb, ldb, beta, pc, ldc);
    }
}
