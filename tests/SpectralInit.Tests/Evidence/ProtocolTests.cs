using System.Text.Json;

namespace SpectralInit.Evidence.Tests;

public class ProtocolTests
{
    [Fact]
    public void Results_are_the_same_bits_on_any_number_of_threads()
    {
        DataSet set = MadeData.All["imbalanced"]();
        ExperimentOptions options = new() { Hidden = [16, 8], Plan = new TrainingPlan(2), LearningRates = [0.01, 0.1], Seeds = 2, Candidates = [Candidates.Find("he"), Candidates.Find("pca")] };
        string[] results = [.. ((int[])[1, 2, 3, 7]).Select(threads =>
        {
            using IDisposable limit = Parallelism.Limit(threads);
            RegimeResult result = new Experiment(set, 60, options).Run();
            return JsonSerializer.Serialize(result with { Results = [.. result.Results.Select(item => item with { InitializationSeconds = 0, TrainingSeconds = 0 })] });
        })];
        results.Should().AllBe(results[0]);
    }

    [Fact]
    public void One_large_training_run_is_the_same_bits_on_any_number_of_threads()
    {
        DataSet set = MadeData.All["sparse"]();
        (LabeledRows train, LabeledRows test) = new Split(set, 300, Standardization.Global, 1).Final();
        float[][] parameters = [.. ((int[])[1, 2, 3, 7]).Select(threads =>
        {
            using IDisposable limit = Parallelism.Limit(threads);
            Network network = Network.Perceptron(set.Rows.Columns, [64], set.Rows.Outputs, Activation.Relu);
            new InitializationContext(network, train, Activation.Relu, 5).FillAll(new HeInitializer());
            Trainer.Train(network, train, test, new TrainingPlan(1, BatchSize: 128), 0.1, 3);
            return network.Parameters;
        })];
        foreach (float[] other in parameters)
            other.Should().Equal(parameters[0]);
    }

    [Fact]
    public void Embeddings_and_layers_with_rates_of_their_own_are_the_same_bits_on_any_number_of_threads()
    {
        DataSet words = NextWord.Made(300, 16);
        (LabeledRows train, LabeledRows test) = new Split(words, 200, Standardization.None, 1).Final();
        test = test.Take([0, 1, 2]);
        float[][] parameters = [.. ((int[])[1, 2, 3, 7]).Select(threads =>
        {
            using IDisposable limit = Parallelism.Limit(threads);
            Network network = Network.NextWord(300, 16, 3, [32], 300, Activation.Relu);
            Candidates.Find("spectral-rates").Initialize(new InitializationContext(network, train, Activation.Relu, 5, words: words.Words));
            Trainer.Train(network, train, test, new TrainingPlan(1, OptimizerKind.Adam), 0.01, 3);
            return network.Parameters;
        })];
        foreach (float[] other in parameters)
            other.Should().Equal(parameters[0]);
    }

    [Fact]
    public void Passages_and_recurrent_nets_are_compared_in_the_same_bits_on_any_number_of_threads()
    {
        (DataSet Set, Candidate[] Candidates, int[] Hidden)[] cases =
        [
            (Passages.Made(200, 8), [EmbeddingCandidates.Find("uniform@0.05"), EmbeddingCandidates.Find("ppmi0.5@0.3")], [8]),
            (Sequence.Cut(SeriesSources.Cycles(), 6), [TrainedRecurrences.Find("random@0.9"), TrainedRecurrences.Find("modes@0.9+readout")], [6]),
        ];
        foreach ((DataSet set, Candidate[] candidates, int[] hidden) in cases)
        {
            ExperimentOptions options = new() { Hidden = hidden, Plan = new TrainingPlan(2, OptimizerKind.Adam), LearningRates = [0.001, 0.01], Seeds = 2, Candidates = candidates };
            string[] results = [.. ((int[])[1, 2, 3, 7]).Select(threads =>
            {
                using IDisposable limit = Parallelism.Limit(threads);
                RegimeResult result = new Experiment(set, 30, options).Run();
                return JsonSerializer.Serialize(result with { Results = [.. result.Results.Select(item => item with { InitializationSeconds = 0, TrainingSeconds = 0 })] });
            })];
            results.Should().AllBe(results[0]);
        }
    }

