using System.Text.Json;
using SpectralInit.Kernels;

namespace SpectralInit.Tests.Spectrum;

/// <summary>LAPACK's accuracy ratios of singular triples, values by LAPACK and by many digits (Golden/svd/svd.py), and the same bits on any number of threads.</summary>
public class SingularValueAccuracyTests
{
    private const double Ulp = SymmetricEigenRatios.Ulp;

    private static readonly JsonElement s_golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "svd", "svd.json"))).RootElement;

    [Theory]
    [InlineData(1, 9)]
    [InlineData(9, 1)]
    [InlineData(2, 2)]
    [InlineData(8, 8)]
    [InlineData(33, 33)]
    [InlineData(300, 260)]
    [InlineData(129, 500)]
    public void Random_matrices_stay_within_the_ratios(int rows, int columns)
    {
        double[] matrix = Gaussian(rows, columns, 3);
        foreach (double scale in (double[])[1, 1e200, 1e-200])
            Check($"scale {scale}", TestMatrices.Scaled(matrix, scale), rows, columns, 10);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(15)]
    [InlineData(64)]
    [InlineData(210)]
    public void Hard_matrices_stay_within_the_ratios(int n)
    {
        double last = Math.Max(1, n - 1);
        foreach ((string name, Func<int, double> spectrum) in new (string, Func<int, double>)[]
        {
            ("geometric to 1e-16", i => Math.Pow(10, -16 * i / last)), ("arithmetic to 1e-16", i => 1 - ((1 - 1e-16) * i / last)), ("one large", i => i == 0 ? 1 : 1e-6),
            ("one small", i => i == n - 1 ? 1e-14 : 1), ("two clusters", i => 2 * i < n ? 1 : 1e-9), ("half are zero", i => 2 * i < n ? 1 : 0), ("all equal", _ => 3),
            ("pairs", i => 1.0 / ((i / 2) + 1)), ("steps of 1e-5", i => Math.Pow(1e-5, 4 * i / n)), ("all but equal", i => 1 + (i * Ulp)),
        })
        {
            foreach ((int rows, int columns) in ((int, int)[])[(n, n), (n + 7, n), (n, 2 * n)])
                Check(name, WithSpectrum([.. Enumerable.Range(0, n).Select(spectrum)], rows, columns), rows, columns, 60);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(70)]
    public void Structured_matrices_stay_within_the_ratios(int n)
    {
        double[] normal = Gaussian(n, n, 4);
        foreach ((string name, Func<int, int, double> entry) in new (string, Func<int, int, double>)[]
        {
            ("zero", (_, _) => 0), ("ones", (_, _) => 1), ("identity", (i, j) => i == j ? 1 : 0), ("Hilbert", (i, j) => 1.0 / (i + j + 1)), ("min", (i, j) => Math.Min(i, j) + 1),
            ("multiples of graded rows", (i, j) => normal[(i % ((n + 1) / 2) * n) + j] * Math.Pow(10, -30 * Math.Abs(Math.Sin(i % ((n + 1) / 2)))) * ((i % 3) + 1)),
            ("triples of rows", (i, j) => normal[(i / 3 * n) + j]), ("two entries in three are zero", (i, j) => (i + j) % 3 == 0 ? normal[(i * n) + j] : 0),
            ("zero rows", (i, j) => i % 2 == 0 ? normal[(i * n) + j] : 0), ("one entry", (i, j) => i == n / 2 && j == 0 ? -5 : 0), ("triangle of ones", (i, j) => i <= j ? 1 : 0),
            ("Kahan", (i, j) => Math.Pow(0.8, i) * (i == j ? 1 : i < j ? -0.6 : 0)), ("rows of 1e±150", (i, j) => normal[(i * n) + j] * (i % 2 == 0 ? 1e150 : 1e-150)),
        })
            Check(name, [.. Enumerable.Range(0, n * n).Select(index => entry(index / n, index % n))], n, n, 60);
    }

    [Fact]
    public void Values_agree_with_LAPACK()
    {
        foreach (JsonElement golden in s_golden.GetProperty("lapack").EnumerateArray())
        {
            (string name, double[] expected, SingularTriples triples) = Decompose(golden);
            for (int i = 0; i < expected.Length; i++)
                triples.Values[i].Should().BeApproximately(expected[i], 20 * Ulp * expected[0], "{0}, value {1}", name, i);
        }
    }

    /// <summary>The condition of these but for the grading is about 100.</summary>
    [Fact]
    public void Values_small_by_grading_keep_their_relative_accuracy()
    {
        foreach (JsonElement golden in s_golden.GetProperty("graded").EnumerateArray())
        {
            (string name, double[] expected, SingularTriples triples) = Decompose(golden);
            for (int i = 0; i < expected.Length; i++)
                (triples.Values[i] / expected[i]).Should().BeApproximately(1, 1e-13, "{0}, value {1}", name, i);
        }
    }

    [Theory]
    [InlineData(430, 430)]
    [InlineData(700, 150)]
    public void The_bits_do_not_depend_on_the_number_of_threads(int rows, int columns)
    {
        double[] matrix = WithSpectrum([.. Enumerable.Range(0, columns).Select(i => Math.Pow(10, -12.0 * i / columns))], rows, columns);
        SingularTriples? expected = null;
        foreach (int threads in (int[])[1, 2, 3, 7])
        {
            using IDisposable limit = Parallelism.Limit(threads);
            SingularTriples actual = SingularValueDecomposition.Decompose(matrix, rows, columns);
            expected ??= actual;
            actual.Values.AsSpan().SequenceEqual(expected.Values).Should().BeTrue();
            actual.LeftVectors.AsSpan().SequenceEqual(expected.LeftVectors).Should().BeTrue();
            actual.RightVectors.AsSpan().SequenceEqual(expected.RightVectors).Should().BeTrue();
            actual.Residuals.AsSpan().SequenceEqual(expected.Residuals).Should().BeTrue();
        }
    }

    private static (string Name, double[] Values, SingularTriples Triples) Decompose(JsonElement golden)
    {
        double[] Numbers(string name) => [.. golden.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
        return (golden.GetProperty("name").GetString()!, Numbers("values"), SingularValueDecomposition.Decompose(Numbers("matrix"), golden.GetProperty("rows").GetInt32(), golden.GetProperty("columns").GetInt32()));
    }

    /// <summary>LAPACK's dbdt01 and dort01: ‖A − UΣVᵀ‖₁/(n·ulp·‖A‖₁), ‖I − UᵀU‖₁/(n·ulp), ‖I − VᵀV‖₁/(n·ulp), n the longer side.</summary>
    private static void Check(string name, double[] matrix, int rows, int columns, double most)
    {
        SingularTriples triples = SingularValueDecomposition.Decompose(matrix, rows, columns);
        int count = Math.Min(rows, columns), n = Math.Max(rows, columns);
        triples.Count.Should().Be(count);
        triples.Values.Should().BeInDescendingOrder("{0}", name).And.OnlyContain(value => value >= 0, "{0}", name);

        // In units of the largest entry, where sums do not overflow.
        double largest = matrix.Max(Math.Abs), unit = largest == 0 ? 1 : largest;
        double[] scaled = [.. triples.RightVectors.Select((value, i) => value * (triples.Values[i / columns] / unit))];
        double[] rest = TestMatrices.Scaled(matrix, 1 / unit);
        double norm = SymmetricEigenRatios.OneNorm(rest, columns);
        Multiply(true, false, rows, columns, count, -1, triples.LeftVectors, scaled, rest);
        (SymmetricEigenRatios.OneNorm(rest, columns) / (n * Ulp * (norm == 0 ? 1 : norm))).Should().BeLessThan(most, "{0}, {1}×{2}", name, rows, columns);
        Departure(triples.LeftVectors, count, rows, n).Should().BeLessThan(most, "left vectors, {0}, {1}×{2}", name, rows, columns);
        Departure(triples.RightVectors, count, columns, n).Should().BeLessThan(most, "right vectors, {0}, {1}×{2}", name, rows, columns);
        triples.Residuals.Max().Should().BeLessThanOrEqualTo(most * n * Ulp * triples.Values[0], "{0}, {1}×{2}", name, rows, columns);
    }

    private static double Departure(double[] vectors, int count, int length, int n)
    {
        double[] difference = TestMatrices.Diagonal([.. Enumerable.Repeat(1.0, count)]);
        Multiply(false, true, count, count, length, -1, vectors, vectors, difference);
        return SymmetricEigenRatios.OneNorm(difference, count) / (n * Ulp);
    }

    /// <summary>U·diag(values)·Vᵀ with random orthonormal columns.</summary>
    private static double[] WithSpectrum(double[] values, int rows, int columns)
    {
        int count = values.Length;
        double[] left = Orthonormal(count, rows, 1), right = Orthonormal(count, columns, 2), matrix = new double[rows * columns];
        for (int i = 0; i < right.Length; i++)
            right[i] *= values[i / columns];
        Multiply(true, false, rows, columns, count, 1, left, right, matrix);
        return matrix;
    }

    private static double[] Orthonormal(int count, int length, ulong seed)
    {
        double[] rows = new double[count * length];
        OrthogonalComplement.Fill(rows, 0, count, length, seed);
        return rows;
    }

    private static double[] Gaussian(int rows, int columns, ulong seed)
    {
        double[] matrix = new double[rows * columns];
        RandomFill.Normal<double>(matrix, 0, 1, seed);
        return matrix;
    }

    // C += factor·op(A)·op(B), all without gaps.
    private static unsafe void Multiply(bool transposeA, bool transposeB, int m, int n, int k, double factor, double[] a, double[] b, double[] c)
    {
        fixed (double* pa = a, pb = b, pc = c)
            MatrixProduct.Multiply(transposeA, transposeB, m, n, k, factor, pa, transposeA ? m : k, pb, transposeB ? k : n, 1.0, pc, n);
    }
}
