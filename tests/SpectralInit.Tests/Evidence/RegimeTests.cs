using System.Numerics.Tensors;
using System.Text.Json;

namespace SpectralInit.Evidence.Tests;

public class RegimeTests
{
    [Fact]
    public void A_sweep_asks_the_same_question_at_every_value_and_joins_from_parts()
    {
        ExperimentOptions options = new() { Hidden = [6], Plan = new TrainingPlan(2), Seeds = 2, LearningRates = [0.1], Candidates = [Candidates.Find("he"), Candidates.Find("pca")] };
        Sweep depth = Sweep.Find("depth"), width = Sweep.Find("width");
        depth.At(null, options, 3).Options.Hidden.Should().Equal(6, 6, 6);
        width.At(null, options with { Hidden = [1, 2] }, 9).Options.Hidden.Should().Equal(9, 9);

        SweepResult Part(params double[] values) => new("depth", depth.Axis, values, [.. values.Select(value =>
            new Experiment(MadeData.All["imbalanced"](), 30, depth.At(null, options, value).Options).Run())]);
        SweepResult joined = JoinedResults.Sweeps([Part(4), Part(2, 3)]).Should().ContainSingle().Subject;
        joined.Values.Should().Equal(2, 3, 4);
        joined.Of("pca").Select(result => result.Final).Should().Equal(Part(2, 3, 4).Of("pca").Select(result => result.Final));
        SweepPicture.Gains(joined).ToSvg().Should().Contain("hidden layers").And.Contain(">pca<");

        RegimeResult both = joined.Regimes[0], he = both with { Results = both.Results[..1] }, pca = both with { Results = both.Results[1..] };
        RegimeResult again = JoinedResults.Regimes([he, pca]).Should().ContainSingle().Subject;
        JsonSerializer.Serialize(again, ResultFiles.Options).Should().Be(JsonSerializer.Serialize(both, ResultFiles.Options));

        RegimeResult turned = both.Against("pca");
        turned.Results[0].Gain.Should().BeApproximately(-both.Results[1].Gain, 1e-9);
        turned.ReferenceBest.Should().Be(both.Results[1].Mean.Max());
        JsonSerializer.Serialize(turned.Against("he"), ResultFiles.Options).Should().Be(JsonSerializer.Serialize(both, ResultFiles.Options));
        FluentActions.Invoking(() => both.Against("agop")).Should().Throw<ArgumentException>().WithMessage("*'agop' is not among*");

        string file = Path.GetTempFileName();
        ResultFiles.WriteJson(file, new[] { joined });
        JoinedResults.Read([file]).Sweeps.Should().ContainSingle().Which.Values.Should().Equal(2, 3, 4);
        File.WriteAllText(file, "[1]");
        FluentActions.Invoking(() => JoinedResults.Read([file])).Should().Throw<InvalidDataException>();
        File.Delete(file);
    }

    [Fact]
    public void Graded_data_have_the_condition_number_and_the_noise_they_are_named_by()
    {
        LabeledRows rows = GradedData.Conditioned(1000, "all").Rows;
        EigenPairs pairs = DataSpectrum.Fit(RowSource.From(rows.Features, rows.Columns)).Components;
        (pairs.Values[0] / pairs.Values[^1]).Should().BeInRange(700, 1500);
        rows.Labels.Distinct().Should().HaveCount(4);

        LabeledRows noisy = GradedData.Noisy(3).Rows;
        Math.Sqrt(Enumerable.Range(0, noisy.Count).Average(i => noisy.Features[(i * 100) + 50] * (double)noisy.Features[(i * 100) + 50])).Should().BeApproximately(3, 0.2);
        foreach (string answer in (string[])["leading", "trailing"])
            GradedData.Conditioned(10, answer).Rows.Labels.Should().Equal(GradedData.Conditioned(1000, answer).Rows.Labels, "the class does not depend on the spreads");
    }

    [Fact]
    public void Word_vectors_and_random_directions_of_their_norms_come_from_the_training_text_alone()
    {
        DataSet set = NextWord.Made(300, 16);
        set.Words!.TrainingText.Should().HaveCount(54_000);
        (LabeledRows train, LabeledRows test) = new Split(set, 100, Standardization.None, 1).Final();
        test.Count.Should().Be(2000);
        test.Labels.Max().Should().BeLessThan(300);
        float[][] tables = [.. ((string[])["ppmi0.5@0.3", "norms0.5@0.3"]).Select(name =>
        {
            Network network = Network.NextWord(300, 16, 3, [8], 300, Activation.Relu);
            EmbeddingCandidates.Find(name).Initialize(new InitializationContext(network, train, Activation.Relu, 1, words: set.Words));
            return network.WeightLayers[0].Weights.ToArray();
        })];
        tables[0].Should().NotEqual(tables[1]);
        Math.Sqrt(tables[0].Average(value => (double)value * value)).Should().BeApproximately(0.3, 1e-4);
        for (int i = 0; i < tables[0].Length; i += 16)
            TensorPrimitives.Norm<float>(tables[0].AsSpan(i, 16)).Should().BeApproximately(TensorPrimitives.Norm<float>(tables[1].AsSpan(i, 16)), 1e-4f);
    }