    [Fact]
    public void What_is_known_of_a_question_is_not_asked_again_and_the_answers_fit_together()
    {
        DataSet set = MadeData.All["imbalanced"]();
        ExperimentOptions both = new() { Hidden = [6], Plan = new TrainingPlan(2), LearningRates = [0.01, 0.1], Seeds = 2, Candidates = [Candidates.Find("he"), Candidates.Find("pca")] };
        ExperimentOptions first = both with { Candidates = [Candidates.Find("he")] };
        RegimeResult he = new Experiment(set, 60, first).Run(), whole = new Experiment(set, 60, both).Run();
        CandidateResult marked = he.Results[0] with { InitializationSeconds = 77 };
        KnownResults known = new([he with { Results = [marked] }]);
        RegimeResult joined = new Experiment(set, 60, both).Run(known);
        joined.Results[0].InitializationSeconds.Should().Be(77, "He was not run again");
        joined.Results[1].Should().BeEquivalentTo(whole.Results[1], options => options.Excluding(result => result.InitializationSeconds).Excluding(result => result.TrainingSeconds));
        known.For(set, 60, first with { Seeds = 3 }).Should().BeNull("that is another question");
        known.For(set, 61, first).Should().BeNull();
        known.For(set, 60, first with { LearningRates = [0.01] }).Should().BeNull();
        known.For(set, 60, first with { Plan = new TrainingPlan(2, OptimizerKind.Adam) }).Should().BeNull();
        known.For(MadeData.All["imbalanced"](2000), 60, first).Should().BeNull("fewer rows leave fewer to test");
    }

    [Fact]
    public void A_layers_rate_factor_scales_its_steps_and_no_others()
    {
        foreach (OptimizerKind kind in (OptimizerKind[])[OptimizerKind.Sgd, OptimizerKind.Adam])
        {
            Network plain = Network.Perceptron(5, [7], 3, Activation.Relu), scaled = Network.Perceptron(5, [7], 3, Activation.Relu);
            scaled.WeightLayers[1].RateFactor = 0.25;
            int first = plain.WeightLayers[0].ParameterCount;
            float[] gradient = [.. plain.Parameters.Select((_, i) => 0.1f + (i % 5))];
            Optimizer one = Optimizer.For(plain, kind, 0.01), two = Optimizer.For(scaled, kind, 0.01), quarter = Optimizer.Create(kind, plain.Parameters.Length, 0.0025);
            float[] expected = new float[plain.Parameters.Length];
            for (int step = 0; step < 3; step++)
            {
                one.Step(plain.Parameters, gradient);
                two.Step(scaled.Parameters, gradient);
                quarter.Step(expected, gradient);
            }

            scaled.Parameters[..first].Should().Equal(plain.Parameters[..first]);
            scaled.Parameters[first..].Should().Equal(expected[first..]);
            plain.Parameters[first..].Should().NotEqual(expected[first..]);
        }
    }

    [Fact]
    public void Rows_in_the_order_of_time_are_tested_at_their_end_whatever_the_seed()
    {
        DataSet set = Numbered(90) with { TestAtEnd = true };
        Split one = new(set, 20, Standardization.None, 1), two = new(set, 20, Standardization.None, 2);
        one.Final().Test.Features.Should().Equal(Enumerable.Range(60, 30).Select(i => (float)i)).And.Equal(two.Final().Test.Features);
        one.Final().Train.Features.Should().NotEqual(two.Final().Train.Features).And.OnlyContain(value => value < 60);
    }

    [Fact]
    public void A_loss_is_compared_downward()
    {
        RateChoice choice = new(1, 3, 2, Criterion.Loss);
        foreach (int seed in (int[])[0, 1])
        {
            choice.Add(0, 0, seed, new Evaluation(2, 90));
            choice.Add(0, 1, seed, new Evaluation(1, 10));
            choice.Add(0, 2, seed, new Evaluation(double.NaN, 0));
        }

        choice.Best(0).Should().Be(1);
        choice.Means(0)[..2].Should().Equal(2, 1);

        TrainingCurve[,] curves = { { Curve(3, 1.5) }, { Curve(2, 1) } };
        ExperimentOptions options = new() { Hidden = [4], Plan = new TrainingPlan(1), Seeds = 1, Criterion = Criterion.Loss, LearningRates = [0.1, 0.2, 0.3], Candidates = [Candidates.Find("he"), Candidates.Find("pca")] };
        RegimeResult result = RegimeResult.From(Numbered(30), 10, options, new RateChoice(2, 3, 1, Criterion.Loss), curves, new double[2, 1]);
        result.ReferenceBest.Should().Be(1.5);
        result.Results[1].Gain.Should().Be(0.5);
        result.Results[1].EpochsToReference.Should().Be(1);

        static TrainingCurve Curve(params double[] losses) => new([.. losses.Select(loss => new Evaluation(loss, 0))], 0);
    }

