using System.Globalization;

namespace SpectralInit.Evidence;

/// <summary>Reads the words of a command line: options with one value each.</summary>
internal static class Arguments
{
    /// <summary>Every option with its value.</summary>
    public static Dictionary<string, string> Pairs(IReadOnlyList<string> arguments)
    {
        Dictionary<string, string> pairs = [];
        for (int i = 0; i < arguments.Count; i += 2)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal))
                throw new ArgumentException($"'{arguments[i]}' is not an option; options begin with --. --help lists them.");
            if (i + 1 == arguments.Count || arguments[i + 1].StartsWith("--", StringComparison.Ordinal))
                throw new ArgumentException($"{arguments[i]} needs a value, or is not an option; --help lists them.");
            if (!pairs.TryAdd(arguments[i], arguments[i + 1]))
                throw new ArgumentException($"{arguments[i]} is given twice.");
        }

        return pairs;
    }

    /// <summary>A name of an enumeration, in any case; not its number.</summary>
    public static T Enum<T>(string name, string text)
        where T : struct, System.Enum =>
        System.Enum.GetNames<T>().FirstOrDefault(known => known.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } match
            ? System.Enum.Parse<T>(match)
            : throw new ArgumentException($"{name} is one of {string.Join(", ", System.Enum.GetNames<T>().Select(known => known.ToLowerInvariant()))}, not '{text}'.");

    /// <summary>A whole number in a range.</summary>
    public static int Count(string name, string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most
            ? value
            : throw new ArgumentException(most == int.MaxValue ? $"{name} takes whole numbers of at least {least}, not '{text}'." : $"{name} takes whole numbers from {least} to {most}, not '{text}'.");

    /// <summary>Widths such as 256,128; 64x30 is thirty of 64, none is none.</summary>
    public static IReadOnlyList<int> Widths(string name, string text) =>
        text == "none" ? [] : [.. text.Split(',').SelectMany(part =>
        {
            string[] sides = part.Split('x');
            if (sides.Length > 2)
                throw new ArgumentException($"{name} takes widths such as 256,128 or 64x30, not '{part}'.");
            return Enumerable.Repeat(Count(name, sides[0], 1, 100_000), sides.Length == 2 ? Count(name, sides[1], 1, 1000) : 1);
        })];

    /// <summary>Positive numbers.</summary>
    public static IReadOnlyList<double> Numbers(string name, string text) =>
        [.. text.Split(',').Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double rate) && rate > 0 && double.IsFinite(rate)
            ? rate
            : throw new ArgumentException($"{name} takes positive numbers, not '{part}'."))];
}
