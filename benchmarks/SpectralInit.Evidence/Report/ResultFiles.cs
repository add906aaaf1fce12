using System.Text.Json;

namespace SpectralInit.Evidence;

/// <summary>Writes results where others can read them.</summary>
internal static class ResultFiles
{
    private static readonly JsonSerializerOptions s_options = new() { WriteIndented = true };

    public static void WriteJson(string file, IReadOnlyList<RegimeResult> results) => File.WriteAllText(file, JsonSerializer.Serialize(results, s_options));

    /// <summary>tables.md, results.json, a picture of learning curves per regime, and in parity/ the first repetition of He for other frameworks.</summary>
    public static void Save(string folder, IReadOnlyList<RegimeResult> results, CommandLine line)
    {
        Directory.CreateDirectory(folder);
        WriteJson(Path.Combine(folder, "results.json"), results);
        File.WriteAllText(Path.Combine(folder, "tables.md"), string.Join('\n', [.. results.Select(ResultTable.Markdown), Scoreboard.Markdown(results)]));
        foreach (RegimeResult result in results)
        {
            string name = $"{result.DataSet}-{result.TrainRows}";
            CurvePicture.Of(result).Save(Path.Combine(folder, $"{name}.svg"));
            DataSet set = line.DataSets.First(known => known.Name == result.DataSet);
            ParityExport.Write(Path.Combine(folder, "parity", name), set, result.TrainRows, line.Options, Candidates.Find(Candidate.Reference), result.Results.First(item => item.Name == Candidate.Reference).LearningRate);
        }
    }
}
