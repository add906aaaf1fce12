namespace SpectralInit.Evidence;

/// <summary>What the rows of a data set are when they are pieces of a series: at every step the last few values, newest first, and the values of the next step as the answer to the last steps.</summary>
/// <param name="Steps">Steps of a piece.</param>
/// <param name="Predicted">The last steps, whose answers count; those before let the state fill.</param>
/// <param name="Inputs">Values that enter at a step.</param>
/// <param name="Features">Values of the series at a step.</param>
/// <param name="Training">The series, steps × features, that the training rows are cut from.</param>
internal sealed record Sequence(int Steps, int Predicted, int Inputs, int Features, double[] Training)
{
    /// <summary>
    /// Three segments of a series cut into pieces of 40 steps whose last 20 are predicted and do not overlap; the last segment is the test set. Every feature has mean 0 and deviation 1 over the first two.
    /// At a step as many rows enter as have at least <paramref name="units"/> values.
    /// </summary>
    public static DataSet Cut(SeriesSet set, int units)
    {
        const int Segments = 3, Long = 40, Counted = 20;
        int features = set.Features, window = RecurrenceCandidate.WindowFor(units, features), pieces = (SeriesSet.Length - window - Long) / Counted;
        double[][] segments = [.. Enumerable.Range(0, Segments).Select(segment => set.Segment(segment, Segments))];
        for (int j = 0; j < features; j++)
        {
            double[] known = [.. segments[..^1].SelectMany(segment => Enumerable.Range(0, SeriesSet.Length).Select(t => segment[(t * features) + j]))];
            double mean = known.Average(), deviation = Math.Sqrt(known.Average(value => (value - mean) * (value - mean)));
            foreach (double[] segment in segments)
            {
                for (int t = 0; t < SeriesSet.Length; t++)
                    segment[(t * features) + j] = (segment[(t * features) + j] - mean) / (deviation > 0 ? deviation : 1);
            }
        }

        List<float> inputs = [], answers = [];
        foreach (double[] segment in segments)
        {
            for (int piece = 0; piece < pieces; piece++)
            {
                for (int step = 0; step < Long; step++)
                {
                    int t = window - 1 + (piece * Counted) + step;
                    for (int lag = 0; lag < window; lag++)
                        inputs.AddRange(segment.Skip((t - lag) * features).Take(features).Select(value => (float)value));
                    if (step >= Long - Counted)
                        answers.AddRange(segment.Skip((t + 1) * features).Take(features).Select(value => (float)value));
                }
            }
        }

        Sequence sequence = new(Long, Counted, window * features, features, [.. segments[..^1].SelectMany(segment => segment)]);
        return new DataSet(set.Name, LabeledRows.Regression([.. inputs], Long * window * features, [.. answers], Counted * features), Standardization.None, Sequence: sequence, TestAtEnd: true);
    }
}
