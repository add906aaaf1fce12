using System.Text;

namespace SpectralInit.Evidence;

/// <summary>A sweep as Markdown: one column per value.</summary>
internal static class SweepTable
{
    public static string Markdown(SweepResult sweep)
    {
        StringBuilder text = new();
        RegimeResult first = sweep.Regimes[0];
        text.AppendLine($"### {sweep.Name}: {first.DataSet}, n = {first.TrainRows}").AppendLine();
        text.AppendLine($"{first.Repetitions} paired repetitions, {first.Epochs} epochs. He's final score; for the others the difference to it. In brackets the learning rate chosen.").AppendLine();
        text.AppendLine($"| {sweep.Axis} | {string.Join(" | ", sweep.Values)} |");
        text.AppendLine($"|---|{string.Concat(sweep.Values.Select(_ => "---|"))}");
        foreach (string name in sweep.Initializers)
            text.AppendLine($"| {name} | {string.Join(" | ", sweep.Of(name).Select(result => $"{(name == Candidate.Reference ? $"{result.Final:F1} ± {result.FinalError:F1}" : $"{result.Gain:+0.0;−0.0;0.0} ± {result.GainError:F1}")} ({result.LearningRate:G3})"))} |");
        return text.ToString();
    }
}
