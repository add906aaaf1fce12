using System.Text;

namespace SpectralInit.Evidence;

/// <summary>A regime as a Markdown table.</summary>
internal static class ResultTable
{
    public static string Markdown(RegimeResult regime)
    {
        StringBuilder text = new();
        text.AppendLine($"### {regime.DataSet}, n = {regime.TrainRows}").AppendLine();
        text.AppendLine($"{regime.Network}; {regime.TestRows} test rows, {regime.Repetitions} paired repetitions, {regime.Epochs} epochs. He is best after epoch {regime.ReferenceEpoch}: {regime.ReferenceBest:F2}.").AppendLine();
        text.AppendLine("| initializer | learning rate | start | final | against He | epochs to He's best | init | training |");
        text.AppendLine("|---|---|---|---|---|---|---|---|");
        foreach (CandidateResult result in regime.Results)
        {
            string gain = result.Name == Candidate.Reference ? "" : $"{result.Gain:+0.00;-0.00;0.00} ± {result.GainError:F2}";
            string epochs = result.EpochsToReference is { } epoch ? $"{epoch}" : "never";
            text.AppendLine($"| {result.Name} | {result.LearningRate:G3} | {result.Start:F1} | {result.Final:F2} ± {result.FinalError:F2} | {gain} | {epochs} | {Time(result.InitializationSeconds)} | {Time(result.TrainingSeconds)} |");
        }

        return text.ToString();
    }

    private static string Time(double seconds) => seconds < 1 ? $"{1000 * seconds:F1} ms" : $"{seconds:F2} s";
}
