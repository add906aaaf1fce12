namespace SpectralInit.Evidence;

/// <summary>The most frequent words of a text, numbered; 0 is every other word.</summary>
internal static class Vocabularies
{
    private const string Rare = "<rare>";

    public static (string[] Words, Dictionary<string, int> Numbers) Of(IEnumerable<string> text, int size)
    {
        string[] words = [Rare, .. text.GroupBy(word => word).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).Take(size - 1).Select(group => group.Key)];
        return (words, words.Select((word, i) => (word, i)).ToDictionary(pair => pair.word, pair => pair.i));
    }
}