    [Fact]
    public void The_last_rows_of_the_shuffle_are_the_test_set_whatever_the_number_of_training_rows()
    {
        DataSet set = Numbered(100);
        Split few = new(set, 10, Standardization.None, 7), many = new(set, null, Standardization.None, 7);
        few.Final().Test.Features.Should().Equal(many.Final().Test.Features).And.HaveCount(33);
        many.Final().Train.Features.Concat(many.Final().Test.Features).Should().BeEquivalentTo(set.Rows.Features);
        few.Final().Train.Features.Should().Equal(many.Final().Train.Features[..10]);
        few.Tuning().Train.Features.Concat(few.Tuning().Validation.Features).Should().Equal(few.Final().Train.Features);
        few.Tuning().Validation.Count.Should().Be(2);
        new Split(set, null, Standardization.None, 8).Final().Test.Features.Should().NotEqual(many.Final().Test.Features);
        Split.TestRows(Numbered(60000)).Should().Be(2000);
    }

    [Fact]
    public void Features_are_scaled_by_the_training_rows_alone()
    {
        (LabeledRows train, LabeledRows test) = new Split(Numbered(90), 30, Standardization.Feature, 3).Final();
        train.Features.Average(value => (double)value).Should().BeApproximately(0, 1e-5);
        train.Features.Average(value => (double)value * value).Should().BeApproximately(1, 1e-5);
        test.Features.Average(value => (double)value * value).Should().NotBeApproximately(1, 1e-6);
    }

    [Fact]
    public void Too_many_training_rows_are_refused_in_words()
    {
        FluentActions.Invoking(() => new Split(Numbered(30), 21, Standardization.None, 0)).Should().Throw<ArgumentException>().WithMessage("*30 rows, 10 of them*5 to 20*");
    }

    [Fact]
    public void Standard_errors_are_those_of_the_mean()
    {
        RegimeResult.Statistics([1, 2, 3, 4]).Should().Be((2.5, Math.Sqrt(5.0 / 3 / 4)));
        RegimeResult.Statistics([3]).Should().Be((3, 0));
    }

    [Fact]
    public void A_run_that_diverges_scores_nothing_and_does_not_win()
    {
        DataSet set = MadeData.All["friedman"]();
        ExperimentOptions options = new() { Hidden = [16], Plan = new TrainingPlan(20), LearningRates = [0.01, 1e6], Seeds = 2, Candidates = [Candidates.Find("he")] };
        RegimeResult result = new Experiment(set, 50, options).Run();
        result.Results[0].LearningRate.Should().Be(0.01);
        result.Results[0].Mean.Should().HaveCount(21).And.OnlyContain(score => double.IsFinite(score));
        result.Results[0].Final.Should().BeGreaterThan(10);
    }

    [Fact]
    public void Every_made_set_has_the_rows_and_classes_it_declares()
    {
        foreach ((string name, MadeSet make) in MadeData.All.Concat(HeldOutData.All).Concat(SecondHeldOutData.All))
        {
            DataSet set = make();
            set.Name.Should().Be(name);
            set.Rows.Count.Should().Be(3000);
            set.Rows.Features.Should().OnlyContain(value => float.IsFinite(value));
            if (!set.Rows.IsRegression)
                set.Rows.Labels.Distinct().Order().Should().Equal(Enumerable.Range(0, set.Rows.Outputs));
            make(50).Rows.Features.Should().Equal(set.Rows.Features[..(50 * set.Rows.Columns)], $"{name} draws row by row");
        }
    }

    private static DataSet Numbered(int rows) =>
        new("numbered", LabeledRows.Classes([.. Enumerable.Range(0, rows).Select(i => (float)i)], 1, [.. Enumerable.Range(0, rows).Select(i => i % 2)], 2));
}
