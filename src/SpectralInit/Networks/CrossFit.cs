namespace SpectralInit;

/// <summary>
/// Shadows of a warm start, each fitted to one half of the sample and judged on the other. On the rows they were fitted to, label-aware features look far
/// better than they are, and a leave-one-out error of the readout alone cannot tell. Where rows are many one shadow is enough.
/// </summary>
internal sealed class CrossFit
{
    /// <summary>With more rows than this nothing is fitted twice: most rows have no part in the features, and leaving one of them out of the readout is honest.</summary>
    public const int MostRows = 5000;

    private const int MinRows = 8;
    private const int MaxRows = 800;
    private const int OneFold = 2000;
    private readonly RowSample[] _fitted;
    private readonly RowSample[] _judged;
    private FeatureDirections[] _directions;

    private CrossFit(RowSample[] fitted, RowSample[] judged)
    {
        (_fitted, _judged) = (fitted, judged);
        _directions = [.. fitted.Select(sample => new FeatureDirections(sample))];
    }

    /// <summary>Halves of at most <see cref="MaxRows"/> rows together, alike in their targets; null for fewer than <see cref="MinRows"/> rows, or more than <see cref="MostRows"/>.</summary>
    public static CrossFit? Of(RowSample sample, ulong seed)
    {
        int n = sample.Count;
        if (n < MinRows || sample.Total > MostRows)
            return null;

        int[] sorted = sample.Sorted(MaxRows, seed);
        RowSample left = sample.Subset([.. sorted.Where((_, place) => place % 2 == 0)]), right = sample.Subset([.. sorted.Where((_, place) => place % 2 == 1)]);
        return sample.Total > OneFold ? new CrossFit([left], [right]) : new CrossFit([left, right], [right, left]);
    }

    /// <summary>Passes the shadows through a layer.</summary>
    public void Advance(DenseLayer layer, int index, WarmStartOptions options, ulong seed)
    {
        for (int fold = 0; fold < _fitted.Length; fold++)
        {
            RowSample fitted = _fitted[fold], judged = _judged[fold];
            DenseParameters parameters = FeatureLayer.Create(layer, index, fitted, _directions[fold], options, seed).Parameters;
            _fitted[fold] = fitted.With(parameters.Forward(fitted.Rows, fitted.Count), layer.Outputs);
            _judged[fold] = judged.With(parameters.Forward(judged.Rows, judged.Count), layer.Outputs);
        }

        _directions = [.. _fitted.Select(sample => new FeatureDirections(sample))];
    }

    /// <summary>The ridge of a readout for <paramref name="rows"/> rows, and its honest error and accuracy.</summary>
    public CrossFitReadout Readout(bool classification, int rows)
    {
        double[] ridges = new RidgeReadoutOptions().CheckedRidges(), path = new double[ridges.Length];
        double accuracy = 0;
        foreach (RowSample judged in _judged)
        {
            RidgeReadout readout = RidgeReadout.Fit(new MemoryRowSource<double>(judged.Rows, judged.Dimension), TargetsOf(judged, classification));
            for (int i = 0; i < path.Length; i++)
                path[i] += readout.ErrorPath[i] / _judged.Length;
            accuracy += readout.LeaveOneOutAccuracy / _judged.Length;
        }

        int best = Array.LastIndexOf(path, path.Min());

        // A ridge is relative to the scatter, which grows with the rows; what it should be grows less: the geometric mean of both rules.
        double ridge = ridges[best] * Math.Sqrt((double)_judged[0].Count / Math.Max(rows, _judged[0].Count));
        return new CrossFitReadout(ridge, path[best], accuracy);
    }

    private static Targets TargetsOf(RowSample sample, bool classification) => classification
        ? Targets.Classes([.. Enumerable.Range(0, sample.Count).Select(row => sample.TargetValues.AsSpan(row * sample.Outputs, sample.Outputs).IndexOf(1.0))], sample.Outputs)
        : Targets.Values(sample.TargetValues, sample.Outputs);
}
