namespace SpectralInit.Evidence;

/// <summary>Rows of features with a class each, or with numbers to predict.</summary>
internal sealed class LabeledRows
{
    private LabeledRows(float[] features, int columns, int[] labels, float[] targets, int outputs, bool isRegression)
    {
        Features = features;
        Columns = columns;
        Labels = labels;
        Targets = targets;
        Outputs = outputs;
        IsRegression = isRegression;
        Count = features.Length / columns;
    }

    /// <summary>Row-major, <see cref="Count"/> × <see cref="Columns"/>.</summary>
    public float[] Features { get; }

    public int Columns { get; }

    public int Count { get; }

    /// <summary>Classes 0 … <see cref="Outputs"/>−1; empty for regression.</summary>
    public int[] Labels { get; }

    /// <summary>Row-major, <see cref="Count"/> × <see cref="Outputs"/>; empty for classification.</summary>
    public float[] Targets { get; }

    /// <summary>Classes, or numbers per row.</summary>
    public int Outputs { get; }

    public bool IsRegression { get; }

    public static LabeledRows Classes(float[] features, int columns, int[] labels, int classes) => new(features, columns, labels, [], classes, false);

    public static LabeledRows Regression(float[] features, int columns, float[] targets, int outputs) => new(features, columns, [], targets, outputs, true);

    /// <summary>Copies the features of the given rows to the front of <paramref name="destination"/>.</summary>
    public void Gather(ReadOnlySpan<int> samples, Span<float> destination)
    {
        for (int i = 0; i < samples.Length; i++)
            Features.AsSpan(samples[i] * Columns, Columns).CopyTo(destination[(i * Columns)..]);
    }

    /// <summary>A copy of the given rows.</summary>
    public LabeledRows Take(ReadOnlySpan<int> samples)
    {
        float[] features = new float[samples.Length * Columns];
        Gather(samples, features);
        int[] labels = new int[IsRegression ? 0 : samples.Length];
        float[] targets = new float[IsRegression ? samples.Length * Outputs : 0];
        for (int i = 0; i < samples.Length; i++)
        {
            if (IsRegression)
                Targets.AsSpan(samples[i] * Outputs, Outputs).CopyTo(targets.AsSpan(i * Outputs));
            else
                labels[i] = Labels[samples[i]];
        }

        return new LabeledRows(features, Columns, labels, targets, Outputs, IsRegression);
    }

    /// <summary>n × m values to regress on: the targets, or one column per class with 1 for the row's own.</summary>
    public float[] TargetMatrix()
    {
        if (IsRegression)
            return Targets;
        float[] indicator = new float[Count * Outputs];
        for (int i = 0; i < Count; i++)
            indicator[(i * Outputs) + Labels[i]] = 1;
        return indicator;
    }
}
