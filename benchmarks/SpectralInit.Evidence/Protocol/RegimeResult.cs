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
/// <param name="Reference">The initializer the others are compared with: He unless asked otherwise.</param>
/// <param name="ReferenceBest">Its best mean score over the epochs.</param>
/// <param name="ReferenceEpoch">The first epoch that reached it.</param>
/// <param name="Results">One per initializer.</param>
internal sealed record RegimeResult(
    string DataSet, int TrainRows, int TestRows, string Network, int Epochs, int Repetitions, Criterion Criterion, IReadOnlyList<double> LearningRates, string Reference, double ReferenceBest, int ReferenceEpoch, CandidateResult[] Results)
{
    public static RegimeResult From(DataSet set, int rows, ExperimentOptions options, RateChoice choice, TrainingCurve[,] curves, double[,] initialization)
    {
        int repetitions = options.Seeds;
        CandidateResult[] results = [.. options.Candidates.Select((candidate, i) =>
        {
            double[] Over(Func<int, double> value) => [.. Enumerable.Range(0, repetitions).Select(value)];
            double[] At(int epoch) => Over(seed => options.Criterion == Criterion.Score ? curves[i, seed].Points[epoch].Score : curves[i, seed].Points[epoch].Loss);
            (double Mean, double Error)[] curve = [.. Enumerable.Range(0, options.Plan.Epochs + 1).Select(epoch => Statistics(At(epoch)))];
            return new CandidateResult(
                candidate.Name, options.LearningRates[choice.Best(i)], curve[0].Mean, curve[^1].Mean, curve[^1].Error, 0, 0, null,
                Statistics(Over(seed => initialization[i, seed])).Mean, Statistics(Over(seed => curves[i, seed].Seconds)).Mean,
                [.. curve.Select(point => point.Mean)], [.. curve.Select(point => point.Error)], At(options.Plan.Epochs), choice.Means(i));
        })];

        string reference = options.Candidates.Any(candidate => candidate.Name == Candidate.Reference) ? Candidate.Reference : options.Candidates[0].Name;
        return new RegimeResult(set.Name, rows, Split.TestRows(set), options.DescribeTraining(set), options.Plan.Epochs, repetitions, options.Criterion, options.LearningRates, reference, 0, 0, results).Against(reference);
    }

    /// <summary>The same runs compared with another of the initializers.</summary>
    /// <exception cref="ArgumentException">It is not among them.</exception>
    public RegimeResult Against(string reference)
    {
        CandidateResult other = Results.FirstOrDefault(result => result.Name == reference) ?? throw new ArgumentException($"'{reference}' is not among the initializers of {DataSet}, n = {TrainRows}.", nameof(reference));
        double better = Criterion == Criterion.Score ? 1 : -1, best = better * other.Mean.Max(value => better * value);
        int? Reached(CandidateResult result) => Array.FindIndex(result.Mean, value => better * (value - best) >= -1e-9) is >= 0 and int epoch ? epoch : null;
        return this with
        {
            Reference = reference,
            ReferenceBest = best,
            ReferenceEpoch = Reached(other) ?? Epochs,
            Results = Array.ConvertAll(Results, result =>
            {
                (double gain, double error) = Statistics([.. result.FinalScores.Zip(other.FinalScores, (own, his) => better * (own - his))]);
                return result with { Gain = gain, GainError = error, EpochsToReference = Reached(result) };
            }),
        };
    }

    /// <summary>Mean and standard error of the mean; the error of a single value is 0.</summary>
    public static (double Mean, double Error) Statistics(double[] values)
    {
        double mean = values.Average();
        return values.Length < 2 ? (mean, 0) : (mean, Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1) / values.Length));
    }
}
