namespace SpectralInit;

/// <summary>What the rows are to be mapped to: classes or values, one per row, in the order of the rows.</summary>
public sealed class Targets
{
    private readonly double[]? _values;
    private readonly int[]? _labels;

    private Targets(int outputs, double[]? values, int[]? labels)
    {
        Outputs = outputs;
        _values = values;
        _labels = labels;
    }

    /// <summary>Number of rows, n.</summary>
    public int Count => _labels?.Length ?? (_values!.Length / Outputs);

    /// <summary>Outputs, c: classes, or values per row.</summary>
    public int Outputs { get; }

    /// <summary>True for class labels, false for values.</summary>
    public bool IsClassification => _labels is not null;

    /// <summary>The class of each row; empty when the targets are values.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>How many, and of what.</summary>
    public override string ToString() =>
        IsClassification ? FormattableString.Invariant($"{Count:N0} labels of {Outputs} classes") : FormattableString.Invariant($"{Count:N0} × {Outputs} values");

    /// <summary>Class labels 0 … classes−1.</summary>
    /// <param name="labels">One label per row; copied.</param>
    /// <param name="classes">Number of classes; null for the largest label + 1. Classes may be empty.</param>
    /// <exception cref="ArgumentOutOfRangeException">A label is negative or not below <paramref name="classes"/>.</exception>
    public static Targets Classes(ReadOnlySpan<int> labels, int? classes = null)
    {
        if (classes is { } given)
            ArgumentOutOfRangeException.ThrowIfLessThan(given, 1, nameof(classes));
        int largest = -1;
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] < 0 || labels[i] >= (classes ?? int.MaxValue))
                throw new ArgumentOutOfRangeException(nameof(labels), labels[i], $"The label of row {i} must be 0 … {(classes ?? int.MaxValue) - 1}.");
            largest = Math.Max(largest, labels[i]);
        }

        return new Targets(classes ?? Math.Max(1, largest + 1), null, labels.ToArray());
    }

    /// <inheritdoc cref="Classes(ReadOnlySpan{int}, int?)"/>
    public static Targets Classes(int[] labels, int? classes = null)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return Classes(labels.AsSpan(), classes);
    }

    /// <summary>Regression targets.</summary>
    /// <param name="values">n·c values, row-major; copied.</param>
    /// <param name="outputs">Values per row, c ≥ 1.</param>
    /// <exception cref="ArgumentException">The length is not a multiple of <paramref name="outputs"/>, a value is NaN or infinite, or the largest cannot be squared.</exception>
    public static Targets Values(ReadOnlySpan<double> values, int outputs = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        if (values.Length % outputs != 0)
            throw new ArgumentException($"{values.Length} values do not make rows of {outputs}.", nameof(values));
        for (int i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]))
                throw new ArgumentException($"Target {i % outputs} of row {i / outputs} is {values[i]}; remove the row.", nameof(values));
        }

        Finite.CheckSquares(values, nameof(values));
        return new Targets(outputs, values.ToArray(), null);
    }

    /// <inheritdoc cref="Values(ReadOnlySpan{double}, int)"/>
    public static Targets Values(double[] values, int outputs = 1)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Values(values.AsSpan(), outputs);
    }

    /// <summary>Every target <paramref name="times"/> times in a row: what the patches of a sample are to say.</summary>
    internal Targets Repeat(int times) => new(
        Outputs,
        _values is null ? null : [.. Enumerable.Range(0, Count).SelectMany(row => Enumerable.Repeat(row, times)).SelectMany(row => _values.AsSpan(row * Outputs, Outputs).ToArray())],
        _labels is null ? null : [.. _labels.SelectMany(label => Enumerable.Repeat(label, times))]);

    /// <summary>The targets of some rows.</summary>
    internal Targets Subset(int[] rows) => new(
        Outputs,
        _values is null ? null : [.. rows.SelectMany(row => _values.AsSpan(row * Outputs, Outputs).ToArray())],
        _labels is null ? null : [.. rows.Select(row => _labels[row])]);

    /// <summary>Writes the targets of one row: values, or a one-hot vector.</summary>
    internal void CopyRow(int row, Span<double> destination)
    {
        if (_labels is not null)
        {
            destination.Clear();
            destination[_labels[row]] = 1;
        }
        else
        {
            _values.AsSpan(row * Outputs, Outputs).CopyTo(destination);
        }
    }

    /// <summary>The mean target: class frequencies, or mean values.</summary>
    internal double[] Mean()
    {
        double[] mean = new double[Outputs];
        double[] row = new double[Outputs];
        for (int i = 0; i < Count; i++)
        {
            CopyRow(i, row);
            for (int j = 0; j < Outputs; j++)
                mean[j] += (row[j] - mean[j]) / (i + 1);
        }

        return mean;
    }
}
