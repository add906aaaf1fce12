using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>
/// Kernel ridge regression with the Laplace kernel k(x, z) = exp(−‖x − z‖ / L) and the average gradient outer product of its predictor.
/// </summary>
/// <remarks>
/// With α = (K + λI)⁻¹Y the predictor is f(x) = Σᵢ αᵢ k(xᵢ, x) and its gradient at the centre xⱼ is ∇f_c(xⱼ) = Σᵢ α_ic Gᵢⱼ (xᵢ − xⱼ), where
/// Gᵢⱼ = Kᵢⱼ / (L·‖xᵢ − xⱼ‖) and Gᵢᵢ = 0 (the kernel has a cusp at its own centre). Written for all centres, the gradients of output c are
/// (G·diag(α_c) − diag(G·α_c))·X, so their summed outer products are XᵀPX with
/// P = (G·G) ∘ (ααᵀ) − S − Sᵀ + diag(Σ_c δ_c²), S = G ∘ (αδᵀ), δ = Gα: one product of m×m matrices, however many outputs there are.
/// Distances below L/1000 are damped, (x − z)/‖x − z‖ → (x − z)/(L/1000), so that near duplicates do not drown the sum in rounding.
/// </remarks>
internal static class LaplaceKernel
{
    private const double Softening = 1e-3;

    /// <param name="sample">Centred rows, m×r.</param>
    /// <param name="targets">Centred targets, m×c.</param>
    /// <param name="outputs">c.</param>
    /// <param name="ridge">λ.</param>
    /// <param name="bandwidth">L, or null for the median distance.</param>
    /// <param name="progress">Told of the four steps of m³ operations: distances, inverse, product of slopes, projection.</param>
    /// <param name="cancellationToken">Stops between them.</param>
    /// <returns>M·L² (r×r, divided by m), the bandwidth L, and the leave-one-out residuals m×c; null when all rows coincide.</returns>
    public static (double[] Product, double Bandwidth, double[] Residuals)? Fit(SpanCoordinates sample, ReadOnlySpan<double> targets, int outputs, double ridge, double? bandwidth, IProgress<SolverProgress>? progress, CancellationToken cancellationToken)
    {
        int m = sample.Count, r = sample.Dimension, c = outputs;
        double[] distance = Distances(sample);
        Step(1);
        double length = bandwidth ?? MedianDistance(distance, m);
        if (!(length > 0))
            return null;

        double[] slope = new double[m * m];
        double[] system = distance;
        Parallelism.Run((m + 31) / 32, block =>
        {
            for (int i = block * 32; i < Math.Min(m, (block + 1) * 32); i++)
            {
                for (int j = 0; j < m; j++)
                {
                    // Distances in bandwidths: nothing overflows, however small or large the rows are.
                    double d = distance[(i * m) + j] / length;
                    double k = Math.Exp(-d);
                    slope[(i * m) + j] = i == j ? 0 : k / Math.Max(d, Softening);
                    system[(i * m) + j] = i == j ? 1 + ridge : k;
                }
            }
        });

        double[] inverse = new double[m * m];
        if (!RowMajor.TryInvertCholesky(system, inverse, m))
            throw new InvalidOperationException($"The kernel matrix of {m} centres is not positive definite with ridge {ridge}; use a larger ridge.");
        Step(2);

        // α = L⁻ᵀ(L⁻¹Y); leave-one-out residual = α / diag((K + λI)⁻¹).
        double[] half = new double[m * c], alpha = new double[m * c], residuals = new double[m * c];
        RowMajor.Multiply(inverse, targets, half, m, c, m);
        RowMajor.TransposedMultiply(inverse, half, alpha, m, c, m);
        double[] diagonal = new double[m];
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j <= i; j++)
                diagonal[j] += inverse[(i * m) + j] * inverse[(i * m) + j];
        }

        for (int i = 0; i < m * c; i++)
            residuals[i] = alpha[i] / diagonal[i / c];

        double[] delta = new double[m * c];
        RowMajor.Multiply(slope, alpha, delta, m, c, m);
        double[] gram = inverse;
        RowMajor.Multiply(slope, slope, gram, m, m, m);
        Step(3);
        double[] weight = system;
        RowMajor.MultiplyTransposed(alpha, alpha, weight, m, m, c);
        for (int i = 0; i < gram.Length; i++)
            gram[i] *= weight[i];
        RowMajor.MultiplyTransposed(alpha, delta, weight, m, m, c);
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double mixed = slope[(i * m) + j] * (weight[(i * m) + j] + weight[(j * m) + i]);
                gram[(i * m) + j] -= mixed;
                gram[(j * m) + i] -= mixed;
            }

            for (int j = 0; j < c; j++)
                gram[(i * m) + i] += delta[(i * c) + j] * delta[(i * c) + j];
        }

        double[] projected = new double[m * r], product = new double[r * r];
        double[] rows = [.. sample.Rows];
        TensorPrimitives.Divide(rows, length, rows);
        RowMajor.Multiply(gram, rows, projected, m, r, m);
        RowMajor.TransposedMultiply(rows, projected, product, r, r, m, alpha: 1.0 / m);
        RowMajor.Symmetrize(product, r);
        Step(4);
        return (product, length, residuals);

        void Step(int done)
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Report(new SolverProgress("kernel", done, 4));
        }
    }

    private static double[] Distances(SpanCoordinates sample)
    {
        int m = sample.Count, r = sample.Dimension;
        double[] distance = new double[m * m];
        RowMajor.MultiplyTransposed(sample.Rows, sample.Rows, distance, m, m, r);
        double[] square = new double[m];
        for (int i = 0; i < m; i++)
            square[i] = distance[(i * m) + i];
        for (int i = 0; i < m; i++)
        {
            distance[(i * m) + i] = 0;
            for (int j = 0; j < i; j++)
            {
                // The product may lose its symmetry in the last bit; the lower triangle decides.
                double gap = square[i] + square[j] - (2 * distance[(i * m) + j]);
                distance[(i * m) + j] = distance[(j * m) + i] = gap > 1e-14 * (square[i] + square[j]) ? Math.Sqrt(gap) : 0;
            }
        }

        return distance;
    }

    /// <summary>Median of the distances between distinct centres; the first 1000 speak for more.</summary>
    private static double MedianDistance(double[] distance, int m)
    {
        int rows = Math.Min(m, 1000);
        double[] pairs = new double[rows * (rows - 1) / 2];
        for (int i = 1, next = 0; i < rows; next += i, i++)
            Array.Copy(distance, i * m, pairs, next, i);
        if (pairs.Length == 0)
            return 0;
        int middle = pairs.Length / 2;
        double upper = OrderStatistic.Place(pairs, middle), lower = pairs.Length % 2 == 1 ? upper : TensorPrimitives.Max<double>(pairs.AsSpan(0, middle));
        if (upper + lower > 0)
            return 0.5 * (upper + lower);

        // More than half the pairs coincide: take the median of those that do not.
        Array.Sort(pairs);
        int zeros = Array.FindLastIndex(pairs, value => value == 0) + 1;
        return zeros == pairs.Length ? 0 : pairs[(zeros + pairs.Length) / 2];
    }
}
