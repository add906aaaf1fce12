using System.Globalization;
using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit.Tests.Spectrum;

/// <summary>LAPACK's accuracy ratios on matrices made to break eigensolvers.</summary>
public class SymmetricEigenAccuracyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(24)]
    [InlineData(33)]
    [InlineData(64)]
    [InlineData(129)]
    [InlineData(257)]
    public void Hard_matrices_stay_within_the_ratios(int n)
    {
        foreach ((string name, double[] matrix) in TestMatrices.Hard(n))
        {
            EigenPairs pairs = SymmetricEigen.Decompose(matrix, n);
            SymmetricEigenRatios.Reconstruction(matrix, n, pairs).Should().BeLessThan(60, "{0}, n = {1}", name, n);
            SymmetricEigenRatios.Orthogonality(pairs).Should().BeLessThan(60, "{0}, n = {1}", name, n);
            pairs.Values.Should().BeInDescendingOrder("{0}, n = {1}", name, n);
            pairs.Fallbacks.Should().Be(0, "{0}, n = {1}", name, n);

            // Residuals on the result are those of the matrix, and small.
            double worst = SymmetricEigenRatios.Residual(matrix, n, pairs);
            worst.Should().BeLessThan(30, "{0}, n = {1}", name, n);

            double[] values = SymmetricEigen.Values(matrix, n);
            double largest = Math.Max(Math.Abs(values[0]), Math.Abs(values[n - 1]));
            values.Zip(pairs.Values, (x, y) => Math.Abs(x - y)).Max().Should().BeLessThanOrEqualTo(10 * n * SymmetricEigenRatios.Ulp * largest, "{0}, n = {1}", name, n);
        }
    }

    /// <summary>Without refinement both come to about 2.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(11)]
    [InlineData(16)]
    public void Small_matrices_are_decomposed_to_rounding(int n)
    {
        foreach ((string name, double[] matrix) in TestMatrices.Hard(n))
        {
            EigenPairs pairs = SymmetricEigen.Decompose(matrix, n);
            SymmetricEigenRatios.Reconstruction(matrix, n, pairs).Should().BeLessThan(1.25, "{0}, n = {1}", name, n);
            SymmetricEigenRatios.Orthogonality(pairs).Should().BeLessThan(0.75, "{0}, n = {1}", name, n);
        }
    }

    /// <summary>Gaps far below rounding of the norm: whatever is done about such pairs must leave them orthogonal.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(15)]
    [InlineData(24)]
    [InlineData(40)]
    public void Gram_matrices_of_dependent_rows_of_all_sizes_have_orthonormal_vectors(int n)
    {
        for (int seed = 0; seed < 100; seed++)
        {
            int length = n + seed;
            double[] rows = new double[n * length], gram = new double[n * n];
            RandomFill.Normal<double>(rows, 0, 1, (ulong)seed);
            for (int i = 0; i < n; i++)
            {
                // The second half are multiples of the first, whose lengths are 1 to 1e-15.
                double size = Math.Pow(10, -15 * Math.Abs(Math.Sin(seed + (7 * i))));
                for (int c = 0; c < length; c++)
                    rows[(i * length) + c] = i > n / 2 ? rows[((i - (n / 2)) * length) + c] * (i % 3 == 0 ? -1 : 2) : rows[(i * length) + c] * size;
            }

            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j <= i; j++)
                    gram[(i * n) + j] = gram[(j * n) + i] = TensorPrimitives.Dot<double>(rows.AsSpan(i * length, length), rows.AsSpan(j * length, length));
            }

            EigenPairs pairs = SymmetricEigen.Decompose(gram, n);
            SymmetricEigenRatios.Reconstruction(gram, n, pairs).Should().BeLessThan(10, "n = {0}, seed {1}", n, seed);
            SymmetricEigenRatios.Orthogonality(pairs).Should().BeLessThan(10, "n = {0}, seed {1}", n, seed);
        }
    }

    [Fact]
    public void A_thousand_dimensions()
    {
        double[] matrix = TestMatrices.Uniform(1000, seed: 1);
        EigenPairs pairs = SymmetricEigen.Decompose(matrix, 1000);
        pairs.Method.Should().Be(EigenMethod.DivideAndConquer);
        SymmetricEigenRatios.Reconstruction(matrix, 1000, pairs).Should().BeLessThan(10);
        SymmetricEigenRatios.Orthogonality(pairs).Should().BeLessThan(10);
    }

    /// <summary>Every computed value lies where Sylvester's law says, to a few ulps of the norm.</summary>
    [Theory]
    [InlineData(21)]
    [InlineData(130)]
    [InlineData(300)]
    public void Sturm_counts_confirm_the_values(int n)
    {
        foreach ((double[] d, double[] e) in (ReadOnlySpan<(double[], double[])>)[Wilkinson(n), Random(n), Clement(n)])
        {
            double[] values = SymmetricEigen.Values(TestMatrices.Tridiagonal(d, e), n);
            double slack = 4 * n * SymmetricEigenRatios.Ulp * Math.Max(Math.Abs(values[0]), Math.Abs(values[n - 1]));
            for (int i = 0; i < n; i++)
            {
                // Ascending order: value i from the top has n−1−i below it.
                SturmCount(d, e, values[i] - slack).Should().BeLessThanOrEqualTo(n - 1 - i);
                SturmCount(d, e, values[i] + slack).Should().BeGreaterThanOrEqualTo(n - i);
            }
        }
    }

    [Theory]
    [InlineData(50)]
    [InlineData(201)]
    public void Closed_forms_are_met(int n)
    {
        // Clement: n−1, n−3, …, −(n−1). Toeplitz (2; 1): 2 + 2·cos(iπ/(n+1)).
        (double[] d, double[] e) = Clement(n);
        double[] clement = SymmetricEigen.Decompose(TestMatrices.Tridiagonal(d, e), n).Values;
        double[] toeplitz = SymmetricEigen.Decompose(TestMatrices.Tridiagonal([.. Enumerable.Repeat(2.0, n)], [.. Enumerable.Repeat(1.0, n)]), n).Values;
        for (int i = 0; i < n; i++)
        {
            clement[i].Should().BeApproximately(n - 1 - (2 * i), 4 * n * n * SymmetricEigenRatios.Ulp);
            toeplitz[i].Should().BeApproximately(2 + (2 * Math.Cos((i + 1) * Math.PI / (n + 1))), 4 * n * SymmetricEigenRatios.Ulp);
        }
    }

    [RealDataFact]
    public void Tridiagonals_that_broke_solvers_give_their_published_values()
    {
        int files = 0;
        foreach (string file in Directory.EnumerateFiles(RealData.PathOf("eigen"), "*.dat").Order(StringComparer.Ordinal))
        {
            (double[] d, double[] e) = ReadTridiagonal(file);
            int n = d.Length;
            if (n > 1000)
                continue;
            double[] expected = [.. File.ReadLines(Path.ChangeExtension(file, ".eig")).Skip(1).SelectMany(Numbers).OrderDescending()];
            double[] matrix = TestMatrices.Tridiagonal(d, e);
            EigenPairs pairs = SymmetricEigen.Decompose(matrix, n);
            double largest = Math.Max(Math.Abs(expected[0]), Math.Abs(expected[^1]));
            expected.Length.Should().Be(n, file);
            double[] values = SymmetricEigen.Values(matrix, n);
            for (int i = 0; i < n; i++)
            {
                pairs.Values[i].Should().BeApproximately(expected[i], 10 * n * SymmetricEigenRatios.Ulp * largest, file);
                values[i].Should().BeApproximately(expected[i], 10 * n * SymmetricEigenRatios.Ulp * largest, file);
            }

            SymmetricEigenRatios.Orthogonality(pairs).Should().BeLessThan(60, file);
            SymmetricEigenRatios.Residual(matrix, n, pairs).Should().BeLessThan(60, file);
            pairs.Fallbacks.Should().Be(0, file);
            files++;
        }

        files.Should().BeGreaterThan(10);
    }

    private static (double[] D, double[] E) ReadTridiagonal(string file)
    {
        double[][] lines = [.. File.ReadLines(file).Skip(1).Select(line => Numbers(line).ToArray()).Where(line => line.Length > 1)];
        return ([.. lines.Select(line => line[1])], [.. lines.Select(line => line.Length > 2 ? line[2] : 0)]);
    }

    private static IEnumerable<double> Numbers(string line)
        => line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(text => double.Parse(text.Replace('D', 'E'), CultureInfo.InvariantCulture));

    private static int SturmCount(double[] d, double[] e, double x)
    {
        int negative = 0;
        double pivot = 1;
        for (int i = 0; i < d.Length; i++)
        {
            pivot = d[i] - x - (i == 0 ? 0 : e[i - 1] * e[i - 1] / pivot);
            if (pivot == 0)
                pivot = double.Epsilon * 1e30;
            if (pivot < 0)
                negative++;
        }

        return negative;
    }

    private static (double[] D, double[] E) Wilkinson(int n)
        => ([.. Enumerable.Range(1, n).Select(i => Math.Abs(i - ((n + 1) / 2.0)))], [.. Enumerable.Repeat(1.0, n)]);

    private static (double[] D, double[] E) Clement(int n)
        => (new double[n], [.. Enumerable.Range(1, n).Select(i => Math.Sqrt((double)i * (n - i)))]);

    private static (double[] D, double[] E) Random(int n)
    {
        Random random = new(n);
        return ([.. Enumerable.Range(0, n).Select(_ => random.NextDouble())], [.. Enumerable.Range(0, n).Select(_ => random.NextDouble())]);
    }
}
