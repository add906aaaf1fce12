using SpectralInit.Kernels;
using SpectralInit.Tests.Weights;

namespace SpectralInit.Tests.Networks;

public class AutomaticInitializerTests
{
    [Fact]
    public void Directions_that_decide_are_preferred_where_they_pay()
    {
        // One feature of 40 decides, and it is the weakest: neither covariance nor all directions alike see it.
        (double[] rows, int[] labels) = Samples.Sign(400, 40, seed: 40);
        for (int i = 0; i < rows.Length; i++)
            rows[i] *= i % 40 == 4 ? 0.7 : 1;
        AutomaticInitializer automatic = AutomaticInitializer.Fit(DenseLayer.Stack([40, 64, 32, 2], LayerActivation.Relu), RowSource.From(rows, 40), Targets.Classes(labels));
        Dictionary<string, double> errors = automatic.Candidates.ToDictionary(candidate => candidate.Name, candidate => candidate.Error);
        errors.Should().HaveCount(AutomaticOptions.Default.Count + 1).And.ContainKey(AutomaticInitializer.He);
        errors.Values.Should().BeInAscendingOrder();
        errors[FeatureRecipe.Focused.Hedged().Name].Should().BeLessThan(errors[FeatureRecipe.Covariance.Hedged().Name]).And.BeLessThan(errors[AutomaticInitializer.He]);
        automatic.Chosen.Should().BeOneOf(FeatureRecipe.Focused.Hedged().Name, FeatureRecipe.GradientOuterProduct.Hedged().Name);
        automatic.WarmStart!.Layers.Should().BeSameAs(automatic.Layers);
        automatic.ToString().Should().Contain(automatic.Chosen).And.Contain("He: error");
    }

    [Fact]
    public void He_is_returned_where_it_is_better()
    {
        // A strong feature that says nothing turns all units of the only candidate towards it; the answer is the size of the other feature.
        (double[] rows, _) = Samples.Sign(500, 2, seed: 41);
        for (int i = 0; i < rows.Length; i++)
            rows[i] *= i % 2 == 0 ? 5 : 1;
        int[] labels = [.. Enumerable.Range(0, 500).Select(i => Math.Abs(rows[(2 * i) + 1]) > 0.67 ? 1 : 0)];
        IReadOnlyList<DenseLayer> layers = DenseLayer.Stack([2, 48, 24, 2], LayerActivation.Relu);
        AutomaticOptions options = new() { Candidates = [FeatureRecipe.Covariance], WarmStart = new() { Seed = 9 } };
        AutomaticInitializer automatic = AutomaticInitializer.Fit(layers, RowSource.From(rows, 2), Targets.Classes(labels), options);
        automatic.Chosen.Should().Be(AutomaticInitializer.He);
        automatic.WarmStart.Should().BeNull();
        automatic.Reason.Should().Contain("standard errors");
        for (int i = 0; i < 3; i++)
        {
            automatic.Layers[i].Weights.Should().Equal(new HeInitializer().Create<double>(layers[i].Shape, Seeds.Derive(9, (ulong)i)));
            automatic.Layers[i].Bias.Should().OnlyContain(value => value == 0);
        }

        DenseNetwork network = new(layers, RowSource.From(rows, 2));
        AutomaticInitializer.Apply(network, Targets.Classes(labels), options).Chosen.Should().Be(AutomaticInitializer.He);
        network.Parameters[2].Weights.Should().Equal(automatic.Layers[2].Weights);

        // With a margin nothing can pass, the preferred recipe stays.
        AutomaticInitializer.Fit(layers, RowSource.From(rows, 2), Targets.Classes(labels), new() { Candidates = [FeatureRecipe.Covariance], WorthwhileRisk = 0 }).Chosen.Should().Be(FeatureRecipe.Covariance.Name);
    }

