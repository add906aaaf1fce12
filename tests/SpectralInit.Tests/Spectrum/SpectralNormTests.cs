using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using SpectralInit.Kernels;

namespace SpectralInit.Tests;

public class SpectralNormTests
{
    private static readonly SpectralNormOptions s_lanczos = new() { Method = SpectralNormMethod.Lanczos };

    private static double Reference(double[] matrix, int rows, int columns) =>
        SpectralNorm.Of(matrix, rows, columns, new() { Method = SpectralNormMethod.Direct }).Value;

    private static double[] Gaussian(int rows, int columns, int seed)
    {
        double[] values = new double[rows * columns];
        SpectralInit.Kernels.RandomFill.Normal<double>(values, 0, 1, (ulong)seed);
        return values;
    }

    [Theory]
    [InlineData("row")]
    [InlineData("column")]
    [InlineData("three rows")]
    public void What_dwarfs_the_rest_of_the_matrix_is_not_overestimated(string giant)
    {
        // Products are all but parallel then, and a basis made of what is left of them is one of rounding errors unless it is made orthogonal again.
        const int Rows = 150, Columns = 170;
        double[] matrix = new double[Rows * Columns];
        RandomFill.Normal<double>(matrix, 0, 1, 9);
        for (int i = 0; i < matrix.Length; i++)
        {
            (int row, int column) = (i / Columns, i % Columns);
            matrix[i] *= giant switch { "row" => row == 7, "column" => column == 3, _ => row < 3 } ? giant == "three rows" ? Math.Pow(100, row + 1) : 1e4 : 0.03;
        }

        float[] singles = Array.ConvertAll(matrix, value => (float)(value * 1e30));
        double expected = Direct(matrix), expectedSingle = Direct(Array.ConvertAll(singles, value => (double)value));
        foreach (double tolerance in new[] { 1e-2, 1e-4, 1e-6, 1e-8 })
        {
            for (ulong seed = 0; seed < 3; seed++)
            {
                SpectralNormOptions options = new() { Method = SpectralNormMethod.Lanczos, Tolerance = tolerance, Seed = seed };
                Encloses(SpectralNorm.Of(matrix, Rows, Columns, options), expected, tolerance);
                Encloses(SpectralNorm.Of(singles, Rows, Columns, options), expectedSingle, tolerance);
            }
        }

        static double Direct(double[] matrix) => SpectralNorm.Of(matrix, Rows, Columns, new() { Method = SpectralNormMethod.Direct }).Value;

        static void Encloses(SpectralNormResult result, double expected, double tolerance)
        {
            (result.Value / expected).Should().BeInRange(1 - tolerance, 1 + 1e-12);
            (result.Upper / expected).Should().BeInRange(1 - 1e-12, 1 + (1.01 * tolerance) + 1e-12);
            result.Converged.Should().BeTrue();
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 9)]
    [InlineData(17, 5)]
    [InlineData(40, 60)]
    public void The_direct_method_equals_the_largest_singular_value_of_mathnet(int rows, int columns)
    {
        double[] matrix = Gaussian(rows, columns, 5);
        Matrix<double> a = Matrix<double>.Build.DenseOfRowMajor(rows, columns, matrix);
        double expected = a.Svd(false).S[0];
        SpectralNormResult result = SpectralNorm.Of(matrix, rows, columns);
        result.Value.Should().BeApproximately(expected, 1e-13 * expected);
        result.Method.Should().Be(SpectralNormMethod.Direct);
        result.Converged.Should().BeTrue();
        result.FailureProbability.Should().Be(0);
        SpectralNorm.Of(a).Value.Should().BeApproximately(expected, 1e-13 * expected);
        SpectralNorm.Of(a.ToSingle()).Value.Should().BeApproximately(expected, 1e-6 * expected);
    }

