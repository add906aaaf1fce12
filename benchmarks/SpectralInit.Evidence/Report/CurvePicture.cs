namespace SpectralInit.Evidence;

/// <summary>Learning curves with bands of one standard error.</summary>
internal static class CurvePicture
{
    private const int MostCurves = 7;

    /// <summary>He and the given initializers; without names, He and those that gain and lose most.</summary>
    public static SvgPlot Of(RegimeResult regime, IReadOnlyList<string>? names = null)
    {
        SvgPlot plot = new($"{regime.DataSet}, n = {regime.TrainRows}: {regime.Network}", "epoch", regime.Criterion == Criterion.Loss ? "test loss" : "test score, percent", 760, 420);
        foreach (CandidateResult result in Choose(regime, names))
        {
            double[] epochs = [.. Enumerable.Range(0, result.Mean.Length).Select(epoch => (double)epoch)];
            plot.Band(result.Name, epochs, result.Mean, result.Error);
        }

        return plot.Reference(regime.ReferenceBest, "He's best");
    }

    private static CandidateResult[] Choose(RegimeResult regime, IReadOnlyList<string>? names)
    {
        CandidateResult he = regime.Results.First(result => result.Name == Candidate.Reference);
        CandidateResult[] others = [.. regime.Results.Where(result => result != he && (names is null || names.Contains(result.Name)))];
        if (others.Length >= MostCurves)
        {
            CandidateResult[] ranked = [.. others.OrderByDescending(result => result.Gain)];
            others = [.. ranked[..(MostCurves - 3)], .. ranked[^2..]];
        }

        return [he, .. others];
    }
}
