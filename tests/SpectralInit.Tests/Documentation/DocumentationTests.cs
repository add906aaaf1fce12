using System.Text.RegularExpressions;

namespace SpectralInit.Tests.Documentation;

/// <summary>What the pages refer to exists: files, headings, and the names they quote. Pages are read where the repository lies.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string s_root = Root();

    public static TheoryData<string> Pages => [.. Files("*.md").Select(path => Path.GetRelativePath(s_root, path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_and_anchors_resolve(string page)
    {
        string folder = Path.GetDirectoryName(Path.Combine(s_root, page))!;
        List<string> broken = [];
        foreach (Match link in Link().Matches(File.ReadAllText(Path.Combine(s_root, page))))
        {
            string target = link.Groups[1].Value;
            if (target.StartsWith("http", StringComparison.Ordinal))
                continue;
            string[] parts = target.Split('#', 2);
            string file = parts[0].Length == 0 ? Path.Combine(s_root, page) : Path.GetFullPath(Path.Combine(folder, parts[0]));
            if (!Path.Exists(file) || (parts.Length == 2 && file.EndsWith(".md", StringComparison.Ordinal) && !Anchors(file).Contains(parts[1])))
                broken.Add(target);
        }

        broken.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Names_in_code_are_names_in_the_sources(string page)
    {
        HashSet<string> known = s_words.Value;
        Code().Matches(File.ReadAllText(Path.Combine(s_root, page))).SelectMany(code => Name().Matches(code.Groups[1].Value)).Select(name => name.Value)
            .Where(name => !known.Contains(name)).Should().BeEmpty();
    }

    [Fact]
    public void The_pages_are_found_and_what_is_missing_would_be()
    {
        Pages.Should().HaveCountGreaterThan(3);
        Anchors(Path.Combine(s_root, "README.md")).Should().NotBeEmpty();
        s_words.Value.Should().Contain(nameof(SymmetricEigen)).And.NotContain(string.Concat("Symmetric", "Eigne"));
    }

    private static readonly Lazy<HashSet<string>> s_words = new(() => new[] { "*.cs", "*.fsx", "*.py", "*.csproj", "*.props" }.SelectMany(Files)
        .SelectMany(path => Word().Matches(File.ReadAllText(path))).Select(word => word.Value).ToHashSet(StringComparer.OrdinalIgnoreCase));

    // As the sites that show Markdown make them: lower case, without punctuation, dashes for spaces.
    private static HashSet<string> Anchors(string page) => [.. Heading().Matches(File.ReadAllText(page))
        .Select(heading => LinkText().Replace(heading.Groups[1].Value.Trim(), "$1"))
        .Select(text => string.Concat(text.Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_').Select(char.ToLowerInvariant)).Replace(' ', '-'))];

    /// <summary>Files of the repository, but for what is built.</summary>
    internal static IEnumerable<string> Files(string pattern) => Directory.EnumerateFiles(s_root, pattern, SearchOption.AllDirectories)
        .Where(path => !Path.GetRelativePath(s_root, path).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or ".git" or "BenchmarkDotNet.Artifacts" or "TestResults"));

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SpectralInit.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository.");
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkText();

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Code();

    // Neither shell variables, patterns and options of other programs, nor what follows a digit (768x32, 0xBFB4), nor numbers in base sixteen.
    [GeneratedRegex(@"(?<![\w$*-])(?![0-9a-f]*[0-9][0-9a-f]*\b)[A-Za-z_][A-Za-z_0-9]{2,}")]
    private static partial Regex Name();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
