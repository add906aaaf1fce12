using System.Text.Json;

namespace SpectralInit.Evidence;

/// <summary>Results that were run in parts and saved with --json, put together: the same question is one table, whoever was asked.</summary>
internal static class JoinedResults
{
    /// <summary>Regimes of the same data, rows, network and training; an initializer found twice is taken from the first file.</summary>
    public static List<RegimeResult> Regimes(IEnumerable<RegimeResult> parts) =>
        [.. parts.GroupBy(part => (part.DataSet, part.TrainRows, part.Network, part.Epochs, part.Repetitions))
            .Select(group => group.First() with { Results = [.. group.SelectMany(part => part.Results).DistinctBy(result => result.Name)] })
            .Select(joined => joined.Against(joined.Reference ?? Candidate.Reference))];

    /// <summary>Sweeps of the same quantity over the same data; initializers that were not run at every value are left out.</summary>
    public static List<SweepResult> Sweeps(IEnumerable<SweepResult> parts) =>
        [.. parts.GroupBy(part => (part.Name, part.Axis, part.Regimes[0].TrainRows, Data: part.Name.StartsWith("noise", StringComparison.Ordinal) || part.Name.StartsWith("condition", StringComparison.Ordinal) ? "" : part.Regimes[0].DataSet))
            .Select(group =>
            {
                var points = group.SelectMany(part => part.Values.Zip(part.Regimes)).GroupBy(point => point.First).OrderBy(point => point.Key)
                    .Select(point => (Value: point.Key, Regime: Regimes(point.Select(pair => pair.Second))[0])).ToArray();
                string[] everywhere = [.. points.Select(point => point.Regime.Results.Select(result => result.Name)).Aggregate((known, names) => known.Intersect(names))];
                return group.First() with
                {
                    Values = [.. points.Select(point => point.Value)],
                    Regimes = [.. points.Select(point => point.Regime with { Results = [.. everywhere.Select(name => point.Regime.Results.First(result => result.Name == name))] })],
                };
            })];

    /// <exception cref="InvalidDataException">A file is not what --json writes.</exception>
    public static (List<RegimeResult> Regimes, List<SweepResult> Sweeps, List<SeriesResult> Series) Read(IEnumerable<string> files)
    {
        List<RegimeResult> regimes = [];
        List<SweepResult> sweeps = [];
        List<SeriesResult> series = [];
        foreach (string file in files)
        {
            try
            {
                string text = File.ReadAllText(file);
                using JsonDocument document = JsonDocument.Parse(text);
                if (document.RootElement[0].TryGetProperty(nameof(SweepResult.Values), out _))
                    sweeps.AddRange(JsonSerializer.Deserialize<SweepResult[]>(text, ResultFiles.Options)!);
                else if (document.RootElement[0].TryGetProperty(nameof(SeriesResult.Units), out _))
                    series.AddRange(JsonSerializer.Deserialize<SeriesResult[]>(text, ResultFiles.Options)!);
                else
                    regimes.AddRange(JsonSerializer.Deserialize<RegimeResult[]>(text, ResultFiles.Options)!);
            }
            catch (Exception problem) when (problem is JsonException or InvalidOperationException or IndexOutOfRangeException)
            {
                throw new InvalidDataException($"{file} does not hold comparisons or sweeps as --json writes them: {problem.Message}");
            }
        }

        return (Regimes(regimes), Sweeps(sweeps), series);
    }
}