    [Fact]
    public void On_few_rows_nothing_is_chosen()
    {
        (double[] rows, int[] labels) = Samples.Sign(59, 10, seed: 42);
        AutomaticInitializer automatic = AutomaticInitializer.Fit(DenseLayer.Stack([10, 16, 2], LayerActivation.Relu), RowSource.From(rows, 10), Targets.Classes(labels));
        automatic.Chosen.Should().Be(FeatureRecipe.Balanced.Name);
        automatic.Candidates.Should().BeEmpty();
        automatic.Reason.Should().Contain("59 rows");
        AutomaticInitializer.Fit(DenseLayer.Stack([10, 16, 2], LayerActivation.Relu), RowSource.From(rows, 10), Targets.Classes(labels), new() { MinRows = 20 }).Candidates.Should().NotBeEmpty();
    }

    [Fact]
    public void On_many_rows_half_of_the_units_look_everywhere()
    {
        (double[] rows, int[] labels) = Samples.Sign(5001, 5, seed: 49);
        AutomaticInitializer automatic = AutomaticInitializer.Fit(DenseLayer.Stack([5, 16, 2], LayerActivation.Relu), RowSource.From(rows, 5), Targets.Classes(labels));
        automatic.Chosen.Should().Be(FeatureRecipe.Isotropic.Hedged().Name);
        automatic.Reason.Should().Contain("5001 rows");
        automatic.WarmStart!.CrossFittedError.Should().Be(double.NaN);
        automatic.WarmStart.Readout.LeaveOneOutAccuracy.Should().BeGreaterThan(0.85);
    }

    [Fact]
    public void Errors_are_paired_with_the_preferred_candidate()
    {
        (double[] rows, int[] labels) = Samples.Sign(120, 10, seed: 43);
        AutomaticInitializer automatic = AutomaticInitializer.Fit(DenseLayer.Stack([10, 16, 2], LayerActivation.Relu), RowSource.From(rows, 10), Targets.Classes(labels));
        CandidateEstimate preferred = automatic.Candidates.Single(candidate => candidate.Name == FeatureRecipe.Balanced.Name);
        (preferred.Behind, preferred.StandardError).Should().Be((0, 0));
        foreach (CandidateEstimate candidate in automatic.Candidates.Where(candidate => candidate != preferred))
        {
            candidate.Behind.Should().BeApproximately(candidate.Error - preferred.Error, 1e-12);
            candidate.StandardError.Should().BePositive();
        }
    }

    public static TheoryData<string, double[], int, Targets> Hard()
    {
        (double[] rows, int[] labels) = Samples.Sign(90, 5, seed: 44);
        double[] copies = [.. Enumerable.Range(0, 90).SelectMany(i => rows[(i % 3 * 5)..((i % 3 * 5) + 5)])];
        double[] wide = new double[12 * 2000];
        RandomFill.Normal<double>(wide, 0, 1, 45);
        return new()
        {
            { "values", rows, 5, Targets.Values([.. Enumerable.Range(0, 90).Select(i => 50 + (rows[i * 5] * rows[(i * 5) + 1]))]) },
            { "several values", rows, 5, Targets.Values([.. rows.Take(270)], 3) },
            { "two classes", rows, 5, Targets.Classes(labels) },
            { "one in ninety", rows, 5, Targets.Classes([.. Enumerable.Range(0, 90).Select(i => i == 7 ? 1 : 0)]) },
            { "one class", rows, 5, Targets.Classes(new int[90], 2) },
            { "more classes than units", rows, 5, Targets.Classes([.. Enumerable.Range(0, 90).Select(i => i % 40)]) },
            { "equal values", rows, 5, Targets.Values([.. Enumerable.Repeat(3.0, 90)]) },
            { "constant features", new double[90 * 5], 5, Targets.Classes(labels) },
            { "copies of three rows", copies, 5, Targets.Classes([.. Enumerable.Range(0, 90).Select(i => i % 3)]) },
            { "copies with other labels", copies, 5, Targets.Classes(labels) },
            { "one row", rows[..5], 5, Targets.Classes([1], 2) },
            { "seven rows", rows[..35], 5, Targets.Classes(labels.AsSpan(0, 7), 2) },
            { "eight rows", rows[..40], 5, Targets.Values(rows.AsSpan(0, 8)) },
            { "twelve rows of 2000 features", wide, 2000, Targets.Classes([.. Enumerable.Range(0, 12).Select(i => i % 4)]) },
            { "large", [.. rows.Select(value => 1e150 * value)], 5, Targets.Classes(labels) },
            { "small", [.. rows.Select(value => 1e-150 * value)], 5, Targets.Classes(labels) },
        };
    }

