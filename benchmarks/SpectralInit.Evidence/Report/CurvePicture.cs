namespace SpectralInit.Evidence;

/// <summary>Learning curves with bands of one standard error.</summary>
internal static class CurvePicture
{
    private const int MostCurves = 7;

    /// <summary>The reference and the given initializers; without names, the reference and those that gain and lose most.</summary>
    public static SvgPlot Of(RegimeResult regime, IReadOnlyList<string>? names = null)
    {
        SvgPlot plot = new($"{regime.DataSet}, n = {regime.TrainRows}: {regime.Network}", "epoch", regime.Criterion == Criterion.Loss ? "test loss" : "test score, percent", 760, 420);

        // The loss before training would hide all that comes after it.
        int first = regime.Criterion == Criterion.Loss && regime.Epochs > 1 ? 1 : 0;
        foreach (CandidateResult result in Choose(regime, names))
        {
            double[] epochs = [.. Enumerable.Range(first, result.Mean.Length - first).Select(epoch => (double)epoch)];
            plot.Band(result.Name, epochs, result.Mean.AsSpan(first), result.Error.AsSpan(first));
        }

        return plot.Reference(regime.ReferenceBest, $"{(regime.Reference == Candidate.Reference ? "He" : regime.Reference)}'s best");
    }

    private static CandidateResult[] Choose(RegimeResult regime, IReadOnlyList<string>? names)
    {
        CandidateResult he = regime.Results.First(result => result.Name == regime.Reference);
        CandidateResult[] others = [.. regime.Results.Where(result => result != he && (names is null || names.Contains(result.Name)))];
        if (others.Length >= MostCurves)
        {
            CandidateResult[] ranked = [.. others.OrderByDescending(result => result.Gain)];
            others = [.. ranked[..(MostCurves - 3)], .. ranked[^2..]];
        }

        return [he, .. others];
    }
}