    [Theory]
    [InlineData(300, 300, 1e-4)]
    [InlineData(300, 300, 1e-12)]
    [InlineData(250, 701, 1e-8)]
    [InlineData(900, 210, 1e-4)]
    [InlineData(333, 257, 1e-10)]
    public void Lanczos_encloses_the_norm_within_the_tolerance(int rows, int columns, double tolerance)
    {
        for (int seed = 0; seed < 4; seed++)
        {
            double[] matrix = Gaussian(rows, columns, 100 + seed);
            double expected = Reference(matrix, rows, columns);
            SpectralNormResult result = SpectralNorm.Of(matrix, rows, columns, s_lanczos with { Tolerance = tolerance, Seed = (ulong)seed });
            result.Method.Should().Be(SpectralNormMethod.Lanczos);
            result.Converged.Should().BeTrue();
            result.RelativeError.Should().BeLessThanOrEqualTo(tolerance);
            result.Value.Should().BeLessThanOrEqualTo(expected * (1 + 1e-13));
            result.Upper.Should().BeGreaterThanOrEqualTo(expected * (1 - 1e-13));
            result.Iterations.Should().BeLessThan(60);

            float[] single = [.. matrix.Select(value => (float)value)];
            SpectralNormResult narrow = SpectralNorm.Of(single, rows, columns, s_lanczos with { Tolerance = tolerance });
            narrow.Value.Should().BeInRange(expected * (1 - tolerance - 2e-7), expected * (1 + 2e-7), "rounding the entries moves the norm that much");
            narrow.Upper.Should().BeGreaterThanOrEqualTo(expected * (1 - 2e-7));
        }
    }

    [Fact]
    public void A_hidden_direction_is_not_overlooked()
    {
        // One singular value 3 % above a flat crowd of 400: a residual alone is soon small for the wrong one.
        int n = 400;
        Matrix<double> u = Matrix<double>.Build.DenseOfRowMajor(n, n, Gaussian(n, n, 1)).QR().Q;
        Matrix<double> v = Matrix<double>.Build.DenseOfRowMajor(n, n, Gaussian(n, n, 2)).QR().Q;
        Vector<double> s = Vector<double>.Build.Dense(n, i => i == 0 ? 1.03 : 1 - (0.001 * i / n));
        double[] matrix = (u * Matrix<double>.Build.DiagonalOfDiagonalVector(s) * v.Transpose()).ToRowMajorArray();
        SpectralNormResult result = SpectralNorm.Of(matrix, n, n, s_lanczos);
        result.Converged.Should().BeTrue();
        result.Value.Should().BeApproximately(1.03, 1.03e-4);
    }

    [Fact]
    public void The_certificate_never_lies_about_early_stops()
    {
        // Loose tolerances stop early, where the bound has to do the work: over 60 starts the enclosure must hold every time.
        double[] matrix = Gaussian(260, 260, 9);
        double expected = Reference(matrix, 260, 260);
        int loose = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            SpectralNormResult result = SpectralNorm.Of(matrix, 260, 260, s_lanczos with { Tolerance = seed % 2 == 0 ? 0.1 : 0.01, Seed = (ulong)seed });
            result.Upper.Should().BeGreaterThanOrEqualTo(expected);
            result.Value.Should().BeLessThanOrEqualTo(expected * (1 + 1e-14));
            loose += result.Value < expected * (1 - 1e-6) ? 1 : 0;
        }

