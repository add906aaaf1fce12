using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>
/// Two shadows of a warm start, each fitted to one half of the sample and judged on the other, layer by layer beside the real one. On the rows they were
/// fitted to, label-aware features look far better than they are, and a leave-one-out error of the readout alone cannot tell.
/// </summary>
internal sealed class CrossFit
{
    public const string Transport = "transport";

    /// <summary>A candidate replaces the preferred one only below this share of its error: noise should not choose.</summary>
    private const double Worthwhile = 0.97;

    /// <summary>Measured: a choice made on fewer rows is noise, and the preferred recipe the safer one.</summary>
    private const int MinRowsToChoose = 60;
    private const int MinRows = 8;
    private const int MaxRows = 800;
    private readonly RowSample[] _fitted;
    private readonly RowSample[] _judged;
    private readonly GradientOuterProduct?[] _products = new GradientOuterProduct?[2];

    private CrossFit(RowSample first, RowSample second)
    {
        _fitted = [first, second];
        _judged = [second, first];
    }

    /// <summary>Two halves of at most <see cref="MaxRows"/> rows together, alike in their targets; null for fewer than <see cref="MinRows"/> rows.</summary>
    public static CrossFit? Of(RowSample sample, ulong seed)
    {
        int n = sample.Count, c = sample.Outputs;
        if (n < MinRows)
            return null;

        // Rows sorted by target, ties at random, go left and right in turn.
        double[] order = new double[n];
        RandomFill.Uniform<double>(order, 0, 1, seed, stream: 2);
        int[] rows = [.. Enumerable.Range(0, n)];
        Array.Sort(order, rows);
        int[] sorted = [.. rows.Take(MaxRows).OrderBy(row => Rank(sample.TargetValues.AsSpan(row * c, c)))];
        return new CrossFit(sample.Subset([.. sorted.Where((_, place) => place % 2 == 0)]), sample.Subset([.. sorted.Where((_, place) => place % 2 == 1)]));
    }

    /// <summary>Chooses how a layer is made.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="index">Its number.</param>
    /// <param name="options">Candidates, the preferred one first; biases.</param>
    /// <param name="mayTransport">Whether carrying the activations on unchanged is a candidate; it is then the preferred one.</param>
    /// <param name="seed">The seed of the draws.</param>
    public RecipeChoice Choose(DenseLayer layer, int index, WarmStartOptions options, bool mayTransport, ulong seed)
    {
        string preferred = mayTransport ? Transport : options.Recipes[0].Name;
        Dictionary<string, double[]> rows = [];
        bool few = _fitted[0].Count + _fitted[1].Count < MinRowsToChoose;
        if (!mayTransport && (few || options.Recipes.Count == 1))
            return new RecipeChoice(index, preferred, new Dictionary<string, double>());

        for (int fold = 0; fold < 2; fold++)
        {
            RowSample judged = _judged[fold];
            Targets targets = Targets.Values(judged.TargetValues, judged.Outputs);
            if (mayTransport)
                Add(Transport, RidgeReadout.LeftOutErrors(judged.Rows, judged.Dimension, targets));
            foreach (FeatureRecipe recipe in options.Recipes)
            {
                DenseParameters parameters = FeatureLayer.Create(layer, Product(fold), recipe, options.BiasDeviation, seed);
                Add(recipe.Name, RidgeReadout.LeftOutErrors(parameters.Forward(judged.Rows, judged.Count), layer.Outputs, targets));
            }
        }

        Dictionary<string, double> errors = rows.ToDictionary(pair => pair.Key, pair => 0.5 * pair.Value.Sum());
        string best = errors.MinBy(pair => pair.Value).Key;
        bool better = errors[best] < Worthwhile * errors[preferred] && BeyondNoise(rows[preferred], rows[best]);
        return new RecipeChoice(index, better ? best : preferred, errors);

        void Add(string name, double[] fold) => rows[name] = [.. rows.GetValueOrDefault(name, []), .. fold];
    }

