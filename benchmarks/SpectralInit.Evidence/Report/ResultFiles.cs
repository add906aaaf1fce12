using System.Text.Json;
using System.Text.Json.Serialization;

namespace SpectralInit.Evidence;

/// <summary>Writes results where others can read them.</summary>
internal static class ResultFiles
{
    /// <summary>A loss that left the finite numbers is written as such.</summary>
    public static JsonSerializerOptions Options { get; } = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, Converters = { new JsonStringEnumConverter() } };

    public static void WriteJson<T>(string file, T results) => File.WriteAllText(file, JsonSerializer.Serialize(results, Options));

    /// <summary>tables.md, results.json, a picture of learning curves per regime, and in parity/ the first repetition of He for other frameworks.</summary>
    public static void Save(string folder, IReadOnlyList<RegimeResult> results, CommandLine line)
    {
        Directory.CreateDirectory(folder);
        WriteJson(Path.Combine(folder, "results.json"), results);
        File.WriteAllText(Path.Combine(folder, "tables.md"), string.Join('\n', [.. results.Select(ResultTable.Markdown), Scoreboard.Markdown(results)]));
        foreach (RegimeResult result in results)
        {
            string name = $"{result.DataSet}-{result.TrainRows}";
            CurvePicture.Of(result, line.Curves).Save(Path.Combine(folder, $"{name}.svg"));
            if (line.DataSets.FirstOrDefault(known => known.Name == result.DataSet) is { Words: null, Sequence: null } set)
                ParityExport.Write(Path.Combine(folder, "parity", name), set, result.TrainRows, line.Options, Candidates.Find(Candidate.Reference), result.Results.First(item => item.Name == Candidate.Reference).LearningRate);
        }
    }

    /// <summary>tables.md, results.json, and pictures over the quantity that is varied: scores, gains, and of every initializer the scores at every learning rate.</summary>
    public static void Save(string folder, IReadOnlyList<SweepResult> results)
    {
        Directory.CreateDirectory(folder);
        WriteJson(Path.Combine(folder, "results.json"), results);
        File.WriteAllText(Path.Combine(folder, "tables.md"), string.Join('\n', results.Select(SweepTable.Markdown)));
        foreach (SweepResult result in results)
        {
            string name = $"{result.Name}-{result.Regimes[0].TrainRows}";
            if (results.Count(other => other.Name == result.Name && other.Regimes[0].TrainRows == result.Regimes[0].TrainRows) > 1)
                name = $"{result.Regimes[0].DataSet}-{name}";
            SweepPicture.Scores(result).Save(Path.Combine(folder, $"{name}-scores.svg"));
            SweepPicture.Gains(result).Save(Path.Combine(folder, $"{name}-gains.svg"));
            foreach (string initializer in result.Initializers.Where(_ => result.Regimes[0].LearningRates.Count > 1))
                SweepPicture.Rates(result, initializer).Save(Path.Combine(folder, $"{name}-rates-{initializer}.svg"));
        }
    }

    /// <summary>tables.md, results.json and a picture of the errors over the units for each series.</summary>
    public static void Save(string folder, IReadOnlyList<SeriesResult> results)
    {
        Directory.CreateDirectory(folder);
        WriteJson(Path.Combine(folder, "results.json"), results);
        File.WriteAllText(Path.Combine(folder, "tables.md"), string.Join('\n', results.Select(SeriesReport.Markdown)));
        foreach (SeriesResult result in results)
            SeriesReport.Picture(result).Save(Path.Combine(folder, $"{result.Series}.svg"));
    }
}
