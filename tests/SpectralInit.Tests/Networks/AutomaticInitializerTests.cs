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
        errors.Should().HaveCount(AutomaticOptions.Default.Count + AutomaticOptions.DefaultSpecialists.Count + 1).And.ContainKey(AutomaticInitializer.He);
        errors.Values.Should().BeInAscendingOrder();
        errors[FeatureRecipe.Focused.Name].Should().BeLessThan(errors[FeatureRecipe.Covariance.Name]).And.BeLessThan(errors[AutomaticInitializer.He]);
        automatic.Chosen.Should().StartWith(FeatureRecipe.Focused.Name + " and ").And.NotContain("isotropic");
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
        AutomaticOptions options = new() { Candidates = [FeatureRecipe.Covariance], Specialists = [], WarmStart = new() { Seed = 9 } };
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
        AutomaticInitializer.Fit(layers, RowSource.From(rows, 2), Targets.Classes(labels), new() { Candidates = [FeatureRecipe.Covariance], Specialists = [], StandardErrors = 1e9 }).Chosen.Should().Be(FeatureRecipe.Covariance.Name);
    }

    [Fact]
    public void On_few_rows_nothing_is_chosen()
    {
        (double[] rows, int[] labels) = Samples.Sign(19, 10, seed: 42);
        AutomaticInitializer automatic = AutomaticInitializer.Fit(DenseLayer.Stack([10, 16, 2], LayerActivation.Relu), RowSource.From(rows, 10), Targets.Classes(labels));
        automatic.Chosen.Should().Be(FeatureRecipe.Balanced.Name);
        automatic.Candidates.Should().BeEmpty();
        automatic.Reason.Should().Contain("19 rows");
        AutomaticInitializer.Fit(DenseLayer.Stack([10, 16, 2], LayerActivation.Relu), RowSource.From(rows, 10), Targets.Classes(labels), new() { MinRows = 10 }).Candidates.Should().NotBeEmpty();
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
    public void Errors_are_paired_with_the_best_candidate()
    {
        (double[] rows, int[] labels) = Samples.Sign(120, 10, seed: 43);
        AutomaticInitializer automatic = AutomaticInitializer.Fit(DenseLayer.Stack([10, 16, 2], LayerActivation.Relu), RowSource.From(rows, 10), Targets.Classes(labels));
        CandidateEstimate best = automatic.Candidates.First(candidate => AutomaticOptions.Default.Any(recipe => recipe.Name == candidate.Name));
        (best.Behind, best.StandardError).Should().Be((0, 0));
        foreach (CandidateEstimate candidate in automatic.Candidates.Where(candidate => candidate != best))
        {
            candidate.Behind.Should().BeApproximately(candidate.Error - best.Error, 1e-12);
            candidate.StandardError.Should().BePositive();
        }
    }

    [Fact]
    public void Recipes_share_the_units_until_one_is_found_out()
    {
        // Labels drawn by lot say nothing about recipes.
        (double[] rows, _) = Samples.Sign(150, 12, seed: 50);
        double[] lots = new double[150];
        RandomFill.Normal<double>(lots, 0, 1, 51);
        IReadOnlyList<DenseLayer> layers = DenseLayer.Stack([12, 64, 2], LayerActivation.Relu);
        AutomaticInitializer.Fit(layers, RowSource.From(rows, 12), Targets.Classes([.. lots.Select(value => value > 0 ? 1 : 0)])).Chosen.Should().Be(FeatureRecipe.Balanced.Name);

        double[] smooth = new double[150 * 12];
        for (int i = 0; i < 150; i++)
        {
            // One strong latent number, spread over all features, decides; the rest of each feature is noise.
            for (int j = 0; j < 12; j++)
                smooth[(i * 12) + j] = (2 * lots[i]) + rows[(i * 12) + j];
        }

        AutomaticInitializer found = AutomaticInitializer.Fit(DenseLayer.Stack([12, 64, 1], LayerActivation.Relu), RowSource.From(smooth, 12), Targets.Values([.. lots.Select(value => Math.Sin(2 * value))]));
        found.Chosen.Should().NotContain("isotropic").And.NotBe(FeatureRecipe.Balanced.Name);
        found.Candidates.Single(candidate => candidate.Name == FeatureRecipe.Isotropic.Name).Behind.Should().BePositive();
    }

    [Fact]
    public void Whitened_directions_are_found_where_weak_ones_decide_and_only_there()
    {
        // The answer is the sign of a product of two features a hundredth the size of the others.
        (double[] rows, _) = Samples.Sign(400, 10, seed: 52);
        int[] labels = [.. Enumerable.Range(0, 400).Select(i => rows[i * 10] * rows[(i * 10) + 1] > 0 ? 1 : 0)];
        double[] weak = [.. rows.Select((value, i) => i % 10 < 2 ? 0.1 * value : value)], strong = [.. rows.Select((value, i) => i % 10 < 2 ? value : 0.1 * value)];
        IReadOnlyList<DenseLayer> layers = DenseLayer.Stack([10, 128, 32, 2], LayerActivation.Relu);
        AutomaticInitializer.Fit(layers, RowSource.From(weak, 10), Targets.Classes(labels)).Chosen.Should().StartWith(FeatureRecipe.WhitenedMixed.Name);
        AutomaticInitializer.Fit(layers, RowSource.From(strong, 10), Targets.Classes(labels)).Chosen.Should().NotContain("whitened");
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

    [Fact]
    public void Whitened_rows_are_those_of_the_whitened_data_turned_back()
    {
        (double[] rows, int[] labels) = Samples.Sign(300, 3, seed: 53);
        for (int i = 0; i < rows.Length; i++)
            rows[i] *= i % 3 == 0 ? 10 : 1;
        RowSample sample = RowSample.Take(RowSource.From(rows, 3), Targets.Classes(labels), 300, 0, default);
        double[] weights = new FeatureDirections(sample).Rows(FeatureRecipe.Isotropic with { Whitened = true }, 3000, 3);
        Samples.MeanVariance(weights, rows, 3).Should().BeApproximately(300.0 / 299, 2e-3);

        // Each principal direction gives a third of the variance, whatever its own.
        for (int j = 0; j < 3; j++)
        {
            double size = Math.Sqrt(Enumerable.Range(0, 3000).Average(unit => weights[(unit * 3) + j] * weights[(unit * 3) + j]));
            size.Should().BeApproximately(Math.Sqrt(1.0 / 3) / (j == 0 ? 10 : 1), 0.15 * Math.Sqrt(1.0 / 3) / (j == 0 ? 10 : 1));
        }
    }
}
