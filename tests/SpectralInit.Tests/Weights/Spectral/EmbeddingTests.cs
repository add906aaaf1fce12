using System.Text.Json;
using System.Text.RegularExpressions;

namespace SpectralInit.Tests.Weights.Spectral;

/// <summary>Word vectors against NumPy and SciPy's svds on the same text (Golden/embeddings/embeddings.py).</summary>
public partial class EmbeddingTests
{
    private static readonly JsonElement s_golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "embeddings", "embeddings.json"))).RootElement;
    private static readonly string[] s_made = [.. s_golden.GetProperty("made").EnumerateArray().Select(number => $"w{number.GetInt32()}")];

    [Fact]
    public void Harmonic_windows_with_smoothed_contexts_agree_with_SciPy() =>
        Agrees(s_made, s_golden.GetProperty("harmonic"), new() { Window = 4, MinCount = 3 }, 1, 0.75);

    [Fact]
    public void Linear_windows_with_a_shift_agree_with_SciPy() =>
        Agrees(s_made, s_golden.GetProperty("linear"), new() { Window = 2, MinCount = 1, Weighting = ContextWeighting.Linear }, 2, 1);

    [RealDataFact]
    public void Shakespeare_agrees_with_SciPy_and_its_neighbours_make_sense()
    {
        string text = File.ReadAllText(RealData.PathOf("text/tinyshakespeare.txt"));
        string[] tokens = [.. Words().Matches(text.ToLowerInvariant()).Select(match => match.Value)];
        WordVectors vectors = Agrees(tokens, s_golden.GetProperty("shakespeare"), new() { Window = 5, MinCount = 5 }, 1, 0.75);
        vectors.Nearest("romeo", 5).Select(pair => pair.Word).Should().Contain(["juliet", "tybalt", "mercutio"]);
        vectors.Nearest("queen", 5).Select(pair => pair.Word).Should().Contain(["elizabeth", "margaret"]);
    }

    [Fact]
    public void Subsampling_is_reproducible_and_drops_frequent_words()
    {
        CooccurrenceCounts all = CooccurrenceCounts.Count(s_made, new() { MinCount = 1 });
        CooccurrenceOptions options = new() { MinCount = 1, SubsamplingThreshold = 1e-2, Seed = 4 };
        CooccurrenceCounts some = CooccurrenceCounts.Count(s_made, options);
        Total(some).Should().BeLessThan(0.8 * Total(all));
        CooccurrenceCounts.Count(s_made, options).Matrix.Values.ToArray().Should().Equal(some.Matrix.Values.ToArray());
    }

    [Fact]
    public void Pairs_are_counted_from_both_sides()
    {
        // "a b a": (a, b) twice at distance 1, (a, a) at distance 2 seen from either end.
        CooccurrenceCounts counts = CooccurrenceCounts.Count(["a", "b", "a"], new() { MinCount = 1 });
        counts.Vocabulary.Should().Equal("a", "b");
        counts.Matrix.Row(0).Values.ToArray().Should().Equal(1, 2);
        counts.Matrix.Row(1).Values.ToArray().Should().Equal(2);
    }

    [Fact]
    public void Tables_align_to_a_tokenizer_and_fill_unknown_tokens_by_policy()
    {
        WordVectors vectors = WordVectors.Fit(CooccurrenceCounts.Count(s_made, new() { MinCount = 3 }), new() { Dimension = 6 });
        string[] tokens = ["<pad>", vectors.Vocabulary[3], "never seen", vectors.Vocabulary[0]];
        WeightShape shape = WeightShape.Embedding(4, 6);

        double[] zero = new EmbeddingInitializer(vectors, tokens, OutOfVocabulary.Zero, null).Create<double>(shape);
        zero.AsSpan(0, 6).ToArray().Should().OnlyContain(value => value == 0);
        vectors.TryGet(tokens[1], out ReadOnlySpan<double> expected).Should().BeTrue();
        zero.AsSpan(6, 6).ToArray().Should().Equal(expected.ToArray());

        double[] mean = new EmbeddingInitializer(vectors, tokens, OutOfVocabulary.Mean, null).Create<double>(shape);
        for (int i = 0; i < 6; i++)
            mean[i].Should().BeApproximately((zero[6 + i] + zero[18 + i]) / 2, 1e-12);

        EmbeddingInitializer matched = new(vectors, tokens);
        matched.KnownCount.Should().Be(2);
        double[] first = matched.Create<double>(shape, 1), second = matched.Create<double>(shape, 2);
        second.AsSpan(6, 6).ToArray().Should().Equal(first.AsSpan(6, 6).ToArray());
        second.AsSpan(0, 6).ToArray().Should().NotEqual(first.AsSpan(0, 6).ToArray());
        double square = first.AsSpan(6, 6).ToArray().Concat(first.AsSpan(18, 6).ToArray()).Average(value => value * value);
        square.Should().BeApproximately(0.01, 1e-14, "the default deviation is 0.1");
    }

    [Fact]
    public void Wrong_arguments_are_refused_by_name()
    {
        CooccurrenceCounts counts = CooccurrenceCounts.Count(s_made);
        WordVectors vectors = WordVectors.Fit(counts, new() { Dimension = 4 });
        Refuses("Window", () => CooccurrenceCounts.Count(s_made, new() { Window = 0 }));
        Refuses("SubsamplingThreshold", () => CooccurrenceCounts.Count(s_made, new() { SubsamplingThreshold = -1 }));
        Refuses("tokens", () => CooccurrenceCounts.Count(["once"]));
        Refuses("tokens", () => CooccurrenceCounts.Count(["a", null!]));
        Refuses("shift", () => PointwiseMutualInformation.Positive(counts, 0.5));
        Refuses("contextSmoothing", () => PointwiseMutualInformation.Positive(counts, 1, 0));
        Refuses("Dimension", () => WordVectors.Fit(counts, new() { Dimension = 10_000 }));
        Refuses("word", () => vectors.Nearest("never seen"));
        Refuses("vocabulary", () => new EmbeddingInitializer(vectors, ["never seen"]));
        Refuses("vocabulary", () => new EmbeddingInitializer(vectors, [vectors.Vocabulary[0], "never seen"], OutOfVocabulary.Throw));
        Refuses("standardDeviation", () => new EmbeddingInitializer(vectors, standardDeviation: 0));
        Refuses("shape", () => new EmbeddingInitializer(vectors).Create<float>(WeightShape.Embedding(3, 4)));
    }

    private static WordVectors Agrees(string[] tokens, JsonElement golden, CooccurrenceOptions options, double shift, double smoothing)
    {
        CooccurrenceCounts counts = CooccurrenceCounts.Count(tokens, options);
        counts.Vocabulary.Should().HaveCount(golden.GetProperty("words").GetInt32());
        counts.Vocabulary.Take(10).Should().Equal(golden.GetProperty("first").EnumerateArray().Select(word => word.GetString()));
        counts.Matrix.EntryCount.Should().Be(golden.GetProperty("pairs").GetInt32());
        Total(counts).Should().BeApproximately(golden.GetProperty("total").GetDouble(), 1e-9 * Total(counts));

        SparseMatrix information = PointwiseMutualInformation.Positive(counts, shift, smoothing);
        information.EntryCount.Should().Be(golden.GetProperty("positive").GetInt32());
        double[] singular = [.. golden.GetProperty("singular").EnumerateArray().Select(value => value.GetDouble())];
        WordVectors vectors = WordVectors.Fit(counts, new() { Dimension = singular.Length, Shift = shift, ContextSmoothing = smoothing });
        for (int i = 0; i < singular.Length; i++)
            vectors.SingularValues[i].Should().BeApproximately(singular[i], 1e-8 * singular[0]);

        // Inner products of rows do not depend on the signs of the directions.
        double[] gram = [.. golden.GetProperty("gram").EnumerateArray().Select(value => value.GetDouble())];
        for (int a = 0; a < 5; a++)
        {
            for (int b = 0; b < 5; b++)
            {
                double product = Enumerable.Range(0, singular.Length).Sum(i => vectors.Values[(a * singular.Length) + i] * vectors.Values[(b * singular.Length) + i]);
                product.Should().BeApproximately(gram[(a * 5) + b], 1e-5);
            }
        }

        return vectors;
    }

    private static double Total(CooccurrenceCounts counts) => counts.Matrix.Values.ToArray().Sum();

    private static void Refuses(string parameter, Func<object> call) => call.Should().Throw<ArgumentException>().WithParameterName(parameter);

    [GeneratedRegex("[a-z']+")]
    private static partial Regex Words();
}