    [Fact]
    public void A_recurrence_is_what_its_formula_says()
    {
        // Two features, windows of two rows, newest first, two units.
        Recurrence recurrence = new(2, 2, [1, 2, 3, 4, 0, 1, 0, -1], [0.5, 0, 0.25, -0.5], [0.1, 0.2]);
        double[] series = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6], states = recurrence.States(series, 2);
        states[..2].Should().Equal(0, 0);
        double first = Math.Tanh(0.1 + 0.3 + 0.8 + 0.3 + 0.8), second = Math.Tanh(0.2 + 0.4 - 0.2);
        states[2].Should().BeApproximately(first, 1e-14);
        states[3].Should().BeApproximately(second, 1e-14);
        states[4].Should().BeApproximately(Math.Tanh(0.1 + 0.5 + 1.2 + 0.9 + 1.6 + (0.5 * first)), 1e-14);
        states[5].Should().BeApproximately(Math.Tanh(0.2 + 0.6 - 0.4 + (0.25 * first) - (0.5 * second)), 1e-14);
    }

    [Fact]
    public void A_trained_recurrent_net_computes_the_recurrence_and_its_pieces_are_cut_from_the_series()
    {
        DataSet set = Sequence.Cut(SeriesSources.Cycles(), 20);
        Sequence sequence = set.Sequence!;
        (sequence.Inputs, sequence.Features, set.Rows.Columns, set.Rows.Outputs).Should().Be((24, 12, 40 * 24, 20 * 12));
        sequence.Training.Should().HaveCount(2 * SeriesSet.Length * 12);
        sequence.Training.Average().Should().BeApproximately(0, 1e-9);

        // The second piece begins 20 steps after the first one; windows are two rows, newest first, and the last answer is the step after the last input.
        for (int j = 0; j < 12; j++)
        {
            set.Rows.Features[set.Rows.Columns + j].Should().Be((float)sequence.Training[(21 * 12) + j]);
            set.Rows.Features[set.Rows.Columns + 12 + j].Should().Be((float)sequence.Training[(20 * 12) + j]);
            set.Rows.Targets[set.Rows.Outputs - 12 + j].Should().Be((float)sequence.Training[(41 * 12) + j]);
        }

        Split.TrainingRows(set).Should().Be(2 * set.Rows.Count / 3, "the last of three segments is the test set");
        (LabeledRows train, LabeledRows test) = new Split(set, null, Standardization.None, 1).Final();
        test.Targets.Should().Equal(set.Rows.Targets[^test.Targets.Length..], "the series is scaled, not the answers");

        Network network = Network.Recurrent(40, 20, 24, 20, 12);
        TrainedRecurrences.Find("modes@0.9").Initialize(new InitializationContext(network, train, Activation.Tanh, 1) { Sequence = sequence });
        double[] Wide(ReadOnlySpan<float> values) => Array.ConvertAll(values.ToArray(), value => (double)value);
        Recurrence recurrence = new(20, 1, Wide(network.WeightLayers[0].Weights), Wide(network.WeightLayers[1].Weights), Wide(network.WeightLayers[0].Bias));
        double[] states = recurrence.States(Wide(train.Features.AsSpan(0, 40 * 24)), 24);
        float[] computed = network.Activations(train.Take([0]), 2);
        for (int i = 0; i < computed.Length; i++)
            computed[i].Should().BeApproximately((float)states[(20 * 20) + i], 1e-4f);
    }

    [Fact]
    public void Every_trained_recurrence_has_its_radius_and_a_readout_that_predicts_before_training()
    {
        DataSet set = Sequence.Cut(SeriesSources.Cycles(), 12);
        (LabeledRows train, LabeledRows test) = new Split(set, null, Standardization.None, 1).Final();
        foreach (Candidate candidate in TrainedRecurrences.All.Where(candidate => candidate.Name != "he"))
        {
            Network network = Network.Recurrent(40, 20, 12, 12, 12);
            InitializationContext context = new(network, train, Activation.Tanh, 1) { Sequence = set.Sequence };
            candidate.Initialize(context);
            double[] recurrent = Array.ConvertAll(network.WeightLayers[1].Weights.ToArray(), value => (double)value);
            SpectralRadius.Of(recurrent, 12).Value.Should().BeApproximately(0.9, 1e-5, candidate.Name);
            TrainedRecurrences.Find($"{candidate.Name}+readout").Initialize(context);
            Loss.For(test).Evaluate(network, test).Score.Should().BeGreaterThan(20, candidate.Name);
        }
    }

    [Fact]
    public void Passages_are_told_apart_by_their_speakers_and_word_vectors_see_no_speech_that_is_tested()
    {
        string file = Path.GetTempFileName();
        string[] speeches = [.. Enumerable.Range(0, 600).Select(i => $"{"ABC"[i / 5 % 3]}. Speaker:\nword{(char)('a' + (i % 26))} one two three four\nfive six Seven's only{(i % 3 == 2 ? "tested" : "trained")}.\n")];
        File.WriteAllText(file, string.Join('\n', speeches));
        DataSet set = Passages.Read(file, 50, 4);
        File.Delete(file);
        set.Rows.Outputs.Should().Be(3);
        set.Rows.Count.Should().Be(600);
        Split.TestRows(set).Should().Be(200);
        set.Words!.Vocabulary.Should().Contain("onlytrained").And.NotContain("onlytested").And.Contain("seven's");
        set.Words.TrainingText.Should().NotContain("onlytested").And.HaveCount(400 * 9);
        set.Rows.Features[9..16].Should().OnlyContain(word => word == -1);
        set.Rows.Features[8].Should().Be(set.Words.Vocabulary.ToList().IndexOf("onlytrained"));
        set.Rows.Labels[..4].Should().OnlyContain(label => label == set.Rows.Labels[0]);

        DataSet topics = Passages.Made(500, 8);
        topics.Rows.Outputs.Should().Be(6);
        topics.Rows.Labels.Distinct().Should().HaveCount(6);
        (topics.Words!.TrainingText.Count / 16.0).Should().Be(3000, "documents without a class are text too");
        topics.Rows.Count.Should().BeInRange(1200, 1700);
        FluentActions.Invoking(() => Passages.Read(typeof(RegimeTests).Assembly.Location, 50, 4)).Should().Throw<InvalidDataException>().WithMessage("*passages to train*");
    }

    [Fact]
    public void Every_recurrence_has_its_units_its_radius_and_finite_states()
    {
        foreach (SeriesSet set in (SeriesSet[])[SeriesSources.Lorenz(), SeriesSources.Cycles()])
        {
            double[] series = set.Segment(0, 2)[..(300 * 12)];
            series.Should().OnlyContain(value => double.IsFinite(value)).And.NotEqual(set.Segment(1, 2)[..(300 * 12)], "each repetition is another series");
            foreach (RecurrenceCandidate candidate in RecurrenceCandidate.All.Where(candidate => candidate.Create is not null))
            {
                Recurrence recurrence = candidate.Create!(series, 12, 20, 0.5, 0.9, 3);
                recurrence.Units.Should().Be(20);
                SpectralRadius.Of(recurrence.Recurrent, 20).Value.Should().BeApproximately(0.9, 1e-6, candidate.Name);
                recurrence.States(series, 12).Should().HaveCount(6000).And.OnlyContain(value => Math.Abs(value) <= 1, candidate.Name);
            }
        }
    }

    [Fact]
    public void One_step_errors_are_those_of_the_process_and_the_same_bits_on_any_number_of_threads()
    {
        // x(t+1) = 0.8·x(t) + noise: no prediction explains more than 0.64 of the variance, and the linear readout explains that.
        SeriesSet set = new("autoregression", 2, (repetition, _) =>
        {
            Draws draws = new($"autoregression {repetition}");
            float[] noise = draws.Normal(2 * SeriesSet.Length);
            double[] series = new double[noise.Length];
            for (int i = 0; i < series.Length; i++)
                series[i] = (i < 2 ? 0 : 0.8 * series[i - 2]) + (0.6 * noise[i]);
            return series;
        });
        string[] results = [.. ((int[])[1, 2, 3, 7]).Select(threads =>
        {
            using IDisposable limit = Parallelism.Limit(threads);
            return JsonSerializer.Serialize(new SeriesExperiment(set, [RecurrenceCandidate.Find("reservoir"), RecurrenceCandidate.Find("linear")], [4], 3).Run());
        })];
        results.Should().AllBe(results[0]);
        SeriesResult result = JsonSerializer.Deserialize<SeriesResult>(results[0])!;
        result.Results[0][0].Error.Should().BeInRange(0.3, 0.55);
        result.Results[0][0].Difference.Should().Be(0);
        result.Results[0].Single(item => item.Name == "linear").Error.Should().BeInRange(0.3, 0.42);
    }
}