    [Theory]
    [MemberData(nameof(Hard))]
    public void It_is_total(string what, double[] rows, int columns, Targets targets)
    {
        foreach (int[] hidden in new int[][] { [20, 12], [6, 6, 6, 6], [1], [] })
        {
            foreach (LayerActivation activation in new[] { LayerActivation.Relu, LayerActivation.Tanh })
            {
                AutomaticInitializer automatic = AutomaticInitializer.Fit(DenseLayer.Stack([columns, .. hidden, targets.Outputs], activation), RowSource.From(rows, columns), targets);
                automatic.Layers.Should().HaveCount(hidden.Length + 1);
                automatic.Layers.SelectMany(layer => layer.Weights.Concat(layer.Bias)).Should().OnlyContain(value => double.IsFinite(value), what);
            }
        }
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        (double[] rows, int[] labels) = Samples.Sign(2500, 12, seed: 46);
        double[][] runs = [.. new[] { 1, 2, 3, 7 }.Select(threads =>
        {
            using IDisposable limit = Parallelism.Limit(threads);
            AutomaticInitializer automatic = AutomaticInitializer.Fit(DenseLayer.Stack([12, 30, 20, 2], LayerActivation.Relu), RowSource.From(rows, 12), Targets.Classes(labels));
            return automatic.Layers.SelectMany(layer => layer.Weights.Concat(layer.Bias)).Concat(automatic.Candidates.Select(candidate => candidate.Error)).ToArray();
        })];
        foreach (double[] run in runs)
            run.Should().Equal(runs[0]);
    }

    [Fact]
    public void A_network_owned_elsewhere_gets_the_same_weights()
    {
        (double[] rows, int[] labels) = Samples.Sign(150, 9, seed: 47);
        IReadOnlyList<DenseLayer> layers = DenseLayer.Stack([9, 20, 20, 10, 2], LayerActivation.Relu);
        AutomaticInitializer own = AutomaticInitializer.Fit(layers, RowSource.From(rows, 9), Targets.Classes(labels));
        DenseNetwork network = new(layers, RowSource.From(rows, 9));
        AutomaticInitializer other = AutomaticInitializer.Apply(network, Targets.Classes(labels));
        other.Chosen.Should().Be(own.Chosen);
        for (int i = 0; i < 4; i++)
            network.Parameters[i].Weights.Should().Equal(own.Layers[i].Weights);
    }

    [Fact]
    public void Fewer_centres_serve_where_an_epoch_is_cheap_beside_them()
    {
        WarmStartOptions options = new();
        options.CentersFor(300, 784, 235_000).Should().BeGreaterThanOrEqualTo(300);
        options.CentersFor(10_000, 784, 235_000).Should().BeInRange(200, 600);
        options.CentersFor(60_000, 784, 235_000).Should().BeInRange(500, 1000);
        options.CentersFor(10_000, 10, 500).Should().Be(200);
        new WarmStartOptions { MaxCenters = 77 }.CentersFor(10_000, 784, 235_000).Should().Be(77);
    }

    [Fact]
    public void Units_are_shared_between_the_parts_of_a_recipe()
    {
        (double[] rows, int[] labels) = Samples.Sign(50, 4, seed: 48);
        for (int i = 0; i < rows.Length; i++)
            rows[i] *= i % 4 == 0 ? 100 : 1;
        RowSample sample = RowSample.Take(RowSource.From(rows, 4), Targets.Classes(labels), 100, 0, default);
        FeatureRecipe shared = FeatureRecipe.Split("halves", FeatureRecipe.Covariance, FeatureRecipe.Isotropic);
        double[] weights = new FeatureDirections(sample).Rows(shared, 7, 3);
        double[] covariance = new FeatureDirections(sample).Rows(FeatureRecipe.Covariance, 3, Seeds.Derive(3, 0UL)), isotropic = new FeatureDirections(sample).Rows(FeatureRecipe.Isotropic, 4, Seeds.Derive(3, 1UL));
        weights.Should().Equal([.. covariance, .. isotropic]);
        Samples.MeanVariance(weights, rows, 4).Should().BeApproximately(50.0 / 49, 1e-9);
    }
}
