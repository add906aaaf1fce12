using SpectralInit.Kernels;

namespace SpectralInit.Tests;

/// <summary>Float matrices that take the 16-bit copy, at sizes where the exact norm is at hand.</summary>
public class QuantizedNormTests
{
    // Float sums of terms that are all alike.
    private const double Rounding = 1e-6;

    private static readonly SpectralNormOptions s_options = new();

    public static TheoryData<string, int, int> Matrices
    {
        get
        {
            TheoryData<string, int, int> matrices = [];
            foreach (string kind in new[] { "random", "decaying", "pair", "crowd", "outlier", "heavy row", "heavy tails", "constant", "rank one", "low rank", "equal rows", "small", "large", "integers", "reflection" })
            {
                matrices.Add(kind, 300, 300);
                matrices.Add(kind, 300, 407);
                matrices.Add(kind, 513, 301);
            }

            return matrices;
        }
    }

    [Theory]
    [MemberData(nameof(Matrices))]
    public void The_norm_is_enclosed_with_the_copy_or_without(string kind, int rows, int columns)
    {
        float[] matrix = Make(kind, rows, columns);
        double expected = Reference(matrix, rows, columns);
        foreach (double tolerance in new[] { 1e-2, 1e-4, 1e-5 })
        {
            for (ulong seed = 0; seed < 2; seed++)
            {
                SpectralNormOptions options = s_options with { Tolerance = tolerance, Seed = seed };
                Encloses(SpectralNorm.OfDense<float>(matrix, rows, columns, options, quantizedFrom: 0), expected, tolerance);
                Encloses(SpectralNorm.OfDense<float>(matrix, rows, columns, options), expected, tolerance);
                if (SpectralNorm.Quantized(matrix, rows, columns, options) is { } result)
                    Encloses(result, expected, tolerance);
            }
        }
    }

    [Theory]
    [InlineData("random")]
    [InlineData("decaying")]
    [InlineData("constant")]
    [InlineData("rank one")]
    [InlineData("low rank")]
    [InlineData("heavy row")]
    public void The_copy_serves_where_it_should(string kind)
    {
        if (!QuantizedRows.IsSupported)
            return;
        float[] matrix = Make(kind, 400, 500);
        SpectralNormResult? result = SpectralNorm.Quantized(matrix, 400, 500, s_options);
        result.Should().NotBeNull();
        result!.FailureProbability.Should().Be(s_options.FailureProbability);
        result.Method.Should().Be(SpectralNormMethod.Lanczos);
    }

    [Fact]
    public void Where_nothing_stands_out_by_more_than_its_error_the_copy_gives_up()
    {
        float[] matrix = Make("reflection", 400, 400);
        SpectralNorm.Quantized(matrix, 400, 400, s_options).Should().BeNull();
    }

    [Fact]
    public void Passes_without_the_copy_have_a_failure_probability_of_their_own()
    {
        // Either certificate may be the one that is returned, and wrong: both together must keep to what was asked for.
        float[] matrix = [.. Make("reflection", 400, 400).Select((value, i) => value * (1 - (0.001f * (i % 400))))];
        SpectralNorm.Quantized(matrix, 400, 400, s_options).Should().BeNull();
        SpectralNormResult alone = SpectralNorm.OfDense<float>(matrix, 400, 400, s_options with { FailureProbability = s_options.FailureProbability / 64 }, quantizedFrom: long.MaxValue);
        alone.Method.Should().Be(SpectralNormMethod.Lanczos);
        SpectralNorm.OfDense<float>(matrix, 400, 400, s_options, quantizedFrom: 0).Should().Be(alone with { FailureProbability = s_options.FailureProbability });
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(float.NaN)]
    [InlineData(1e-30f)]
    [InlineData(1e30f)]
    public void Zeros_extreme_scales_and_what_is_not_finite_go_elsewhere(float scale)
    {
        float[] matrix = [.. Make("random", 300, 300).Select(value => value * scale)];
        SpectralNorm.Quantized(matrix, 300, 300, s_options).Should().BeNull();
        if (float.IsNaN(scale))
        {
            Action call = () => SpectralNorm.OfDense<float>(matrix, 300, 300, null, quantizedFrom: 0);
            call.Should().Throw<ArgumentException>().WithParameterName("matrix");
            return;
        }

        Encloses(SpectralNorm.OfDense<float>(matrix, 300, 300, null, quantizedFrom: 0), Reference(matrix, 300, 300), 1e-4);
    }

