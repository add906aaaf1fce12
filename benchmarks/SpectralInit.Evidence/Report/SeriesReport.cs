using System.Text;

namespace SpectralInit.Evidence;

/// <summary>One-step errors as Markdown and as a picture.</summary>
internal static class SeriesReport
{
    public static string Markdown(SeriesResult result)
    {
        StringBuilder text = new();
        text.AppendLine($"### {result.Series}: {result.Features} features, {result.Repetitions} paired repetitions").AppendLine();
        text.AppendLine("Mean squared one-step error, 1 for predicting the mean; in brackets the paired difference to the random reservoir of that size, negative is better.").AppendLine();
        text.AppendLine($"| units | {string.Join(" | ", result.Units)} |");
        text.AppendLine($"|---|{string.Concat(result.Units.Select(_ => "---|"))}");
        foreach ((string name, RecurrenceResult[] row) in Rows(result))
            text.AppendLine($"| {name} | {string.Join(" | ", row.Select(item => name == RecurrenceCandidate.Reference ? $"{item.Error:F3} ± {item.ErrorError:F3}" : $"{item.Error:F3} ({item.Difference:+0.000;−0.000;0.000} ± {item.DifferenceError:F3})"))} |");
        return text.ToString();
    }

    public static SvgPlot Picture(SeriesResult result)
    {
        SvgPlot plot = new($"{result.Series}: one step ahead, {result.Repetitions} repetitions", "units", "mean squared error, 1 = predicting the mean", 760, 420) { LogX = true };
        foreach ((string name, RecurrenceResult[] row) in Rows(result))
            plot.Band(name, [.. result.Units.Select(units => (double)units)], [.. row.Select(item => item.Error)], [.. row.Select(item => item.ErrorError)]);
        return plot;
    }

    private static IEnumerable<(string Name, RecurrenceResult[] Row)> Rows(SeriesResult result) =>
        result.Results[0].Select((first, i) => (first.Name, Array.ConvertAll(result.Results.ToArray(), row => row[i])));
}
