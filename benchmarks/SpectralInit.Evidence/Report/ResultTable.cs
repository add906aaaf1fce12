using System.Text;

namespace SpectralInit.Evidence;

/// <summary>A regime as a Markdown table.</summary>
internal static class ResultTable
{
    public static string Markdown(RegimeResult regime)
    {
        StringBuilder text = new();
        string reference = regime.Reference == Candidate.Reference ? "He" : regime.Reference;
        int digits = regime.Criterion == Criterion.Loss ? 3 : 2;
        string Number(double value, int places) => value.ToString($"F{places}");
        text.AppendLine($"### {regime.DataSet}, n = {regime.TrainRows}").AppendLine();
        text.AppendLine($"{regime.Network}; {regime.TestRows} test rows, {regime.Repetitions} paired repetitions, {regime.Epochs} epochs. {reference} is best after epoch {regime.ReferenceEpoch}: {Number(regime.ReferenceBest, digits)}.").AppendLine();
        if (regime.Criterion == Criterion.Loss)
            text.AppendLine($"Losses: less is better, but the difference to {reference} is written so that a gain is positive.").AppendLine();
        text.AppendLine($"| initializer | learning rate | start | final | against {reference} | epochs to {reference}'s best | init | training |");
        text.AppendLine("|---|---|---|---|---|---|---|---|");
        foreach (CandidateResult result in regime.Results)
        {
            string gain = result.Name == regime.Reference ? "" : $"{(result.Gain < 0 ? "−" : "+")}{Number(Math.Abs(result.Gain), digits)} ± {Number(result.GainError, digits)}";
            string epochs = result.EpochsToReference is { } epoch ? $"{epoch}" : "never";
            text.AppendLine($"| {result.Name} | {result.LearningRate:G3} | {Number(result.Start, digits - 1)} | {Number(result.Final, digits)} ± {Number(result.FinalError, digits)} | {gain} | {epochs} | {Time(result.InitializationSeconds)} | {Time(result.TrainingSeconds)} |");
        }

        return text.ToString();
    }

    private static string Time(double seconds) => seconds < 1 ? $"{1000 * seconds:F1} ms" : $"{seconds:F2} s";
}
