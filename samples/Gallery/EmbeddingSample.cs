using SpectralInit;

namespace Gallery;

/// <summary>An embedding table from the company words keep.</summary>
internal static class EmbeddingSample
{
    public static void Run(GalleryContext context)
    {
        string? file = context.Find("text/tinyshakespeare.txt");
        IEnumerable<string> tokens = file is null ? Made.Sentences(4000, 1) : Words(File.ReadAllText(file));
        Dictionary<string, string[]> groups = file is null
            ? new() { ["animals"] = ["dog", "cat", "horse", "cow", "fox"], ["foods"] = ["bread", "rice", "soup", "apples", "cheese"], ["people"] = ["anna", "boris", "clara", "dmitri", "elena"] }
            : new() { ["kin"] = ["father", "mother", "brother", "son", "daughter", "uncle"], ["body"] = ["heart", "hand", "eyes", "blood", "tongue", "head"], ["Verona"] = ["romeo", "juliet", "tybalt", "mercutio", "benvolio", "nurse"] };

        CooccurrenceCounts counts = CooccurrenceCounts.Count(tokens);
        WordVectors vectors = WordVectors.Fit(counts, new() { Dimension = Math.Min(50, counts.Vocabulary.Count) });
        Console.WriteLine($"{counts.Vocabulary.Count:N0} words, {counts.Matrix.EntryCount:N0} pairs");
        foreach (string[] group in groups.Values)
            Console.WriteLine($"near '{group[0]}': {string.Join(", ", vectors.Nearest(group[0], 5).Select(near => near.Word))}");

        float[] table = new EmbeddingInitializer(vectors, ["<pad>", .. vectors.Vocabulary]).Create<float>(WeightShape.Embedding(counts.Vocabulary.Count + 1, vectors.Dimension), seed: 1);
        Console.WriteLine($"table of {table.Length:N0} weights, standard deviation {Math.Sqrt(table.Average(w => (double)w * w)):F3}");
        context.Save(Map(groups, vectors), "embedding.svg");
    }

    /// <summary>The chosen words on the two leading principal axes of their own vectors.</summary>
    private static SvgPlot Map(Dictionary<string, string[]> groups, WordVectors vectors)
    {
        List<double> rows = [];
        foreach (string word in groups.Values.SelectMany(words => words))
        {
            if (vectors.TryGet(word, out ReadOnlySpan<double> vector))
                rows.AddRange(vector);
        }

        DataSpectrum plane = DataSpectrum.Fit(RowSource.From(rows.ToArray(), vectors.Dimension), new() { Components = 2 });
        SvgPlot plot = new("Words by the company they keep", "first axis", "second axis");
        foreach ((string name, string[] words) in groups)
        {
            List<double> x = [], y = [];
            List<string> shown = [];
            foreach (string word in words)
            {
                if (!vectors.TryGet(word, out ReadOnlySpan<double> vector))
                    continue;
                shown.Add(word);
                x.Add(System.Numerics.Tensors.TensorPrimitives.Dot(vector, plane.Components.Vector(0)));
                y.Add(System.Numerics.Tensors.TensorPrimitives.Dot(vector, plane.Components.Vector(1)));
            }

            plot.Points(name, x.ToArray(), y.ToArray(), shown);
        }

        return plot;
    }

    private static string[] Words(string text) =>
        text.ToLowerInvariant().Split([.. text.ToLowerInvariant().Distinct().Where(c => !char.IsAsciiLetterLower(c) && c != '\'')], StringSplitOptions.RemoveEmptyEntries);
}
