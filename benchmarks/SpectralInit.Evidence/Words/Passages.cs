using System.Text.RegularExpressions;

namespace SpectralInit.Evidence;

/// <summary>Who says this, or what is it about? Passages of up to 16 words, told apart by the mean of their words' rows in an embedding. Every third speech or document is for testing alone.</summary>
internal static partial class Passages
{
    private const int Most = 16, Least = 6;

    /// <summary>The six speakers with most passages in a play: a name and a colon in a line of their own, then what is said.</summary>
    /// <exception cref="InvalidDataException">The file has too few speeches.</exception>
    public static DataSet Read(string file, int vocabulary, int dimension)
    {
        const int Speakers = 6;
        (string Speaker, string[] Words)[] speeches = [.. Speech().Matches(File.ReadAllText(file).ReplaceLineEndings("\n"))
            .Select(match => (match.Groups[1].Value, Word().Matches(match.Groups[2].Value.ToLowerInvariant()).Select(word => word.Value).ToArray()))];
        string[] names = [.. speeches.GroupBy(speech => speech.Speaker).OrderByDescending(group => group.Sum(speech => Cut(speech.Words).Count())).ThenBy(group => group.Key, StringComparer.Ordinal).Take(Speakers).Select(group => group.Key)];
        return From("speakers", [.. speeches.Select(speech => (Array.IndexOf(names, speech.Speaker), speech.Words))], names.Length, vocabulary, dimension);
    }

    /// <summary>
    /// 4,500 documents of 16 words on one of six topics: a topic has 60 words of its own, a seventh of its documents' words are from them, the others from 400 words of all topics. Two documents of three have no class:
    /// they are text to learn word vectors from.
    /// </summary>
    public static DataSet Made(int vocabulary, int dimension)
    {
        const int Documents = 4500, Topics = 6, Own = 60, Common = 400;
        Draws draws = new("passages");
        (int, string[])[] documents = new (int, string[])[Documents];
        for (int i = 0; i < Documents; i++)
        {
            float[] u = draws.Uniform((2 * Most) + 2);
            int topic = (int)(Topics * u[2 * Most]);
            string[] words = new string[Most];
            for (int k = 0; k < Most; k++)
                words[k] = u[Most + k] < 1 / 7f ? $"{(char)('a' + topic)}{(int)(Own * u[k])}" : $"common{(int)(Math.Pow(Common + 1, u[k]) - 1)}";
            documents[i] = (u[(2 * Most) + 1] < 1 / 3f ? topic : -1, words);
        }

        return From("topics", documents, Topics, vocabulary, dimension);
    }

    private static DataSet From(string name, (int Class, string[] Words)[] texts, int classes, int vocabulary, int dimension)
    {
        bool Testing(int text) => text % 3 == 2;
        string[][] training = [.. texts.Where((_, i) => !Testing(i)).Select(text => text.Words)];
        (string[] words, Dictionary<string, int> numbers) = Vocabularies.Of(training.SelectMany(text => text), vocabulary);
        (int Class, string[] Words)[] Rows(bool testing) => [.. texts.Where((text, i) => text.Class >= 0 && Testing(i) == testing).SelectMany(text => Cut(text.Words).Select(part => (text.Class, part)))];
        (int Class, string[] Words)[] train = Rows(false), test = Rows(true);

        // As many of each as the split takes: two of three rows to train with, or all but 2000.
        int tested = Math.Min(Math.Min(2000, test.Length), train.Length / 2);
        if (tested < 2000)
            train = train[..(2 * tested)];
        if (tested < 50)
            throw new InvalidDataException($"The text has {train.Length} passages to train with and {test.Length} to test; at least 100 and 50 are needed.");
        (int Class, string[] Words)[] rows = [.. train, .. Enumerable.Range(0, tested).Select(i => test[(int)((long)i * test.Length / tested)])];
        float[] features = [.. rows.SelectMany(row => Enumerable.Range(0, Most).Select(k => k < row.Words.Length ? numbers.GetValueOrDefault(row.Words[k]) : -1f))];
        WordList list = new(words, dimension, [.. training.SelectMany(text => text).Select(word => words[numbers.GetValueOrDefault(word)])], Averaged: true);
        return new DataSet(name, LabeledRows.Classes(features, Most, [.. rows.Select(row => row.Class)], classes), Standardization.None, Words: list, TestAtEnd: true);
    }

    // A text in parts of the most words a passage has; a short rest is dropped.
    private static IEnumerable<string[]> Cut(string[] words) => words.Chunk(Most).Where(part => part.Length >= Least);

    [GeneratedRegex(@"(?:^|\n\n)([^\n:]+):\n([^\n]+(?:\n[^\n]+)*)")]
    private static partial Regex Speech();

    [GeneratedRegex("[a-z']+")]
    private static partial Regex Word();
}
