using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>
/// One step of Newton's kind on all eigenpairs of a tiny symmetric matrix, its residuals in twice the precision (Ogita and Aishima, "Iterative refinement
/// for symmetric eigenvalue decomposition", 2018, Algorithm 1): what rounding left of a few ulps goes, for less than the decomposition itself costs.
/// </summary>
internal static unsafe class EigenRefinement
{
    /// <summary>The largest dimension this is done for.</summary>
    public const int MaxDimension = 4;

    // 2⁻²⁸: its square is below an ulp.
    private const double LargestTurn = 1.0 / (1 << 28);

    /// <summary>Refines in place.</summary>
    /// <param name="a">A, n×n, symmetric, scaled to about 1.</param>
    /// <param name="n">n ≤ <see cref="MaxDimension"/>.</param>
    /// <param name="values">Eigenvalues, descending.</param>
    /// <param name="vectors">Eigenvectors as rows.</param>
    public static void Step(ReadOnlySpan<double> a, int n, Span<double> values, Span<double> vectors)
    {
        const int Size = MaxDimension * MaxDimension;
        Span<Double2> image = stackalloc Double2[Size];
        Span<double> r = stackalloc double[Size], s = stackalloc double[Size], refined = stackalloc double[MaxDimension];

        // R = I − VVᵀ, S = V·A·Vᵀ; S is wanted to double precision, but off the diagonal that needs the products in more.
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                Double2 sum = default;
                for (int p = 0; p < n; p++)
                    sum = sum.AddProduct(vectors[(i * n) + p], a[(p * n) + j]);
                image[(i * n) + j] = sum;
            }
        }

        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                Double2 angle = new(i == j ? 1 : 0, 0), product = default;
                for (int p = 0; p < n; p++)
                {
                    angle = angle.AddProduct(-vectors[(i * n) + p], vectors[(j * n) + p]);
                    product = product.AddProduct(image[(i * n) + p].High, vectors[(j * n) + p]).AddProduct(image[(i * n) + p].Low, vectors[(j * n) + p]);
                }

                r[(i * n) + j] = angle.High + angle.Low;
                s[(i * n) + j] = product.High + product.Low;
            }
        }

        for (int i = 0; i < n; i++)
            refined[i] = s[(i * n) + i] / (1 - r[(i * n) + i]);

        // V ← V + E·V leaves an error of E²: pairs so close that it would count stay as they are, but for their angle.
        Span<double> corrected = stackalloc double[Size];
        for (int i = 0; i < n; i++)
        {
            for (int p = 0; p < n; p++)
            {
                double sum = 0;
                for (int j = 0; j < n; j++)
                {
                    double gap = refined[i] - refined[j], angle = r[(i * n) + j];
                    double turn = s[(i * n) + j] + (refined[i] * angle);
                    sum += (i != j && Math.Abs(turn) <= LargestTurn * Math.Abs(gap) && gap != 0 ? turn / gap : angle / 2) * vectors[(j * n) + p];
                }

                corrected[(i * n) + p] = vectors[(i * n) + p] + sum;
            }
        }

        corrected[..(n * n)].CopyTo(vectors);
        refined[..n].CopyTo(values);
        for (int i = 0; i < n; i++)
        {
            Span<double> vector = vectors.Slice(i * n, n);
            if (SignRule.WantsNegation(vector))
                TensorPrimitives.Negate(vector, vector);
        }

        // Values that are equal but for rounding may have changed places.
        for (int i = 1; i < n; i++)
        {
            for (int j = i; j > 0 && values[j] > values[j - 1]; j--)
            {
                (values[j], values[j - 1]) = (values[j - 1], values[j]);
                for (int p = 0; p < n; p++)
                    (vectors[(j * n) + p], vectors[((j - 1) * n) + p]) = (vectors[((j - 1) * n) + p], vectors[(j * n) + p]);
            }
        }
    }

    /// <summary>An unevaluated sum of two doubles.</summary>
    private readonly struct Double2(double high, double low)
    {
        public readonly double High = high, Low = low;

        /// <summary>This + x·y, with an error of about 2⁻¹⁰⁵.</summary>
        public Double2 AddProduct(double x, double y)
        {
            double product = x * y, rest = Math.FusedMultiplyAdd(x, y, -product), sum = High + product, part = sum - High;
            return new(sum, Low + rest + (High - (sum - part) + (product - part)));
        }
    }
}
