using System.Numerics.Tensors;

namespace SpectralInit.Tests.Spectrum;

/// <summary>LAPACK's test ratios (dsyt21), with ulp = 2⁻⁵².</summary>
internal static class SymmetricEigenRatios
{
    public const double Ulp = 2.220446049250313e-16;

    /// <summary>‖A − VᵀΛV‖₁ / (n·ulp·‖A‖₁), V's rows the eigenvectors.</summary>
    public static double Reconstruction(double[] matrix, int n, EigenPairs pairs)
    {
        double[] scaled = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                scaled[(i * n) + j] = pairs.Values[i] * pairs.Vectors[(i * n) + j];
        }

        double[] difference = (double[])matrix.Clone();
        Subtract(pairs.Vectors, scaled, difference, n, n, transposed: true);
        double norm = OneNorm(matrix, n);
        return norm == 0 ? OneNorm(difference, n) / Ulp : OneNorm(difference, n) / norm / (n * Ulp);
    }

    /// <summary>‖I − VVᵀ‖₁ / (n·ulp) over the pairs there are.</summary>
    public static double Orthogonality(EigenPairs pairs)
    {
        int n = pairs.Dimension, k = pairs.Count;
        double[] difference = new double[k * k];
        for (int i = 0; i < k; i++)
            difference[(i * k) + i] = 1;
        Subtract(pairs.Vectors, pairs.Vectors, difference, k, n, transposed: false);
        return OneNorm(difference, k) / (n * Ulp);
    }

    /// <summary>The largest ‖A·v − λ·v‖₂ / (n·ulp·‖A‖₁).</summary>
    public static double Residual(double[] matrix, int n, EigenPairs pairs)
    {
        double worst = 0, norm = OneNorm(matrix, n);
        norm = norm == 0 ? 1 : norm;
        for (int i = 0; i < pairs.Count; i++)
        {
            ReadOnlySpan<double> v = pairs.Vector(i);
            double sum = 0;
            for (int row = 0; row < n; row++)
            {
                double r = (TensorPrimitives.Dot(matrix.AsSpan(row * n, n), v) - (pairs.Values[i] * v[row])) / norm;
                sum += r * r;
            }

            worst = Math.Max(worst, Math.Sqrt(sum));
        }

        return worst / (n * Ulp);
    }

    public static double OneNorm(double[] matrix, int n)
    {
        double[] sums = new double[n];
        for (int i = 0; i < matrix.Length; i++)
            sums[i % n] += Math.Abs(matrix[i]);
        double norm = 0;
        foreach (double sum in sums)
            norm = sum > norm || double.IsNaN(sum) ? sum : norm;
        return norm;
    }

    // c (k×k) −= op(a)·op(b)ᵀ: aᵀ·b for n×n operands, or a·bᵀ for k×n ones.
    private static void Subtract(double[] a, double[] b, double[] c, int k, int n, bool transposed)
    {
        for (int i = 0; i < k; i++)
        {
            for (int p = 0; p < (transposed ? n : k); p++)
            {
                if (transposed)
                {
                    double factor = -a[(p * n) + i];
                    Span<double> row = c.AsSpan(i * k, k);
                    TensorPrimitives.MultiplyAdd(b.AsSpan(p * n, n), factor, row, row);
                }
                else
                {
                    c[(i * k) + p] -= TensorPrimitives.Dot(a.AsSpan(i * n, n), b.AsSpan(p * n, n));
                }
            }
        }
    }
}
