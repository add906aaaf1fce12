namespace SpectralInit.Evidence;

/// <summary>
/// One-step prediction by a ridge readout of a recurrence's state. Input gain and spectral radius are chosen by the mean error on validation steps, which lie
/// between the training and the test steps in time; the final readout is fitted to training and validation steps.
/// </summary>
internal sealed class SeriesExperiment(SeriesSet set, IReadOnlyList<RecurrenceCandidate> candidates, IReadOnlyList<int> units, int repetitions)
{
    private static readonly (double Gain, double Radius)[] s_settings = [.. ((double[])[0.1, 0.3, 1]).SelectMany(gain => ((double[])[0.3, 0.6, 0.95]).Select(radius => (gain, radius)))];

    /// <summary>Runs everything.</summary>
    /// <param name="progress">Receives the finished part, 0 to 1, and what is being done.</param>
    /// <param name="cancellationToken">Stops between recurrences.</param>
    public SeriesResult Run(IProgress<(double Part, string What)>? progress = null, CancellationToken cancellationToken = default)
    {
        double[][] segments = [.. Enumerable.Range(0, repetitions).Select(repetition => Standardized(set.Segment(repetition, repetitions)))];
        RecurrenceResult[][] results = new RecurrenceResult[units.Count][];
        for (int size = 0; size < units.Count; size++)
        {
            int count = units[size];
            double[][] errors = new double[candidates.Count][];
            (double Gain, double Radius)[] chosen = new (double, double)[candidates.Count];
            for (int i = 0; i < candidates.Count; i++)
            {
                RecurrenceCandidate candidate = candidates[i];
                (double, double)[] settings = candidate.Create is null ? [(1, 0)] : s_settings;
                chosen[i] = settings.MinBy(setting => Errors(candidate, setting, final: false).Average());
                errors[i] = Errors(candidate, chosen[i], final: true);
                progress?.Report((((size * candidates.Count) + i + 1.0) / (units.Count * candidates.Count), $"{count} units"));
            }

            double[] reference = errors[Math.Max(0, candidates.ToList().FindIndex(candidate => candidate.Name == RecurrenceCandidate.Reference))];
            results[size] = [.. candidates.Select((candidate, i) =>
            {
                (double mean, double error) = RegimeResult.Statistics(errors[i]);
                (double difference, double differenceError) = RegimeResult.Statistics([.. errors[i].Zip(reference, (own, other) => own - other)]);
                return new RecurrenceResult(candidate.Name, chosen[i].Gain, chosen[i].Radius, mean, error, difference, differenceError);
            })];

            double[] Errors(RecurrenceCandidate candidate, (double Gain, double Radius) setting, bool final)
            {
                double[] values = new double[repetitions];
                Parallelism.Run(repetitions, repetition =>
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    values[repetition] = Error(candidate, segments[repetition], count, setting, Experiment.SeedOf(repetition), final);
                });
                return values;
            }
        }

        return new SeriesResult(set.Name, set.Features, repetitions, units, results);
    }

    private double Error(RecurrenceCandidate candidate, double[] series, int count, (double Gain, double Radius) setting, ulong seed, bool final)
    {
        int features = set.Features, fitted = SeriesSet.Training + (final ? SeriesSet.Validation : 0), tested = final ? SeriesSet.Test : SeriesSet.Validation;
        int width = count, window = RecurrenceCandidate.WindowFor(count, features);
        double[] states;
        if (candidate.Create is { } create)
        {
            states = create(series[..(fitted * features)], features, count, setting.Gain, setting.Radius, seed).States(series, features);
        }
        else
        {
            width = window * features;
            states = new double[series.Length / features * width];
            for (int t = window - 1; t < SeriesSet.Length; t++)
            {
                for (int lag = 0; lag < window; lag++)
                    series.AsSpan((t - lag) * features, features).CopyTo(states.AsSpan((t * width) + (lag * features)));
            }
        }

        int from = SeriesSet.Washout * width, next = (SeriesSet.Washout + 1) * features;
        RidgeReadout readout = RidgeReadout.Fit(RowSource.From(states[from..((fitted - 1) * width)], width), Targets.Values(series.AsSpan(next, (fitted * features) - next), features));
        double error = 0, total = 0;
        for (int t = fitted; t < fitted + tested; t++)
        {
            for (int j = 0; j < features; j++)
            {
                double prediction = readout.Bias[j] + System.Numerics.Tensors.TensorPrimitives.Dot(readout.Weights.AsSpan(j * width, width), states.AsSpan(t * width, width)), truth = series[((t + 1) * features) + j];
                (error, total) = (error + ((prediction - truth) * (prediction - truth)), total + (truth * truth));
            }
        }

        return error / total;
    }

    // Every feature to mean 0 and deviation 1 over the training steps.
    private double[] Standardized(double[] series)
    {
        for (int j = 0; j < set.Features; j++)
        {
            double sum = 0, squares = 0;
            for (int t = 0; t < SeriesSet.Training; t++)
                (sum, squares) = (sum + series[(t * set.Features) + j], squares + (series[(t * set.Features) + j] * series[(t * set.Features) + j]));
            double mean = sum / SeriesSet.Training, deviation = Math.Sqrt(Math.Max(0, (squares / SeriesSet.Training) - (mean * mean)));
            for (int t = 0; t < SeriesSet.Length; t++)
                series[(t * set.Features) + j] = (series[(t * set.Features) + j] - mean) / (deviation > 0 ? deviation : 1);
        }

        return series;
    }
}
