using System.Numerics;
using System.Text.Json;

namespace SpectralInit.Tests.Weights.LowRank;

/// <summary>Factors against the published algorithms by NumPy (Golden/lowrank/lowrank.py), and the laws they share.</summary>
public class LowRankTests
{
    private static readonly JsonElement s_golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "lowrank", "lowrank.json"))).RootElement;
    private static readonly int s_rows = s_golden.GetProperty("rows").GetInt32();
    private static readonly int s_columns = s_golden.GetProperty("columns").GetInt32();
    private static readonly int s_rank = s_golden.GetProperty("rank").GetInt32();
    private static readonly double s_scale = s_golden.GetProperty("scale").GetDouble();
    private static readonly double[] s_weights = Values("weights");

    public static TheoryData<string> Methods => ["pissa", "olora", "ipm", "kpm"];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Products_equal_the_reference_algorithm(string method) =>
        Close(Product(Factor(method, s_weights)), Values(method), 1e-10);

    [Theory]
    [MemberData(nameof(Methods))]
    public void The_residual_and_the_scaled_product_give_the_weights_back(string method)
    {
        LowRankFactors factors = Factor(method, s_weights);
        double[] product = Product(factors);
        double[] sum = [.. factors.Residual.Select((value, i) => value + (factors.Scale * product[i]))];
        Close(sum, s_weights, 1e-12);
        factors.Error.Should().BeApproximately(Math.Sqrt(factors.Residual.Sum(value => value * value)), 1e-12);
        factors.Rank.Should().Be(s_rank);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Errors_have_the_unit_of_the_weights(string method)
    {
        double expected = Factor(method, s_weights).Error;
        foreach (int exponent in new[] { -700, 700 })
            Math.ScaleB(Factor(method, [.. s_weights.Select(value => Math.ScaleB(value, exponent))]).Error, -exponent).Should().BeApproximately(expected, 1e-9 * expected, $"2^{exponent}");
        Refuses("weights", () => Pissa.Factor([.. s_weights.Select(value => value * 1e300)], s_rows, s_columns, s_rank, scale: 1e-300));
    }

    [Fact]
    public void Pissa_leaves_the_least_error_any_product_of_its_rank_can_leave()
    {
        // Eckart and Young: the tail of the singular values.
        double[] values = SingularValueDecomposition.Decompose(s_weights, s_rows, s_columns).Values;
        double best = Math.Sqrt(values.Skip(s_rank).Sum(value => value * value));
        Factor("pissa", s_weights).Error.Should().BeApproximately(best, 1e-12);
        Factor("olora", s_weights).Error.Should().BeGreaterThan(best);
    }

    [Fact]
    public void Pissa_equals_PEFT_through_torch_svd_lowrank()
    {
        (int rows, int columns, int rank) = (s_golden.GetProperty("bigRows").GetInt32(), s_golden.GetProperty("bigColumns").GetInt32(), s_golden.GetProperty("bigRank").GetInt32());
        LowRankFactors factors = Pissa.Factor(Values("big"), rows, columns, rank, s_golden.GetProperty("bigScale").GetDouble());
        Close(Product(factors), Values("bigProduct"), 1e-12);
        Close(factors.Residual, Values("bigResidual"), 1e-12);

        // The factors themselves, up to the sign of each pair.
        double[] down = Values("bigDown"), up = Values("bigUp");
        for (int i = 0; i < rank; i++)
        {
            int sign = Math.Sign(Enumerable.Range(0, columns).Sum(c => factors.Down[(i * columns) + c] * down[(i * columns) + c]));
            for (int c = 0; c < columns; c++)
                factors.Down[(i * columns) + c].Should().BeApproximately(sign * down[(i * columns) + c], 1e-10);
            for (int r = 0; r < rows; r++)
                factors.Up[(r * rank) + i].Should().BeApproximately(sign * up[(r * rank) + i], 1e-10);
        }
    }

    /// <summary>Small ranks of large weights come from Krylov, which agrees with the direct decomposition; also where the rank is more than the weights have.</summary>
    [Theory]
    [InlineData(400, 500, 400, 16)]
    [InlineData(500, 400, 400, 25)]
    [InlineData(400, 400, 5, 8)]
    [InlineData(400, 400, 0, 3)]
    public void Small_ranks_of_large_weights_agree_with_the_direct_decomposition(int rows, int columns, int inner, int rank)
    {
        double[] weights = new double[rows * columns];
        if (inner == 400)
            new HeInitializer().Initialize<double>(weights, WeightShape.Dense(columns, rows), 1);
        for (int i = 0; i < inner && inner < 400; i++)
        {
            for (int entry = 0; entry < weights.Length; entry++)
                weights[entry] += Math.Cos((i + 1) * (entry / columns)) * Math.Sin((i + 2) * (entry % columns)) / (i + 1);
        }

        List<double> shares = [];
        LowRankFactors factors = Pissa.Factor(weights, rows, columns, rank, 0.5, new Listing(shares));
        shares.Should().BeInAscendingOrder();
        shares[^1].Should().Be(1);
        SingularTriples exact = SingularValueDecomposition.Decompose(weights, rows, columns);
        double best = Math.Sqrt(exact.Values.Skip(rank).Sum(value => value * value));
        factors.Error.Should().BeApproximately(best, 1e-9 * exact.Values[0]);
        for (int i = 0; i < rank; i++)
        {
            // ‖B's column‖ = ‖A's row‖ = √(σ/s), and both along the singular vectors.
            double root = Math.Sqrt(exact.Values[i] / 0.5), tolerance = 2e-5 * Math.Sqrt(exact.Values[0]);
            double left = Enumerable.Range(0, rows).Sum(row => factors.Up[(row * rank) + i] * exact.LeftVector(i)[row]), right = Enumerable.Range(0, columns).Sum(column => factors.Down[(i * columns) + column] * exact.RightVector(i)[column]);
            left.Should().BeApproximately(root, tolerance);
            right.Should().BeApproximately(root, tolerance);
        }
    }

    [Fact]
    public void Olora_factors_are_orthonormal_columns_and_an_upper_triangle()
    {
        LowRankFactors factors = Factor("olora", s_weights);
        for (int i = 0; i < s_rank; i++)
        {
            for (int j = 0; j < s_rank; j++)
                Enumerable.Range(0, s_rows).Sum(r => factors.Up[(r * s_rank) + i] * factors.Up[(r * s_rank) + j]).Should().BeApproximately(i == j ? 1 : 0, 1e-13);
            factors.Down[(i * s_columns) + i].Should().BePositive();
            factors.Down.Skip(i * s_columns).Take(i).All(value => value == 0).Should().BeTrue();
        }
    }

    [Fact]
    public void Eva_takes_the_principal_components_and_spreads_ranks_by_explained_variance()
    {
        DataSpectrum first = DataSpectrum.Fit(RowSource.From(Values("activations"), s_columns));
        DataSpectrum second = DataSpectrum.Fit(RowSource.From(Values("activations2"), s_columns));
        Eva.DistributeRanks([first, second], s_rank).Should().Equal(s_golden.GetProperty("evaRanks").EnumerateArray().Select(rank => rank.GetInt32()));

        LowRankFactors factors = Eva.Factor(s_weights, s_rows, s_columns, s_rank, first);
        double[] expected = Values("eva");
        for (int i = 0; i < s_rank; i++)
        {
            double alignment = Enumerable.Range(0, s_columns).Sum(c => factors.Down[(i * s_columns) + c] * expected[(i * s_columns) + c]);
            Math.Abs(alignment).Should().BeApproximately(1, 1e-10);
        }

        factors.Up.Should().OnlyContain(value => value == 0);
        factors.Residual.Should().Equal(s_weights);
    }

    [Fact]
    public void A_factorized_convolution_starts_at_the_best_product_of_the_reshaped_draw()
    {
        Fixed drawn = new(Values("convolution"));
        Close(Product(FactorizedLayer.Create(drawn, WeightShape.Convolution(3, 4, [3, 2]), 2, 0)), Values("khodak"), 1e-10);
    }

    [Fact]
    public void A_rank_beyond_the_matrix_is_padded_with_zeros()
    {
        LowRankFactors factors = FactorizedLayer.Create(new HeInitializer(), WeightShape.Dense(3, 4), 5, 1);
        factors.Error.Should().BeLessThan(1e-13);
        factors.Down.AsSpan(3 * 3).ToArray().Should().OnlyContain(value => value == 0);
    }

    [Fact]
    public void Activations_of_rank_one_are_damped_until_they_invert()
    {
        MomentAccumulator activations = new(s_columns);
        activations.Add(Enumerable.Repeat(1.0, 3 * s_columns).ToArray());
        LowRankFactors factors = Corda.Factor(s_weights, s_rows, s_columns, s_rank, activations);
        factors.Residual.Should().OnlyContain(value => double.IsFinite(value));
    }

    [Fact]
    public void Wrong_arguments_are_refused_by_name()
    {
        MomentAccumulator zeros = new(s_columns);
        zeros.Add(new double[3 * s_columns]);
        Refuses("rank", () => Pissa.Factor(s_weights, s_rows, s_columns, 0));
        Refuses("rank", () => Pissa.Factor(s_weights, s_rows, s_columns, 8));
        Refuses("scale", () => Olora.Factor(s_weights, s_rows, s_columns, 2, 0));
        Refuses("weights", () => Olora.Factor(s_weights, s_rows, s_columns + 1, 2));
        Refuses("weights", () => Pissa.Factor([1, double.PositiveInfinity], 1, 2, 1));
        Refuses("activations", () => Corda.Factor(s_weights, s_rows, s_columns, 2, new MomentAccumulator(s_columns + 1)));
        Refuses("activations", () => Corda.Factor(s_weights, s_rows, s_columns, 2, zeros));
        Refuses("mode", () => Corda.Factor(s_weights, s_rows, s_columns, 2, zeros, (CordaMode)9));
        Refuses("rho", () => Eva.DistributeRanks([], 2, 0.5));
        Refuses("rank", () => FactorizedLayer.Create(new HeInitializer(), WeightShape.Dense(3, 4), 0, 1));
        Refuses("shape", () => FactorizedLayer.Create(new HeInitializer(), WeightShape.Dense(0, 4), 1, 1));
    }

    private static LowRankFactors Factor(string method, double[] weights)
    {
        MomentAccumulator activations = new(s_columns);
        activations.Add(Values("activations"));
        return method switch
        {
            "pissa" => Pissa.Factor(weights, s_rows, s_columns, s_rank, s_scale),
            "olora" => Olora.Factor(weights, s_rows, s_columns, s_rank, s_scale),
            "ipm" => Corda.Factor(weights, s_rows, s_columns, s_rank, activations, CordaMode.InstructionPreviewed, s_scale),
            _ => Corda.Factor(weights, s_rows, s_columns, s_rank, activations, CordaMode.KnowledgePreserved, s_scale),
        };
    }

    private static double[] Product(LowRankFactors factors) =>
        [.. from row in Enumerable.Range(0, factors.Rows)
            from column in Enumerable.Range(0, factors.Columns)
            select Enumerable.Range(0, factors.Rank).Sum(i => factors.Up[(row * factors.Rank) + i] * factors.Down[(i * factors.Columns) + column])];

    private static void Refuses(string parameter, Func<object> call) => call.Should().Throw<ArgumentException>().WithParameterName(parameter);

    private static double[] Values(string name) => [.. s_golden.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];

    private static void Close(double[] actual, double[] expected, double tolerance)
    {
        actual.Should().HaveSameCount(expected);
        for (int i = 0; i < actual.Length; i++)
            actual[i].Should().BeApproximately(expected[i], tolerance, $"of entry {i}");
    }

    private sealed class Listing(List<double> told) : IProgress<double>
    {
        public void Report(double value) => told.Add(value);
    }

    private sealed class Fixed(double[] values) : IWeightInitializer
    {
        public void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            for (int i = 0; i < values.Length; i++)
                weights[i] = T.CreateTruncating(values[i]);
        }
    }
}
