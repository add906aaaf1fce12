using System.Text;

namespace SpectralInit.Evidence;

/// <summary>All regimes of a run at a glance, one row per initializer.</summary>
internal static class Scoreboard
{
    /// <summary>A loss that counts: more than half a point beyond its standard error.</summary>
    private const double Tolerance = 0.5;

    public static string Markdown(IReadOnlyList<RegimeResult> regimes)
    {
        StringBuilder text = new();
        text.AppendLine($"### All {regimes.Count} regimes").AppendLine();
        text.AppendLine("Epochs: of the initializer to the reference's best mean score, divided by its own; a regime never reached counts as infinite.").AppendLine();
        text.AppendLine("| initializer | mean gain | mean gain, n ≤ 200 | wins / losses beyond 2 errors | median epochs ratio | worst gain | regimes behind by > 0.5 + error |");
        text.AppendLine("|---|---|---|---|---|---|---|");
        foreach (string name in regimes.SelectMany(regime => regime.Results).Select(result => result.Name).Distinct())
        {
            (RegimeResult Regime, CandidateResult Result)[] rows = [.. regimes.SelectMany(regime => regime.Results.Where(result => result.Name == name).Select(result => (regime, result)))];
            (RegimeResult Regime, CandidateResult Result)[] few = [.. rows.Where(row => row.Regime.TrainRows <= 200)];
            double[] ratios = [.. rows.Select(row => row.Result.EpochsToReference is { } epochs ? epochs / Math.Max(1.0, row.Regime.ReferenceEpoch) : double.PositiveInfinity).Order()];
            double median = (ratios[(ratios.Length - 1) / 2] + ratios[ratios.Length / 2]) / 2;
            (RegimeResult Regime, CandidateResult Result) worst = rows.MinBy(row => row.Result.Gain);
            int wins = rows.Count(row => row.Result.Gain > 2 * row.Result.GainError && row.Result.Gain > 0), losses = rows.Count(row => -row.Result.Gain > 2 * row.Result.GainError && row.Result.Gain < 0);
            int behind = rows.Count(row => -row.Result.Gain > Tolerance + row.Result.GainError);
            text.AppendLine($"| {name} | {rows.Average(row => row.Result.Gain):+0.00;-0.00;0.00} | {(few.Length == 0 ? "" : $"{few.Average(row => row.Result.Gain):+0.00;-0.00;0.00}")} | {wins} / {losses} | {(double.IsInfinity(median) ? "never" : $"{median:F2}")} | {worst.Result.Gain:+0.00;-0.00;0.00} ± {worst.Result.GainError:F2} ({worst.Regime.DataSet} {worst.Regime.TrainRows}) | {behind} |");
        }

        return text.AppendLine().Append(Gains(regimes)).ToString();
    }

    // One row per initializer, one column per regime.
    private static StringBuilder Gains(IReadOnlyList<RegimeResult> regimes)
    {
        StringBuilder text = new();
        text.AppendLine("Gain in the final score against the reference; epochs to its best / epochs trained (– for never).").AppendLine();
        text.AppendLine($"| initializer | {string.Join(" | ", regimes.Select(regime => $"{regime.DataSet} {regime.TrainRows}"))} |");
        text.AppendLine($"|---|{string.Concat(regimes.Select(_ => "---|"))}");
        foreach (string name in regimes.SelectMany(regime => regime.Results).Select(result => result.Name).Distinct())
        {
            string Cell(RegimeResult regime)
            {
                if (regime.Results.FirstOrDefault(item => item.Name == name) is not { } result)
                    return "";
                string value = name == regime.Reference ? $"{result.Final:F1} ± {result.FinalError:F1}" : $"{result.Gain:+0.0;-0.0;0.0} ± {result.GainError:F1}";
                return $"{value}; {result.EpochsToReference?.ToString() ?? "–"}/{regime.Epochs}";
            }

            text.AppendLine($"| {name} | {string.Join(" | ", regimes.Select(Cell))} |");
        }

        return text;
    }
}