    /// <summary>Whether the first errors exceed the second by more than one standard error of their sum over rows, the rows being paired.</summary>
    private static bool BeyondNoise(double[] errors, double[] others)
    {
        double[] gaps = new double[errors.Length];
        TensorPrimitives.Subtract(errors, others, gaps);
        double sum = TensorPrimitives.Sum<double>(gaps), m = gaps.Length;
        double spread = TensorPrimitives.SumOfSquares<double>(gaps) - (sum * sum / m);
        return sum > 0 && sum * sum > Math.Max(0, spread) * m / (m - 1);
    }

    /// <summary>Passes both shadows through the layer as chosen.</summary>
    public void Advance(DenseLayer layer, RecipeChoice choice, WarmStartOptions options, ulong seed)
    {
        RowSample[] next = new RowSample[4];
        for (int fold = 0; fold < 2; fold++)
        {
            DenseParameters parameters = FeatureLayer.Create(layer, _fitted[fold], () => Product(fold), choice, options, seed);
            next[fold] = _fitted[fold].With(parameters.Forward(_fitted[fold].Rows, _fitted[fold].Count), layer.Outputs);
            next[2 + fold] = _judged[fold].With(parameters.Forward(_judged[fold].Rows, _judged[fold].Count), layer.Outputs);
        }

        for (int fold = 0; fold < 2; fold++)
            (_fitted[fold], _judged[fold], _products[fold]) = (next[fold], next[2 + fold], null);
    }

    /// <summary>The ridge of a readout for <paramref name="rows"/> rows, its honest error and accuracy, and the honest scale of its logits.</summary>
    public CrossFitReadout Readout(bool classification, int rows)
    {
        double[] ridges = new RidgeReadoutOptions().CheckedRidges(), path = new double[ridges.Length];
        Targets[] targets = [.. _judged.Select(sample => TargetsOf(sample, classification))];
        for (int fold = 0; fold < 2; fold++)
        {
            IReadOnlyList<double> errors = RidgeReadout.Fit(new MemoryRowSource<double>(_judged[fold].Rows, _judged[fold].Dimension), targets[fold]).ErrorPath;
            for (int i = 0; i < path.Length; i++)
                path[i] += 0.5 * errors[i];
        }

        int best = Array.LastIndexOf(path, path.Min());
        RidgeReadout[] readouts = [.. Enumerable.Range(0, 2).Select(fold =>
            RidgeReadout.Fit(new MemoryRowSource<double>(_judged[fold].Rows, _judged[fold].Dimension), targets[fold], new() { Ridges = [ridges[best]] }))];

        // A ridge is relative to the scatter, which grows with the rows; what it should be grows less: the geometric mean of both rules.
        double ridge = ridges[best] * Math.Sqrt((double)_judged[0].Count / Math.Max(rows, _judged[0].Count));
        return new CrossFitReadout(ridge, Math.Sqrt(readouts[0].CalibratedScale * readouts[1].CalibratedScale), path[best], readouts.Average(readout => readout.LeaveOneOutAccuracy));
    }

    private GradientOuterProduct Product(int fold) => _products[fold] ??= GradientOuterProduct.Fit(_fitted[fold], new GradientOuterProductOptions());

    private static Targets TargetsOf(RowSample sample, bool classification) => classification
        ? Targets.Classes([.. Enumerable.Range(0, sample.Count).Select(row => sample.TargetValues.AsSpan(row * sample.Outputs, sample.Outputs).IndexOf(1.0))], sample.Outputs)
        : Targets.Values(sample.TargetValues, sample.Outputs);

    /// <summary>The class of a one-hot row, the value of a single target; the first of several values.</summary>
    private static double Rank(ReadOnlySpan<double> target)
    {
        int hot = target.IndexOf(1.0);
        return target.Length > 1 && hot >= 0 ? hot : target[0];
    }
}