    [Fact]
    public void Wrong_bounds_are_no_more_frequent_than_the_failure_probability()
    {
        float[] matrix = Make("random", 260, 240);
        double expected = Reference(matrix, 260, 240);
        int wrong = 0, early = 0;
        for (int seed = 0; seed < 120; seed++)
        {
            SpectralNormOptions options = s_options with { Tolerance = seed % 2 == 0 ? 0.03 : 0.003, FailureProbability = 0.1, Seed = (ulong)(1000 + seed) };
            SpectralNormResult result = SpectralNorm.OfDense<float>(matrix, 260, 240, options, quantizedFrom: 0);
            wrong += result.Upper < expected * (1 - Rounding) ? 1 : 0;
            early += result.Value < expected * (1 - 1e-5) ? 1 : 0;
        }

        wrong.Should().BeLessThanOrEqualTo(12);
        early.Should().BeGreaterThan(10, "some of the stops must be early for this test to mean anything");
    }

    [Fact]
    public void Every_pass_is_told_the_last_one_over_the_matrix_included()
    {
        if (!QuantizedRows.IsSupported)
            return;
        List<long> told = [];
        SpectralNormResult? result = SpectralNorm.Quantized(Make("random", 400, 500), 400, 500, s_options, new Told(told));
        told.Should().Equal(Enumerable.Range(1, result!.Iterations).Select(done => (long)done));
    }

    [Fact]
    public void The_same_bits_on_any_number_of_threads()
    {
        float[] matrix = Make("random", 520, 413);
        SpectralNormResult[] results = [.. new[] { 1, 2, 3, 7 }.Select(threads =>
        {
            using IDisposable limit = Parallelism.Limit(threads);
            return SpectralNorm.OfDense<float>(matrix, 520, 413, null, quantizedFrom: 0);
        })];
        results.Should().AllSatisfy(result => result.Should().Be(results[0]));
    }

    private static void Encloses(SpectralNormResult result, double expected, double tolerance)
    {
        result.Value.Should().BeLessThanOrEqualTo(expected * (1 + Rounding));
        result.Upper.Should().BeGreaterThanOrEqualTo(expected * (1 - Rounding));
        result.Converged.Should().BeTrue();
        result.RelativeError.Should().BeLessThanOrEqualTo(tolerance);
    }

    private static double Reference(float[] matrix, int rows, int columns) =>
        SpectralNorm.Of([.. matrix.Select(value => (double)value)], rows, columns, new() { Method = SpectralNormMethod.Direct }).Value;

    private static float[] Make(string kind, int rows, int columns)
    {
        float[] draws = new float[rows * columns];
        RandomFill.Normal<float>(draws, 0, 1, 11);
        int shorter = Math.Min(rows, columns);
        float square = System.Numerics.Tensors.TensorPrimitives.SumOfSquares<float>(draws.AsSpan(0, shorter));
        return [.. draws.Select((draw, i) =>
        {
            (int row, int column) = (i / columns, i % columns);
            bool diagonal = row == column;
            return kind switch
            {
                "decaying" => draw * MathF.Pow(0.97f, row),
                "pair" => diagonal ? row < 2 ? 1.02f : 1 - (0.001f * row) : 0,
                "crowd" => diagonal ? row < 20 ? 1.01f - (1e-5f * row) : 1 - (0.001f * row) : 0,
                "outlier" => i == 12345 ? 1e4f : draw,
                "heavy row" => row == 17 ? 30 * draw : draw,
                "heavy tails" => draw * MathF.Exp(2 * draws[(int)(i * 7L % draws.Length)]),
                "constant" => 0.3f,
                "rank one" => (1 + (row % 3)) * 0.1f * (column % 2),
                "low rank" => (draws[column] * MathF.Cos(row)) + (0.5f * draws[columns + column] * MathF.Sin(2 * row)),
                "equal rows" => draws[column],
                "small" => draw * 1e-5f,
                "large" => draw * 1e5f,
                "reflection" => Math.Max(row, column) >= shorter ? 0 : (diagonal ? 1 : 0) - (2 * draws[row] * draws[column] / square),
                "integers" => MathF.Round(3 * draw),
                _ => draw,
            };
        })];
    }

    private sealed class Told(List<long> done) : IProgress<SolverProgress>
    {
        public void Report(SolverProgress value) => done.Add(value.Done);
    }
}