        loose.Should().BeGreaterThan(5, "some of the stops must be early for this test to mean anything");
    }

    [Theory]
    [InlineData("pair")]
    [InlineData("wide pair")]
    [InlineData("crowd")]
    [InlineData("alone")]
    [InlineData("hidden")]
    [InlineData("geometric")]
    public void The_enclosure_holds_for_adversarial_spectra(string shape)
    {
        // Diagonal matrices are as good as any: the start is rotation invariant. Loose tolerances, so that the bound is tried where it has the least to go on.
        const int N = 240;
        double[] matrix = new double[N * N];
        for (int i = 0; i < N; i++)
        {
            double bulk = 1 - (0.7 * i / N);
            matrix[i * (N + 1)] = shape switch
            {
                "pair" => i < 2 ? 1.02 - (1e-9 * i) : bulk,
                "wide pair" => i < 2 ? 1.02 - (2e-3 * i) : bulk,
                "crowd" => i < 20 ? 1.01 - (1e-5 * i) : bulk,
                "alone" => i == 0 ? 1.005 : 1 - (1e-6 * i),
                "hidden" => i == 0 ? 1.0004 : i < 60 ? 1 : bulk,
                _ => Math.Pow(0.9, i),
            };
        }

        double expected = matrix.Max();
        for (int seed = 0; seed < 24; seed++)
        {
            double tolerance = (seed % 4) switch { 0 => 0.05, 1 => 3e-3, 2 => 3e-4, _ => 1e-5 };
            SpectralNormResult result = SpectralNorm.Of(matrix, N, N, s_lanczos with { Tolerance = tolerance, Seed = (ulong)seed });
            result.Value.Should().BeLessThanOrEqualTo(expected * (1 + 1e-12), "a Ritz value is a lower bound");
            result.Upper.Should().BeGreaterThanOrEqualTo(expected * (1 - 1e-13), $"seed {seed}, tolerance {tolerance}");
            (result.Converged && result.RelativeError > tolerance).Should().BeFalse();
        }
    }

    [Fact]
    public void Wrong_bounds_are_no_more_frequent_than_the_failure_probability()
    {
        double[] matrix = Gaussian(200, 200, 17);
        double expected = Reference(matrix, 200, 200);
        int wrong = 0;
        for (int seed = 0; seed < 200; seed++)
        {
            SpectralNormOptions options = s_lanczos with { Tolerance = seed % 2 == 0 ? 0.03 : 0.003, FailureProbability = 0.1, Seed = (ulong)(1000 + seed) };
            wrong += SpectralNorm.Of(matrix, 200, 200, options).Upper < expected ? 1 : 0;
        }

        wrong.Should().BeLessThanOrEqualTo(20);
    }

    [Theory]
    [InlineData(1e-200)]
    [InlineData(1e200)]
    [InlineData(1e-85)]
    [InlineData(1e85)]
    [InlineData(1e55)]
    [InlineData(1e-55)]
    [InlineData(1e-30)]
    public void Scale_does_not_matter(double scale)
    {
        double[] matrix = Gaussian(220, 230, 3);
        double expected = Reference(matrix, 220, 230);
        double[] scaled = [.. matrix.Select(value => value * scale)];
        (SpectralNorm.Of(scaled, 220, 230).Value / scale / expected).Should().BeApproximately(1, 1e-4);
        (Reference(scaled, 220, 230) / scale / expected).Should().BeApproximately(1, 1e-13);
        if (scale is > 1e-40 and < 1)
        {
            float[] single = [.. scaled.Select(value => (float)value)];
            (SpectralNorm.Of(single, 220, 230).Value / scale / expected).Should().BeApproximately(1, 1e-4);
        }
    }

    [Fact]
    public void Zero_identity_orthogonal_and_low_rank_matrices_are_exact()
    {
        SpectralNorm.Of(new double[90_000], 300, 300).Value.Should().Be(0);
        SpectralNorm.Of(new float[90_000], 300, 300, s_lanczos).RelativeError.Should().Be(0);
        SpectralNorm.Of(Array.Empty<double>(), 0, 7).Value.Should().Be(0);
        SpectralNorm.Of(Matrix<double>.Build.DenseIdentity(300)).Value.Should().BeApproximately(1, 1e-13);
        double[] orthogonal = Matrix<double>.Build.DenseOfRowMajor(300, 300, Gaussian(300, 300, 4)).QR().Q.ToRowMajorArray();
        SpectralNormResult result = SpectralNorm.Of(orthogonal, 300, 300, s_lanczos);
        result.Value.Should().BeApproximately(1, 1e-12);
        result.Converged.Should().BeTrue();

        double[] rankOne = new double[240_000];
        for (int i = 0; i < rankOne.Length; i++)
            rankOne[i] = (1 + (i / 400 % 3)) * (i % 400 % 2);
        double expected = Math.Sqrt(600.0 / 3 * (1 + 4 + 9)) * Math.Sqrt(200);
        SpectralNorm.Of(rankOne, 600, 400).Value.Should().BeApproximately(expected, 1e-10 * expected);
        SpectralNorm.Of(rankOne, 600, 400, s_lanczos).Value.Should().BeApproximately(expected, 1e-10 * expected);
    }

    [Theory]
    [InlineData(0.7)]
    [InlineData(0.97)]
    [InlineData(0.995)]
    public void Decaying_spectra_stay_exact_after_the_leading_ones_have_converged(double ratio)
    {
        // Run on far beyond the first certificate, by a tolerance that asks for full convergence but still takes the short recurrence.
        const int N = 500;
        double[] matrix = new double[N * N];
        for (int i = 0; i < N; i++)
            matrix[i * (N + 1)] = Math.Pow(ratio, i);
        for (int seed = 0; seed < 6; seed++)
        {
            SpectralNormResult result = SpectralNorm.Of(matrix, N, N, s_lanczos with { Tolerance = 1e-6, Seed = (ulong)seed });
            result.Converged.Should().BeTrue();
            result.Value.Should().BeInRange(1 - 1e-6, 1 + 1e-14);
            result.Upper.Should().BeInRange(1 - 1e-14, 1 + 2e-6);
        }
    }

    [Fact]
    public void The_same_bits_on_any_number_of_threads()
    {
        float[] matrix = [.. Gaussian(500, 410, 12).Select(value => (float)value)];
        double[] values = [.. new[] { 1, 2, 3, 7 }.Select(threads =>
        {
            using IDisposable limit = Parallelism.Limit(threads);
            return SpectralNorm.Of(matrix, 500, 410).Value;
        })];
        values.Should().AllSatisfy(value => value.Should().Be(values[0]));
    }

    [Fact]
    public void Operators_and_sparse_matrices_have_norms_too()
    {
        double[] matrix = Gaussian(260, 230, 21);
        SparseMatrix sparse = SparseMatrix.FromEntries(260, 230, matrix.Select((value, i) => (i / 230, i % 230, value)));
        double expected = Reference(matrix, 260, 230);
        SpectralNormResult result = SpectralNorm.Of(sparse, new() { Tolerance = 1e-9 });
        result.Converged.Should().BeTrue();
        result.Method.Should().Be(SpectralNormMethod.Lanczos);
        result.Value.Should().BeApproximately(expected, 1e-9 * expected);
        SpectralNorm.Of(sparse.Transpose(), new() { Tolerance = 1e-9 }).Value.Should().BeApproximately(expected, 1e-9 * expected);
        SpectralNorm.Of(sparse, new() { Method = SpectralNormMethod.Direct }).Value.Should().BeApproximately(expected, 1e-13 * expected);
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        (Action Call, string Parameter)[] calls =
        [
            (() => SpectralNorm.Of(new double[5], 2, 3), "matrix"),
            (() => SpectralNorm.Of(new double[6], -2, 3), "rows"),
            (() => SpectralNorm.Of(new double[6], 2, -3), "columns"),
            (() => SpectralNorm.Of([1, double.NaN], 1, 2), "matrix"),
            (() => SpectralNorm.Of([1, float.NegativeInfinity], 1, 2), "matrix"),
            (() => SpectralNorm.Of((Matrix<double>)null!), "matrix"),
            (() => SpectralNorm.Of(new double[4], 2, 2, new() { Tolerance = 0 }), "Tolerance"),
            (() => SpectralNorm.Of(new double[4], 2, 2, new() { FailureProbability = 1 }), "FailureProbability"),
        ];
        foreach ((Action call, string parameter) in calls)
            call.Should().Throw<ArgumentException>().Which.ParamName.Should().Be(parameter);
    }

    [Theory]
    [InlineData(0ul)]
    [InlineData(7ul)]
    public void The_start_is_another_draw_than_weights_of_the_same_seed(ulong seed)
    {
        const int N = 400;
        double[] weights = new double[N * N];
        new NormalInitializer(1).Initialize<double>(weights, WeightShape.Dense(N, N), seed);
        StartOf matrix = new(N);
        SpectralNorm.Of(matrix, new SpectralNormOptions { Seed = seed });
        ReadOnlySpan<double> first = weights.AsSpan(0, N);
        Math.Abs(TensorPrimitives.CosineSimilarity(first, matrix.Start)).Should().BeLessThan(0.25);
    }

    /// <summary>The unit matrix; keeps the first vector it is given.</summary>
    private sealed class StartOf(int n) : ILinearOperator
    {
        public double[]? Start { get; private set; }

        public int Rows => n;

        public int Columns => n;

        public void Apply(ReadOnlySpan<double> x, Span<double> y)
        {
            Start ??= x.ToArray();
            x.CopyTo(y);
        }

        public void ApplyTranspose(ReadOnlySpan<double> x, Span<double> y) => x.CopyTo(y);
    }
}
