using System.Text.RegularExpressions;

namespace SpectralInit.Tests.Documentation;

/// <summary>A public member that throws says so: read off the sources, whose members stand four spaces in. Checks for null need no word.</summary>
public sealed partial class ExceptionDocumentationTests
{
    [Fact]
    public void Public_members_that_throw_say_so()
    {
        (string Place, bool Throws, bool Says)[] members = [.. Sources().SelectMany(path => Members(File.ReadAllText(path), Path.GetFileName(path)))];
        members.Length.Should().BeGreaterThan(500);
        members.Count(member => member is { Throws: true, Says: true }).Should().BeGreaterThan(60);
        members.Where(member => member is { Throws: true, Says: false }).Select(member => member.Place).Should().BeEmpty();
    }

    [Fact]
    public void What_throws_in_silence_is_found()
    {
        const string Source = """
            /// <summary>A type.</summary>
            public static class Example
            {
                /// <summary>Silent.</summary>
                public static int Silent(int value)
                {
                    ArgumentOutOfRangeException.ThrowIfNegative(value);
                    return value;
                }

                /// <summary>Honest.</summary>
                /// <exception cref="ArgumentException">Always.</exception>
                public static int Honest(int value) => throw new ArgumentException("No.", nameof(value));

                /// <summary>Harmless.</summary>
                public static int Harmless(string value) => value.Length;
            }
            """;
        Members(Source, "Example.cs").Where(member => member is { Throws: true, Says: false }).Should().ContainSingle().Which.Place.Should().StartWith("Example.cs: public static int Silent");
        Members(Source, "Example.cs").Should().HaveCount(3);
    }

    private static IEnumerable<(string Place, bool Throws, bool Says)> Members(string source, string file)
    {
        string[] lines = source.ReplaceLineEndings("\n").Split('\n');
        if (!lines.Any(line => PublicType().IsMatch(line)))
            yield break;
        for (int i = 0; i < lines.Length; i++)
        {
            if (!Member().IsMatch(lines[i]))
                continue;
            int docs = i, end = i;
            while (docs > 0 && (lines[docs - 1].StartsWith("    ///", StringComparison.Ordinal) || lines[docs - 1].StartsWith("    [", StringComparison.Ordinal)))
                docs--;

            // To the brace that closes it, or to an empty line where there is none.
            bool braces = false;
            while (!(end == i && OneLine().IsMatch(lines[i])) && !lines[end].StartsWith("    }", StringComparison.Ordinal) && (braces || lines[end + 1].Length > 1))
                braces |= lines[++end] == "    {";
            string says = string.Join('\n', lines[docs..i]), body = string.Join('\n', lines[i..(end + 1)]);
            yield return ($"{file}: {lines[i].Trim()}", Throw().IsMatch(body), says.Contains("<exception", StringComparison.Ordinal) || says.Contains("<inheritdoc", StringComparison.Ordinal));
        }
    }

    private static IEnumerable<string> Sources() => DocumentationTests.Files("*.cs").Where(path => path.Contains($"{Path.DirectorySeparatorChar}src{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    [GeneratedRegex("^public .*(class|struct|interface|record) ")]
    private static partial Regex PublicType();

    [GeneratedRegex(@"^    public (?!.*\b(class|struct|enum|interface|delegate)\b)")]
    private static partial Regex Member();

    [GeneratedRegex("[;}]$")]
    private static partial Regex OneLine();

    [GeneratedRegex("throw |ThrowIf(?!CancellationRequested|Null)")]
    private static partial Regex Throw();
}
