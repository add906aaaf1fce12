namespace SpectralInit.Evidence;

/// <summary>All initializers on one data set at one number of training rows.</summary>
/// <param name="DataSet">Its name.</param>
/// <param name="TrainRows">Training rows.</param>
/// <param name="TestRows">Test rows.</param>
/// <param name="Network">The architecture, in words.</param>
/// <param name="Epochs">Epochs trained.</param>
/// <param name="Repetitions">Paired repetitions.</param>
/// <param name="ReferenceBest">He's best mean score over the epochs.</param>
/// <param name="ReferenceEpoch">The first epoch that reached it.</param>
/// <param name="Results">One per initializer.</param>
internal sealed record RegimeResult(
    string DataSet, int TrainRows, int TestRows, string Network, int Epochs, int Repetitions, double ReferenceBest, int ReferenceEpoch, CandidateResult[] Results)
{
    public static RegimeResult From(DataSet set, int rows, ExperimentOptions options, int[] rates, TrainingCurve[,] curves, double[,] initialization)
    {
        int candidates = options.Candidates.Count, repetitions = options.Seeds, points = options.Plan.Epochs + 1;
        int reference = Enumerable.Range(0, candidates).FirstOrDefault(i => options.Candidates[i].Name == Candidate.Reference);
        double Score(int candidate, int seed, int epoch) => curves[candidate, seed].Points[epoch].Score;
        double[] Over(Func<int, double> value) => [.. Enumerable.Range(0, repetitions).Select(value)];

        double[] referenceMean = [.. Enumerable.Range(0, points).Select(epoch => Statistics(Over(seed => Score(reference, seed, epoch))).Mean)];
        double best = referenceMean.Max();
        CandidateResult[] results = [.. Enumerable.Range(0, candidates).Select(candidate =>
        {
            (double Mean, double Error)[] curve = [.. Enumerable.Range(0, points).Select(epoch => Statistics(Over(seed => Score(candidate, seed, epoch))))];
            (double gain, double gainError) = Statistics(Over(seed => Score(candidate, seed, points - 1) - Score(reference, seed, points - 1)));
            int reached = Array.FindIndex(curve, point => point.Mean >= best - 1e-9);
            return new CandidateResult(
                options.Candidates[candidate].Name, options.LearningRates[rates[candidate]], curve[0].Mean, curve[^1].Mean, curve[^1].Error, gain, gainError, reached < 0 ? null : reached,
                Statistics(Over(seed => initialization[candidate, seed])).Mean, Statistics(Over(seed => curves[candidate, seed].Seconds)).Mean,
                [.. curve.Select(point => point.Mean)], [.. curve.Select(point => point.Error)], Over(seed => Score(candidate, seed, points - 1)));
        })];

        string hidden = options.Hidden.Count > 4 && options.Hidden.Distinct().Count() == 1 ? $"{options.Hidden[0]}x{options.Hidden.Count}" : string.Join('-', options.Hidden);
        string body = string.Join('-', ((string[])[$"{set.Rows.Columns}", .. options.Convolutions.Select(channels => $"c{channels}"), hidden, $"{set.Rows.Outputs}"]).Where(part => part.Length > 0));
        string network = $"{body} {options.Activation.ToString().ToLowerInvariant()}, {options.Plan.Optimizer.ToString().ToLowerInvariant()}, batch {options.Plan.BatchSize}";
        return new RegimeResult(set.Name, rows, Split.TestRows(set), network, options.Plan.Epochs, repetitions, best, Array.FindIndex(referenceMean, score => score >= best - 1e-9), results);
    }

    /// <summary>Mean and standard error of the mean; the error of a single value is 0.</summary>
    public static (double Mean, double Error) Statistics(double[] values)
    {
        double mean = values.Average();
        return values.Length < 2 ? (mean, 0) : (mean, Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1) / values.Length));
    }
}
