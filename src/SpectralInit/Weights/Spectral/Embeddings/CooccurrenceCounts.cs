using System.Runtime.InteropServices;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>How often words occur near each other in a text: a symmetric sparse matrix over its vocabulary.</summary>
public sealed class CooccurrenceCounts
{
    private CooccurrenceCounts(string[] vocabulary, long[] wordCounts, SparseMatrix matrix)
    {
        Vocabulary = vocabulary;
        WordCounts = wordCounts;
        Matrix = matrix;
    }

    /// <summary>Words kept, most frequent first, ties in ordinal order: row and column i belong to word i.</summary>
    public IReadOnlyList<string> Vocabulary { get; }

    /// <summary>How often each word occurs in the text.</summary>
    public IReadOnlyList<long> WordCounts { get; }

    /// <summary>Weighted pair counts, V × V, symmetric.</summary>
    public SparseMatrix Matrix { get; }

    /// <summary>Words and pairs counted.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Vocabulary.Count:N0} words, {Matrix.EntryCount:N0} pairs");

    /// <summary>Counts pairs in a stream of tokens. The tokens are read once and kept as numbers: 4 bytes a token and about 40 a distinct pair.</summary>
    /// <param name="tokens">Words in the order of the text, none null. Token numbers of a tokenizer can be passed as their decimal strings.</param>
    /// <param name="options">Window, weights, minimum count; defaults when null.</param>
    /// <param name="progress">Told the number of centre words counted so far.</param>
    /// <param name="cancellationToken">Stops between centre words.</param>
    /// <exception cref="ArgumentException">An option is out of range, a token is null, or no word reaches the minimum count.</exception>
    public static CooccurrenceCounts Count(IEnumerable<string> tokens, CooccurrenceOptions? options = null, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        options ??= new();
        options.Check();

        (List<int> text, string[] vocabulary, long[] wordCounts) = Number(tokens, options, cancellationToken);
        double[] keep = KeepProbabilities(wordCounts, text.Count, options.SubsamplingThreshold);
        Subsample(text, keep, options.Seed);
        int window = Math.Min(options.Window, text.Count);
        double[] weights = [.. Enumerable.Range(1, window).Select(distance => Weight(distance, options))];

        // One entry per unordered pair; the matrix mirrors it. Row-major places are the keys: the halves of a packed pair would be hashed to their exclusive or,
        // which takes no more than V values for V² pairs.
        Dictionary<long, double> pairs = [];
        for (int centre = 0; centre < text.Count; centre++)
        {
            if (centre % 65536 == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report(centre);
            }

            int end = (int)Math.Min(text.Count, centre + window + 1L);
            for (int context = centre + 1; context < end; context++)
            {
                (int low, int high) = (Math.Min(text[centre], text[context]), Math.Max(text[centre], text[context]));
                CollectionsMarshal.GetValueRefOrAddDefault(pairs, ((long)low * vocabulary.Length) + high, out _) += weights[context - centre - 1];
            }
        }

        progress?.Report(text.Count);
        return new CooccurrenceCounts(vocabulary, wordCounts, SparseMatrix.FromEntries(vocabulary.Length, vocabulary.Length, Mirrored(pairs, vocabulary.Length)));
    }

    private static IEnumerable<(int Row, int Column, double Value)> Mirrored(Dictionary<long, double> pairs, int words)
    {
        foreach ((long key, double value) in pairs)
        {
            (int low, int high) = ((int)(key / words), (int)(key % words));
            if (low == high)
            {
                // A word near itself is seen once from either side.
                yield return (low, high, 2 * value);
                continue;
            }

            yield return (low, high, value);
            yield return (high, low, value);
        }
    }

    private static (List<int> Text, string[] Vocabulary, long[] Counts) Number(IEnumerable<string> tokens, CooccurrenceOptions options, CancellationToken cancellationToken)
    {
        Dictionary<string, int> numbers = new(StringComparer.Ordinal);
        List<string> words = [];
        List<long> counts = [];
        List<int> text = [];
        foreach (string token in tokens)
        {
            if (token is null)
                throw new ArgumentException($"Token {text.Count} is null.", nameof(tokens));
            if (text.Count % 65536 == 0)
                cancellationToken.ThrowIfCancellationRequested();
            ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, token, out bool known);
            if (!known)
            {
                number = words.Count;
                words.Add(token);
                counts.Add(0);
            }

            counts[number]++;
            text.Add(number);
        }

        int[] kept = [.. Enumerable.Range(0, words.Count).Where(word => counts[word] >= options.MinCount)
            .OrderByDescending(word => counts[word]).ThenBy(word => words[word], StringComparer.Ordinal)];
        if (kept.Length == 0)
            throw new ArgumentException($"No word occurs {options.MinCount} times among {text.Count} tokens; pass more text or lower MinCount.", nameof(tokens));

        int[] newNumber = new int[words.Count];
        Array.Fill(newNumber, -1);
        for (int i = 0; i < kept.Length; i++)
            newNumber[kept[i]] = i;
        List<int> renumbered = [.. text.Select(word => newNumber[word]).Where(number => number >= 0)];
        return (renumbered, [.. kept.Select(word => words[word])], [.. kept.Select(word => counts[word])]);
    }

    private static double[] KeepProbabilities(long[] counts, long total, double threshold) =>
        [.. counts.Select(count => threshold == 0 ? 1 : Math.Min(1, Math.Sqrt(threshold * total / count)))];

    private static void Subsample(List<int> text, double[] keep, ulong seed)
    {
        if (keep.All(probability => probability >= 1))
            return;
        double[] draws = new double[text.Count];
        RandomFill.Uniform<double>(draws, 0, 1, seed);
        int length = 0;
        for (int i = 0; i < draws.Length; i++)
        {
            if (draws[i] < keep[text[i]])
                text[length++] = text[i];
        }

        text.RemoveRange(length, text.Count - length);
    }

    private static double Weight(int distance, CooccurrenceOptions options) => options.Weighting switch
    {
        ContextWeighting.Harmonic => 1.0 / distance,
        ContextWeighting.Linear => (options.Window - distance + 1.0) / options.Window,
        _ => 1,
    };
}
