using System.Globalization;
using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit.Evidence;

/// <summary>
/// Ways to set an embedding; the dense layers behind it are He's. Names are <c>random@s</c>, <c>uniform@s</c>, <c>ppmi…p@s</c> and <c>norms…p@s</c>: independent normal entries; uniform ones between ±s; word vectors
/// U·Σᵖ of the positive pointwise mutual information in the training text; random directions with the norms those vectors have. s is the root mean square of the table, but for uniform ones.
/// </summary>
internal static class EmbeddingCandidates
{
    private static readonly string[] s_names = [Candidate.Reference, "random@0.3", "random@0.1", "ppmi0.5@0.3", "norms0.5@0.3", "ppmi0@0.3", "norms0@0.3"];

    public static IReadOnlyList<Candidate> All { get; } = [.. s_names.Select(Find)];

    /// <exception cref="ArgumentException">There is no such candidate.</exception>
    public static Candidate Find(string name)
    {
        if (name == Candidate.Reference)
            return new(name, "He normal in every layer: deviation √2 in the table, which one word at a time enters", _ => { });
        string[] parts = name.Split('@');
        string kind = parts[0].TrimEnd([.. "0123456789."]);
        double power = 0;
        if (parts.Length != 2 || !TryNumber(parts[1], out double scale) || scale == 0 || (kind is "random" or "uniform" ? parts[0] != kind : kind is not ("ppmi" or "norms") || !TryNumber(parts[0][kind.Length..], out power)))
            throw new ArgumentException($"There is no embedding initializer '{name}'. Known: he, random@SCALE, uniform@SCALE, ppmiPOWER@SCALE, normsPOWER@SCALE, such as ppmi0.5@0.3.", nameof(name));
        return kind switch
        {
            "random" => new(name, $"table from N(0, {scale}²)", context => context.Fill(0, new NormalInitializer(0, scale))),
            "uniform" => new(name, $"table uniform in ±{scale}", context => context.Fill(0, new UniformInitializer(-scale, scale))),
            "ppmi" => new(name, $"table U·Σ^{power} of the positive mutual information, root mean square {scale}", context => context.Fill(0, Vectors(context, power, scale))),
            _ => new(name, $"table of random directions with the norms of ppmi{power}@{scale}", context => Directions(context, Vectors(context, power, scale))),
        };
    }

    private static EmbeddingInitializer Vectors(InitializationContext context, double power, double scale)
    {
        WordList words = context.Words ?? throw new ArgumentException("The data set has no words to make vectors of.", nameof(context));
        CooccurrenceCounts counts = CooccurrenceCounts.Count(words.TrainingText, new() { MinCount = 1 });
        return new EmbeddingInitializer(WordVectors.Fit(counts, new() { Dimension = words.Dimension, SingularValuePower = power }), words.Vocabulary, standardDeviation: scale);
    }

    private static void Directions(InitializationContext context, EmbeddingInitializer vectors)
    {
        context.Fill(0, vectors);
        WeightLayer table = context.Network.WeightLayers[0];
        int width = table.Shape.Columns;
        float[] draws = new float[table.Weights.Length];
        RandomFill.Normal(draws.AsSpan(), 0, 1, Seeds.Derive(context.Seed, "directions"));
        for (int i = 0; i < draws.Length; i += width)
        {
            Span<float> row = table.Weights.Slice(i, width), direction = draws.AsSpan(i, width);
            TensorPrimitives.Multiply(direction, TensorPrimitives.Norm<float>(row) / TensorPrimitives.Norm<float>(direction), row);
        }
    }

    private static bool TryNumber(string text, out double value) => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
}
