using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>
/// One step of Newton's kind on all eigenpairs of a small symmetric matrix, its residuals in twice the precision (Ogita and Aishima, "Iterative refinement
/// for symmetric eigenvalue decomposition", 2018, Algorithm 1): what rounding left of a few ulps goes, for about what the decomposition itself costs.
/// </summary>
internal static unsafe class EigenRefinement
{
    /// <summary>The largest dimension this is done for.</summary>
    public const int MaxDimension = 32;

    // Rows are padded to whole vectors.
    private const int Width = 8;

    // 2⁻²⁸: its square is below an ulp.
    private const double LargestTurn = 1.0 / (1 << 28);

    // 2⁻⁴⁸ of the norm: over smaller gaps what 2⁻¹⁰⁵ does to S would turn the two vectors of a pair by different angles.
    private const double LeastGap = 1.0 / (1L << 48);

    /// <summary>Refines in place.</summary>
    /// <param name="a">A, n×n, symmetric, scaled to about 1.</param>
    /// <param name="n">n ≤ <see cref="MaxDimension"/>.</param>
    /// <param name="values">Eigenvalues, descending.</param>
    /// <param name="vectors">Eigenvectors as rows.</param>
    public static void Step(ReadOnlySpan<double> a, int n, Span<double> values, Span<double> vectors)
    {
        int stride = (n + Width - 1) & -Width, size = n * stride;
        double* matrix = stackalloc double[size], v = stackalloc double[size], columns = stackalloc double[size];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                matrix[(i * stride) + j] = a[(i * n) + j];
                v[(i * stride) + j] = columns[(j * stride) + i] = vectors[(i * n) + j];
            }
        }

        double* r = stackalloc double[size], s = stackalloc double[size], quotients = stackalloc double[size];
        Measure(matrix, v, columns, n, stride, r, s, quotients);
        for (int i = 0; i < n; i++)
            values[i] = quotients[(i * stride) + i];
        Turn(v, n, stride, r, s, values, vectors);
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

    /// <summary>R = I − VVᵀ and S = V·A·Vᵀ: wanted to double precision, but off the diagonal that needs the products in more.</summary>
    private static void Measure(double* a, double* v, double* columns, int n, int stride, double* r, double* s, double* quotients)
    {
        double* high = stackalloc double[MaxDimension], low = stackalloc double[MaxDimension];
        for (int i = 0; i < n; i++)
        {
            double* row = v + (i * stride);
            for (int c = 0; c < stride; c += Width)
            {
                Double2 image = default;
                for (int p = 0; p < n; p++)
                    image = image.AddProduct(Vector512.Create(row[p]), Vector512.Load(a + (p * stride) + c));
                image.High.Store(high + c);
                image.Low.Store(low + c);
            }

            for (int c = 0; c < stride; c += Width)
            {
                int at = (i * stride) + c;
                Double2 angle = new(i >= c && i < c + Width ? Vector512<double>.Zero.WithElement(i - c, 1) : default, default), product = default;
                for (int p = 0; p < n; p++)
                {
                    Vector512<double> entries = Vector512.Load(columns + (p * stride) + c);
                    angle = angle.AddProduct(Vector512.Create(-row[p]), entries);
                    product = product.AddProduct(Vector512.Create(high[p]), entries).Add(Vector512.Create(low[p]), entries);
                }

                Vector512<double> rest = angle.High + angle.Low;
                rest.Store(r + at);
                (product.High + product.Low).Store(s + at);

                // On the diagonal the eigenvalue s/(1 − r), to first order in an r of an ulp or two: rounded once.
                (product.High + Vector512.FusedMultiplyAdd(product.High, rest, product.Low)).Store(quotients + at);
            }
        }
    }

    /// <summary>V ← V + E·V leaves an error of E²: pairs so close that it would count stay as they are, but for their angle.</summary>
    private static void Turn(double* v, int n, int stride, double* r, double* s, ReadOnlySpan<double> values, Span<double> vectors)
    {
        double* turns = stackalloc double[MaxDimension], turned = stackalloc double[MaxDimension];
        double leastGap = LeastGap * Math.Max(Math.Abs(values[0]), Math.Abs(values[n - 1]));
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double gap = values[i] - values[j], angle = r[(i * stride) + j];
                double turn = s[(i * stride) + j] + (values[i] * angle);
                turns[j] = i != j && Math.Abs(turn) <= LargestTurn * Math.Abs(gap) && Math.Abs(gap) > leastGap ? turn / gap : angle / 2;
            }

            for (int c = 0; c < stride; c += Width)
            {
                Vector512<double> sum = default;
                for (int j = 0; j < n; j++)
                    sum += Vector512.Create(turns[j]) * Vector512.Load(v + (j * stride) + c);
                (Vector512.Load(v + (i * stride) + c) + sum).Store(turned + c);
            }

            new ReadOnlySpan<double>(turned, n).CopyTo(vectors.Slice(i * n, n));
        }
    }

    /// <summary>Unevaluated sums of two doubles.</summary>
    private readonly struct Double2(Vector512<double> high, Vector512<double> low)
    {
        public readonly Vector512<double> High = high, Low = low;

        /// <summary>This + x·y, with an error of about 2⁻¹⁰⁵.</summary>
        public Double2 AddProduct(Vector512<double> x, Vector512<double> y)
        {
            Vector512<double> product = x * y, rest = Vector512.FusedMultiplyAdd(x, y, -product), sum = High + product, part = sum - High;
            return new(sum, Low + rest + (High - (sum - part) + (product - part)));
        }

        /// <summary>This + x·y for a product that is an ulp itself.</summary>
        public Double2 Add(Vector512<double> x, Vector512<double> y) => new(High, Vector512.FusedMultiplyAdd(x, y, Low));
    }
}
