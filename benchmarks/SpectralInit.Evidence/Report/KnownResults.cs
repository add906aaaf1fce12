namespace SpectralInit.Evidence;

/// <summary>Results of earlier runs, saved by --json.</summary>
internal sealed class KnownResults(IReadOnlyList<RegimeResult> regimes)
{
    public static KnownResults None { get; } = new([]);

    /// <summary>Reads comparisons; of sweeps the comparison at each value.</summary>
    /// <exception cref="InvalidDataException">A file is not what --json writes.</exception>
    public static KnownResults Read(IEnumerable<string> files)
    {
        (List<RegimeResult> found, List<SweepResult> sweeps, _) = JoinedResults.Read(files);
        return new([.. found, .. sweeps.SelectMany(sweep => sweep.Regimes)]);
    }

    /// <summary>What is known of a question: the same rows, network, training, repetitions and grid of learning rates.</summary>
    public RegimeResult? For(DataSet set, int rows, ExperimentOptions options) =>
        regimes.FirstOrDefault(regime => regime.DataSet == set.Name && regime.TrainRows == rows && regime.TestRows == Split.TestRows(set) && regime.Network == options.DescribeTraining(set)
            && regime.Epochs == options.Plan.Epochs && regime.Repetitions == options.Seeds && regime.Criterion == options.Criterion && regime.LearningRates?.SequenceEqual(options.LearningRates) == true);
}
