using System.Diagnostics;
using SpectralInit.Evidence;

if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(CommandLine.Help
        .Replace("{MADE}", string.Join(", ", MadeData.All.Keys), StringComparison.Ordinal)
        .Replace("{HELDOUT2}", string.Join(", ", SecondHeldOutData.All.Keys), StringComparison.Ordinal)
        .Replace("{HELDOUT}", string.Join(", ", HeldOutData.All.Keys), StringComparison.Ordinal)
        .Replace("{SWEEPS}", string.Join(", ", Sweep.All.Select(sweep => sweep.Name)), StringComparison.Ordinal)
        .Replace("{CAPACITY}", $"{Network.BatchCapacity}", StringComparison.Ordinal));
    return 0;
}

if (args.Contains("--list"))
{
    foreach (Candidate candidate in Candidates.All)
        Console.WriteLine($"{candidate.Name,-22} {candidate.Summary}");
    Console.WriteLine("\nEmbeddings (--words, --passages)");
    foreach (Candidate candidate in EmbeddingCandidates.All)
        Console.WriteLine($"{candidate.Name,-22} {candidate.Summary}");
    Console.WriteLine("\nRecurrences (--series)");
    foreach (RecurrenceCandidate candidate in RecurrenceCandidate.All)
        Console.WriteLine($"{candidate.Name,-22} {candidate.Summary}");
    Console.WriteLine("\nRecurrences that are trained (--sequences)");
    foreach (Candidate candidate in TrainedRecurrences.All)
        Console.WriteLine($"{candidate.Name,-22} {candidate.Summary}");
    Console.WriteLine("\nSweeps (--sweep)");
    foreach (Sweep known in Sweep.All)
        Console.WriteLine($"{known.Name,-22} {known.Summary}");
    return 0;
}

CommandLine line;
try
{
    line = CommandLine.Parse(args);
}
catch (Exception problem) when (problem is ArgumentException or InvalidDataException or IOException or UnauthorizedAccessException or OverflowException)
{
    // The message without "(Parameter …)": a user of the command line has options, not parameters.
    Console.Error.WriteLine(problem.Message.Split(" (Parameter ")[0]);
    return 2;
}

using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

Stopwatch clock = Stopwatch.StartNew();
try
{
    if (line.Join.Count > 0)
        Join();
    else if (line.Series.Count > 0)
        Finish(PredictSeries(), ResultFiles.Save);
    else if (line.Sweep is { } sweep)
        Finish(Vary(sweep), ResultFiles.Save);
    else
        Finish(Compare(), (folder, results) => ResultFiles.Save(folder, results, line));
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("Stopped.");
    return 130;
}
catch (Exception problem) when (problem is ArgumentException or IOException or UnauthorizedAccessException or InvalidDataException)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}

Console.Error.WriteLine($"Done in {clock.Elapsed.TotalSeconds:F0} s.");
return 0;

void Finish<T>(IReadOnlyList<T> results, Action<string, IReadOnlyList<T>> save)
{
    if (line.JsonFile is { } json)
        ResultFiles.WriteJson(json, results);
    if (line.SaveFolder is { } folder)
        save(folder, results);
}

void Join()
{
    (List<RegimeResult> regimes, List<SweepResult> sweeps, List<SeriesResult> series) = JoinedResults.Read(line.Join);
    regimes = [.. regimes.Select(regime => regime.Against(line.Against))];
    foreach (RegimeResult result in regimes)
        Console.WriteLine(ResultTable.Markdown(result));
    foreach (SweepResult result in sweeps)
        Console.WriteLine(SweepTable.Markdown(result));
    foreach (SeriesResult result in series)
        Console.WriteLine(SeriesReport.Markdown(result));
    if (regimes.Count > 0)
        Finish(regimes, (folder, results) => ResultFiles.Save(folder, results, line));
    if (sweeps.Count > 0)
        Finish(sweeps, ResultFiles.Save);
    if (series.Count > 0)
        Finish(series, ResultFiles.Save);
}

List<RegimeResult> Compare()
{
    List<RegimeResult> results = [];
    foreach (DataSet set in line.DataSets)
    {
        Console.Error.WriteLine(set);
        foreach (int? rows in line.TrainRows)
        {
            if (!CommandLine.Fits(set, rows))
            {
                Console.Error.WriteLine($"  n = {rows} left out: {Split.TrainingRows(set)} training rows beside the test set.");
                continue;
            }

            RegimeResult result = new Experiment(set, rows, line.Options).Run(line.Known, new ConsoleProgress($"{set.Name}, n = {rows?.ToString() ?? "all"}"), stop.Token).Against(line.Against);
            results.Add(result);
            Console.WriteLine(ResultTable.Markdown(result));
        }
    }

    if (results.Count > 1)
        Console.WriteLine(Scoreboard.Markdown(results));
    return results;
}

List<SweepResult> Vary(Sweep sweep)
{
    List<SweepResult> results = [];
    foreach (DataSet? given in line.DataSets.DefaultIfEmpty())
    {
        foreach (int? rows in line.TrainRows)
        {
            List<RegimeResult> regimes = [];
            foreach (double value in sweep.Values)
            {
                (DataSet? set, ExperimentOptions options) = sweep.At(given, line.Options, value);
                regimes.Add(new Experiment(set!, rows, options).Run(line.Known, new ConsoleProgress($"{sweep.Name} {value}, n = {rows?.ToString() ?? "all"}"), stop.Token));
            }

            results.Add(new SweepResult(sweep.Name, sweep.Axis, sweep.Values, regimes));
            Console.WriteLine(SweepTable.Markdown(results[^1]));
        }
    }

    return results;
}

List<SeriesResult> PredictSeries()
{
    List<SeriesResult> results = [];
    foreach (SeriesSet set in line.Series)
    {
        results.Add(new SeriesExperiment(set, line.Recurrences, line.Units, line.Options.Seeds).Run(new ConsoleProgress(set.Name), stop.Token));
        Console.WriteLine(SeriesReport.Markdown(results[^1]));
    }

    return results;
}
