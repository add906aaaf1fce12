namespace SpectralInit.Evidence;

/// <summary>
/// The fixed rule: shuffle all N rows by the seed; the last min(2000, N/3) are the test set, the first n the training rows, and of these
/// a fifth is the validation part that chooses learning rates: the last fifth, or several in turn where n is small.
/// </summary>
internal sealed class Split
{
    private readonly DataSet _set;
    private readonly int[] _order;
    private readonly int _train;
    private readonly Standardization _standardization;

    /// <param name="set">The data.</param>
    /// <param name="train">Training rows n, at least 5; null for all that are not in the test set.</param>
    /// <param name="standardization">How to scale features.</param>
    /// <param name="seed">The seed of the shuffle.</param>
    /// <exception cref="ArgumentOutOfRangeException">The data set has fewer rows than asked.</exception>
    public Split(DataSet set, int? train, Standardization standardization, ulong seed)
    {
        int available = TrainingRows(set);
        _train = train ?? available;
        if (_train < 5 || _train > available)
            throw new ArgumentOutOfRangeException(nameof(train), train, $"{set.Name} has {set.Rows.Count} rows, {TestRows(set)} of them for the test set: ask for 5 to {available} training rows.");
        _set = set;
        _standardization = standardization;
        ulong shuffle = Seeds.Derive(seed, "split");
        _order = set.TestAtEnd
            ? [.. Shuffle.Permutation(available, shuffle), .. Enumerable.Range(available, set.Rows.Count - available)]
            : Shuffle.Permutation(set.Rows.Count, shuffle);
    }

    public static int TestRows(DataSet set) => Math.Min(2000, set.Rows.Count / 3);

    public static int TrainingRows(DataSet set) => set.Rows.Count - TestRows(set);

    /// <summary>All n training rows, and the test rows.</summary>
    public (LabeledRows Train, LabeledRows Test) Final() => Standardize(_order.AsSpan(0, _train), _order.AsSpan(^TestRows(_set)..));

    /// <summary>One fifth of the training rows to choose by, and the other four; part 0 is the last fifth, part 1 the one before, and so on.</summary>
    public (LabeledRows Train, LabeledRows Validation) Tuning(int part = 0)
    {
        int validation = Math.Max(1, _train / 5), start = _train - ((part + 1) * validation);
        int[] rest = [.. _order.AsSpan(0, start), .. _order.AsSpan(start + validation, _train - start - validation)];
        return Standardize(rest, _order.AsSpan(start, validation));
    }

    private (LabeledRows Train, LabeledRows Other) Standardize(ReadOnlySpan<int> train, ReadOnlySpan<int> other)
    {
        LabeledRows first = _set.Rows.Take(train), second = _set.Rows.Take(other);
        int columns = first.Columns;
        if (_standardization != Standardization.None)
        {
            int group = _standardization == Standardization.Global ? columns : 1;
            Scale(first.Features, [first.Features, second.Features], columns, group);
        }

        // One readout answers at every step of a sequence, and its series is scaled as a whole.
        if (first.IsRegression && _set.Sequence is null)
            Scale(first.Targets, [first.Targets, second.Targets], first.Outputs, 1);
        return (first, second);
    }

    // Mean 0 and deviation 1 over each group of adjacent columns, as measured on one array and applied to all.
    private static void Scale(float[] measured, float[][] applied, int columns, int group)
    {
        int rows = measured.Length / columns;
        float[] means = new float[columns], factors = new float[columns];
        for (int start = 0; start < columns; start += group)
        {
            double sum = 0, squares = 0, count = (double)rows * group;
            for (int i = 0; i < rows; i++)
            {
                for (int j = start; j < start + group; j++)
                    sum += measured[(i * columns) + j];
            }

            double mean = sum / count;
            for (int i = 0; i < rows; i++)
            {
                for (int j = start; j < start + group; j++)
                    squares += (measured[(i * columns) + j] - mean) * (measured[(i * columns) + j] - mean);
            }

            double deviation = Math.Sqrt(squares / count);
            means.AsSpan(start, group).Fill((float)mean);
            factors.AsSpan(start, group).Fill(deviation > 1e-6 * Math.Max(1, Math.Abs(mean)) ? (float)(1 / deviation) : 1);
        }

        foreach (float[] values in applied)
        {
            for (int i = 0; i < values.Length; i += columns)
            {
                Span<float> row = values.AsSpan(i, columns);
                System.Numerics.Tensors.TensorPrimitives.Subtract(row, means, row);
                System.Numerics.Tensors.TensorPrimitives.Multiply(row, factors, row);
            }
        }
    }
}
