using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>A sample of labelled rows held in memory: all of them, or a seeded stratified choice when there are more than asked for.</summary>
internal sealed class RowSample
{
    private RowSample(int count, int dimension, double[] rows, int outputs, double[] targets, int total)
    {
        Count = count;
        Dimension = dimension;
        Rows = rows;
        Outputs = outputs;
        TargetValues = targets;
        Total = total;
    }

    public int Count { get; }

    public int Dimension { get; }

    /// <summary>Count × Dimension, row-major.</summary>
    public double[] Rows { get; }

    public int Outputs { get; }

    /// <summary>Count × Outputs, row-major; one-hot for classes.</summary>
    public double[] TargetValues { get; }

    /// <summary>Rows of the source.</summary>
    public int Total { get; }

    /// <param name="source">n×d rows.</param>
    /// <param name="targets">n targets.</param>
    /// <param name="limit">Most rows taken, ≥ 2.</param>
    /// <param name="seed">Seed of the choice.</param>
    /// <param name="cancellationToken">Stops between blocks of rows.</param>
    /// <param name="parameter">What the caller of the public method calls the rows.</param>
    public static RowSample Take(IRowSource source, Targets targets, int limit, ulong seed, CancellationToken cancellationToken, string parameter = "rows")
    {
        RowReading.Check(source, parameter);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 2);
        cancellationToken.ThrowIfCancellationRequested();
        int n = targets.Count, d = source.Columns, c = targets.Outputs;
        if (source.RowCount is { } rows && rows != n)
            throw new ArgumentException($"There are {rows} rows and {n} targets.", nameof(targets));
        int[] chosen = n <= limit ? [.. Enumerable.Range(0, n)] : Choose(targets, limit, seed);
        if ((long)chosen.Length * Math.Max(c, d) > Array.MaxLength)
            throw new ArgumentException($"{chosen.Length} rows of {d} features with {c} targets do not fit an array; take fewer rows, and number classes from 0 on without gaps.", nameof(targets));
        double[] values = new double[chosen.Length * d];
        double[] wanted = new double[chosen.Length * c];
        for (int i = 0; i < chosen.Length; i++)
            targets.CopyRow(chosen[i], wanted.AsSpan(i * c, c));

        int seen = source is IndexedRowSource indexed ? Gather(indexed, chosen, values) : Pass(source, chosen, values, cancellationToken);
        if (seen != n)
            throw new ArgumentException($"There are {seen} rows and {n} targets.", nameof(targets));
        int bad = Finite.FirstNot(values);
        if (bad >= 0)
            throw new ArgumentException($"Row {chosen[bad / d]}, column {bad % d} is {values[bad]}; remove or impute it.", parameter);
        Finite.CheckSquares(values, parameter);
        return new RowSample(chosen.Length, d, values, c, wanted, n);
    }

    /// <summary>The same targets on other features: activations of the sampled rows.</summary>
    public RowSample With(double[] rows, int dimension) => new(Count, dimension, rows, Outputs, TargetValues, Total);

    /// <summary>Some of the rows.</summary>
    public RowSample Subset(int[] rows)
    {
        double[] values = new double[rows.Length * Dimension], targets = new double[rows.Length * Outputs];
        for (int i = 0; i < rows.Length; i++)
        {
            Rows.AsSpan(rows[i] * Dimension, Dimension).CopyTo(values.AsSpan(i * Dimension));
            TargetValues.AsSpan(rows[i] * Outputs, Outputs).CopyTo(targets.AsSpan(i * Outputs));
        }

        return new(rows.Length, Dimension, values, Outputs, targets, Total);
    }

    /// <summary>At most <paramref name="limit"/> rows at random, sorted by target, ties at random: every k-th of them is a part alike in its targets.</summary>
    public int[] Sorted(int limit, ulong seed)
    {
        double[] order = new double[Count];
        RandomFill.Uniform<double>(order, 0, 1, seed, stream: 2);
        int[] rows = [.. Enumerable.Range(0, Count)];
        Array.Sort(order, rows);
        return [.. rows.Take(limit).OrderBy(row => Rank(TargetValues.AsSpan(row * Outputs, Outputs)))];
    }

    /// <summary>The class of a one-hot row, the value of a single target; the first of several values.</summary>
    private static double Rank(ReadOnlySpan<double> target)
    {
        int hot = target.IndexOf(1.0);
        return target.Length > 1 && hot >= 0 ? hot : target[0];
    }

    private static int Gather(IndexedRowSource source, int[] chosen, double[] values)
    {
        for (int i = 0; i < chosen.Length; i++)
            source.Copy(chosen[i], 1, values.AsSpan(i * source.Columns, source.Columns));
        return checked((int)source.Rows);
    }

    private static int Pass(IRowSource source, int[] chosen, double[] values, CancellationToken cancellationToken)
    {
        int d = source.Columns, seen = 0, next = 0;
        double[] buffer = new double[RowBuffer.BlockLength(d)];
        using IRowReader reader = source.Begin();
        for (int read = reader.Next<double>(buffer, d); read > 0; read = reader.Next<double>(buffer, d))
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (; next < chosen.Length && chosen[next] < seen + read; next++)
                buffer.AsSpan((chosen[next] - seen) * d, d).CopyTo(values.AsSpan(next * d, d));
            seen += read;
        }

        return seen;
    }

    /// <summary>Sorted indices; every class keeps its share, but at least min(class size, limit / classes / 2) rows.</summary>
    private static int[] Choose(Targets targets, int limit, ulong seed)
    {
        int n = targets.Count;
        double[] order = new double[n];
        RandomFill.Uniform<double>(order, 0, 1, seed, stream: 1);
        if (!targets.IsClassification)
        {
            int[] all = [.. Enumerable.Range(0, n)];
            Array.Sort(order, all);
            Array.Sort(all, 0, limit);
            return all[..limit];
        }

        // By the classes there are: a label may be any number.
        int[] labels = targets.Labels.ToArray();
        int[][] members = [.. Enumerable.Range(0, n).GroupBy(i => labels[i]).OrderBy(group => group.Key).Select(group => (int[])[.. group.OrderBy(i => order[i])])];
        int floor = Math.Max(1, limit / (2 * members.Length));
        List<int> chosen = new(limit);
        foreach (int[] m in members.OrderBy(m => m.Length))
        {
            int share = (int)Math.Round((double)limit * m.Length / n);
            chosen.AddRange(m.Take(Math.Min(Math.Max(share, floor), limit - chosen.Count)));
        }

        chosen.Sort();
        return [.. chosen];
    }
}
