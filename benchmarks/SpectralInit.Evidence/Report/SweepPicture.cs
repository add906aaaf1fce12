namespace SpectralInit.Evidence;

/// <summary>Curves over the quantity of a sweep, with bands of one standard error.</summary>
internal static class SweepPicture
{
    /// <summary>Final test scores.</summary>
    public static SvgPlot Scores(SweepResult sweep)
    {
        SvgPlot plot = New(sweep, "final test score, percent", sweep.Values);
        foreach (string name in sweep.Initializers)
            plot.Band(name, [.. sweep.Values], [.. sweep.Of(name).Select(result => result.Final)], [.. sweep.Of(name).Select(result => result.FinalError)]);
        return plot;
    }

    /// <summary>Differences to He.</summary>
    public static SvgPlot Gains(SweepResult sweep)
    {
        SvgPlot plot = New(sweep, "gain in the final test score against He", sweep.Values);
        foreach (string name in sweep.Initializers.Where(name => name != Candidate.Reference))
            plot.Band(name, [.. sweep.Values], [.. sweep.Of(name).Select(result => result.Gain)], [.. sweep.Of(name).Select(result => result.GainError)]);
        return plot.Reference(0, "He");
    }

    /// <summary>Of one initializer, the validation score against the learning rate, a curve for every value.</summary>
    public static SvgPlot Rates(SweepResult sweep, string initializer)
    {
        SvgPlot plot = New(sweep with { Axis = "learning rate" }, "validation score, percent", sweep.Regimes[0].LearningRates, initializer);
        foreach ((double value, CandidateResult result) in sweep.Values.Zip(sweep.Of(initializer)))
            plot.Line($"{sweep.Name} {value}", [.. sweep.Regimes[0].LearningRates], result.RateScores);
        return plot;
    }

    private static SvgPlot New(SweepResult sweep, string vertical, IReadOnlyList<double> horizontal, string? initializer = null)
    {
        RegimeResult first = sweep.Regimes[0];
        bool geometric = horizontal.Count > 2 && horizontal[0] > 0 && horizontal[^1] >= 16 * horizontal[0];
        string data = sweep.Regimes.All(regime => regime.DataSet == first.DataSet) ? first.DataSet : sweep.Name;
        string title = string.Join(", ", ((string?[])[initializer, data, $"n = {first.TrainRows}"]).Where(part => part is not null));
        return new SvgPlot($"{title}: {string.Join(" ", first.Network.Split(" ")[^4..])}", sweep.Axis, vertical, 760, 420) { LogX = geometric };
    }
}
