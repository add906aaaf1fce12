using System.Diagnostics;

namespace SpectralInit.Evidence;

/// <summary>
/// Compares initializers on one data set at one number of training rows. For each repetition all initializers see the same rows, batches
/// and seed. Learning rates are chosen on the validation part of the training rows; the test rows are looked at once, in the final runs,
/// which train on all training rows.
/// </summary>
internal sealed class Experiment(DataSet set, int? trainRows, ExperimentOptions options)
{
    // Above this many feature values, runs go one after the other and the threads work inside a run.
    private const long LargeData = 8_000_000;

    // A fifth of few rows is too few to choose by: three fifths in turn.
    private const int FewRows = 500;

    /// <summary>Runs everything but the initializers that are in <paramref name="known"/>, for the same question, already.</summary>
    /// <param name="known">Results of earlier runs.</param>
    /// <param name="progress">Receives the finished part, 0 to 1, and what is being done.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public RegimeResult Run(KnownResults known, IProgress<(double Part, string What)>? progress = null, CancellationToken cancellationToken = default)
    {
        RegimeResult? earlier = known.For(set, trainRows ?? Split.TrainingRows(set), options);
        Candidate[] missing = [.. options.Candidates.Where(candidate => earlier?.Results.Any(result => result.Name == candidate.Name) != true)];
        if (earlier is null || missing.Length == options.Candidates.Count)
            return Run(progress, cancellationToken);
        RegimeResult fresh = missing.Length == 0 ? earlier : new Experiment(set, trainRows, options with { Candidates = missing }).Run(progress, cancellationToken);
        return (earlier with { Results = [.. options.Candidates.Select(candidate => fresh.Results.Concat(earlier.Results).First(result => result.Name == candidate.Name))] }).Against(earlier.Reference);
    }

    /// <summary>Runs everything.</summary>
    /// <param name="progress">Receives the finished part, 0 to 1, and what is being done.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public RegimeResult Run(IProgress<(double Part, string What)>? progress = null, CancellationToken cancellationToken = default)
    {
        int rows = trainRows ?? Split.TrainingRows(set);
        Standardization standardization = options.Standardization ?? set.Standardization;
        Split[] splits = [.. Enumerable.Range(0, options.Seeds).Select(seed => new Split(set, trainRows, standardization, SeedOf(seed)))];
        int count = options.Candidates.Count;
        RateChoice choice = new(count, options.LearningRates.Count, options.Seeds, options.Criterion);
        TrainingCurve[,] curves = new TrainingCurve[count, options.Seeds];
        double[,] seconds = new double[count, options.Seeds];

        // Work in units of epochs of one run, for the progress alone.
        int parts = rows <= FewRows ? 3 : 1;
        double done = 0, total = (double)options.Seeds * count * (options.LearningRates.Count > 1 ? (parts * options.LearningRates.Count) + 1 : 1);
        Lock gate = new();
        void Advance(double runs, string what)
        {
            lock (gate)
                progress?.Report(((done += runs) / total, what));
        }

        for (int part = 0; part < parts && options.LearningRates.Count > 1; part++)
        {
            int current = part;
            ForEachRun(rows, split => split.Tuning(current), splits, (candidate, seed, data) =>
            {
                InitializationContext context = new(options.CreateNetwork(set), data.Train, options.Activation, SeedOf(seed), data.Spectrum, set.Words) { Optimizer = options.Plan.Optimizer, Sequence = set.Sequence };
                options.Candidates[candidate].Initialize(context);
                float[] first = [.. context.Network.Parameters];
                for (int rate = 0; rate < options.LearningRates.Count; rate++)
                {
                    first.CopyTo(context.Network.Parameters, 0);
                    Evaluation last = Trainer.Train(context.Network, data.Train, data.Other, options.Plan, options.LearningRates[rate], SeedOf(seed), lastOnly: true, cancellationToken).Last;
                    choice.Add(candidate, rate, seed, last);
                }

                Advance(options.LearningRates.Count, "choosing learning rates");
            });
        }

        int[] chosen = [.. Enumerable.Range(0, count).Select(candidate => choice.Best(candidate))];
        ForEachRun(rows, split => split.Final(), splits, (candidate, seed, data) =>
        {
            Network network = options.CreateNetwork(set);
            long start = Stopwatch.GetTimestamp();
            // Its own spectrum: the time of an initialization includes every fit it needs.
            options.Candidates[candidate].Initialize(new InitializationContext(network, data.Train, options.Activation, SeedOf(seed), words: set.Words) { Optimizer = options.Plan.Optimizer, Sequence = set.Sequence });
            seconds[candidate, seed] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            curves[candidate, seed] = Trainer.Train(network, data.Train, data.Other, options.Plan, options.LearningRates[chosen[candidate]], SeedOf(seed), cancellationToken: cancellationToken);
            Advance(1, "final runs");
        });

        return RegimeResult.From(set, rows, options, choice, curves, seconds);
    }

    /// <summary>The seed of a repetition; split, batches and weights derive theirs from it.</summary>
    public static ulong SeedOf(int repetition) => Seeds.Derive(0, (ulong)repetition);

    private void ForEachRun(int rows, Func<Split, (LabeledRows Train, LabeledRows Other)> part, Split[] splits, Action<int, int, (LabeledRows Train, LabeledRows Other, Lazy<DataSpectrum> Spectrum)> run)
    {
        int candidates = options.Candidates.Count;
        if ((long)rows * set.Rows.Columns >= LargeData)
        {
            for (int seed = 0; seed < splits.Length; seed++)
            {
                (LabeledRows train, LabeledRows other) = part(splits[seed]);
                Lazy<DataSpectrum> spectrum = InitializationContext.SpectrumOf(train);
                for (int candidate = 0; candidate < candidates; candidate++)
                    run(candidate, seed, (train, other, spectrum));
            }

            return;
        }

        var data = Array.ConvertAll(splits, split => new Lazy<(LabeledRows, LabeledRows, Lazy<DataSpectrum>)>(() =>
        {
            (LabeledRows train, LabeledRows other) = part(split);
            return (train, other, InitializationContext.SpectrumOf(train));
        }));
        Parallelism.Run(candidates * splits.Length, i => run(i % candidates, i / candidates, data[i / candidates].Value));
    }
}
