namespace SpectralInit.Evidence;

/// <summary>All initializers on one data set at one number of training rows.</summary>
/// <param name="DataSet">Its name.</param>
/// <param name="TrainRows">Training rows.</param>
/// <param name="TestRows">Test rows.</param>
/// <param name="Network">The architecture, in words.</param>
/// <param name="Epochs">Epochs trained.</param>
/// <param name="Repetitions">Paired repetitions.</param>
/// <param name="Criterion">What the scores are.</param>
/// <param name="LearningRates">The grid.</param>
/// <param name="ReferenceBest">He's best mean score over the epochs.</param>
/// <param name="ReferenceEpoch">The first epoch that reached it.</param>
/// <param name="Results">One per initializer.</param>
internal sealed record RegimeResult(
    string DataSet, int TrainRows, int TestRows, string Network, int Epochs, int Repetitions, Criterion Criterion, IReadOnlyList<double> LearningRates, double ReferenceBest, int ReferenceEpoch, CandidateResult[] Results)
{
    public static RegimeResult From(DataSet set, int rows, ExperimentOptions options, RateChoice choice, TrainingCurve[,] curves, double[,] initialization)
    {
        int candidates = options.Candidates.Count, repetitions = options.Seeds, points = options.Plan.Epochs + 1;
        int reference = Enumerable.Range(0, candidates).FirstOrDefault(i => options.Candidates[i].Name == Candidate.Reference);
        double better = options.Criterion == Criterion.Score ? 1 : -1;
        double Value(int candidate, int seed, int epoch) => options.Criterion == Criterion.Score ? curves[candidate, seed].Points[epoch].Score : curves[candidate, seed].Points[epoch].Loss;
        double[] Over(Func<int, double> value) => [.. Enumerable.Range(0, repetitions).Select(value)];

        double[] referenceMean = [.. Enumerable.Range(0, points).Select(epoch => Statistics(Over(seed => Value(reference, seed, epoch))).Mean)];
        double best = better * referenceMean.Max(value => better * value);
        CandidateResult[] results = [.. Enumerable.Range(0, candidates).Select(candidate =>
        {
            (double Mean, double Error)[] curve = [.. Enumerable.Range(0, points).Select(epoch => Statistics(Over(seed => Value(candidate, seed, epoch))))];
            (double gain, double gainError) = Statistics(Over(seed => better * (Value(candidate, seed, points - 1) - Value(reference, seed, points - 1))));
            int reached = Array.FindIndex(curve, point => better * (point.Mean - best) >= -1e-9);
            return new CandidateResult(
                options.Candidates[candidate].Name, options.LearningRates[choice.Best(candidate)], curve[0].Mean, curve[^1].Mean, curve[^1].Error, gain, gainError, reached < 0 ? null : reached,
                Statistics(Over(seed => initialization[candidate, seed])).Mean, Statistics(Over(seed => curves[candidate, seed].Seconds)).Mean,
                [.. curve.Select(point => point.Mean)], [.. curve.Select(point => point.Error)], Over(seed => Value(candidate, seed, points - 1)), choice.Means(candidate));
        })];

        string network = $"{options.Describe(set)} {options.Activation.ToString().ToLowerInvariant()}, {options.Plan.Optimizer.ToString().ToLowerInvariant()}, batch {options.Plan.BatchSize}";
        return new RegimeResult(
            set.Name, rows, Split.TestRows(set), network, options.Plan.Epochs, repetitions, options.Criterion, options.LearningRates, best, Array.FindIndex(referenceMean, value => better * (value - best) >= -1e-9), results);
    }

    /// <summary>Mean and standard error of the mean; the error of a single value is 0.</summary>
    public static (double Mean, double Error) Statistics(double[] values)
    {
        double mean = values.Average();
        return values.Length < 2 ? (mean, 0) : (mean, Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1) / values.Length));
    }
}
