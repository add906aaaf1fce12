using System.Diagnostics;
using SpectralInit.Evidence;

if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(CommandLine.Help
        .Replace("{MADE}", string.Join(", ", MadeData.All.Keys), StringComparison.Ordinal)
        .Replace("{CAPACITY}", $"{Network.BatchCapacity}", StringComparison.Ordinal));
    return 0;
}

if (args.Contains("--list"))
{
    foreach (Candidate candidate in Candidates.All)
        Console.WriteLine($"{candidate.Name,-22} {candidate.Summary}");
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
List<RegimeResult> results = [];
try
{
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

            RegimeResult result = new Experiment(set, rows, line.Options).Run(new ConsoleProgress($"{set.Name}, n = {rows?.ToString() ?? "all"}"), stop.Token);
            results.Add(result);
            Console.WriteLine(ResultTable.Markdown(result));
        }
    }

    if (results.Count > 1)
        Console.WriteLine(Scoreboard.Markdown(results));
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("Stopped.");
    return 130;
}

try
{
    if (line.JsonFile is { } json)
        ResultFiles.WriteJson(json, results);
    if (line.SaveFolder is { } folder)
        ResultFiles.Save(folder, results, line);
}
catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}

Console.Error.WriteLine($"Done in {clock.Elapsed.TotalSeconds:F0} s.");
return 0;
