using System.Text.RegularExpressions;

namespace SpectralInit.Evidence;

/// <summary>Which word follows the last few? The first nine tenths of a text are for training, test places lie evenly over the last tenth.</summary>
internal static partial class NextWord
{
    private const int Context = 3, TestPlaces = 2000, LeastPlaces = 6000;

    /// <summary>The words of a text file, in lower case.</summary>
    public static DataSet Read(string file, int vocabulary, int dimension) =>
        From("words", [.. Word().Matches(File.ReadAllText(file).ToLowerInvariant()).Select(match => match.Value)], vocabulary, dimension);

    /// <summary>
    /// 60,000 words in 20 classes of 40, of Zipfian frequency within a class; a class is followed by one of three others. Words of a class keep the same company.
    /// </summary>
    public static DataSet Made(int vocabulary, int dimension)
    {
        const int Length = 60_000, Classes = 20, Each = 40, Followers = 3;
        Draws draws = new("words");
        float[] follow = draws.Uniform(Classes * Followers), steps = draws.Uniform(Length), words = draws.Uniform(Length);
        string[] text = new string[Length];
        int current = 0;
        for (int i = 0; i < Length; i++)
        {
            current = (int)(Classes * follow[(current * Followers) + (int)(Followers * steps[i])]);
            text[i] = $"{(char)('a' + current)}{(int)(Math.Pow(Each + 1, words[i]) - 1)}";
        }

        return From("made-words", text, vocabulary, dimension);
    }

    private static DataSet From(string name, string[] text, int vocabulary, int dimension)
    {
        int train = text.Length * 9 / 10, places = train - Context;
        if (places < LeastPlaces)
            throw new InvalidDataException($"The text has {text.Length} words; at least {(LeastPlaces + Context) * 10 / 9} are needed.");
        (string[] words, Dictionary<string, int> numbers) = Vocabularies.Of(text.Take(train), vocabulary);
        int[] stream = [.. text.Select(word => numbers.GetValueOrDefault(word))];

        float[] features = new float[(places + TestPlaces) * Context];
        int[] labels = new int[places + TestPlaces];
        for (int row = 0; row < labels.Length; row++)
        {
            int at = row < places ? row : train + (int)((long)(row - places) * (text.Length - train - Context) / TestPlaces);
            for (int k = 0; k < Context; k++)
                features[(row * Context) + k] = stream[at + k];
            labels[row] = stream[at + Context];
        }

        WordList list = new(words, dimension, [.. stream.Take(train).Select(number => words[number])]);
        return new DataSet(name, LabeledRows.Classes(features, Context, labels, words.Length), Standardization.None, Words: list, TestAtEnd: true);
    }

    [GeneratedRegex("[a-z']+")]
    private static partial Regex Word();
}
