using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>
/// Judges recipes for a layer by two-fold cross-fitting: directions are fitted to one half of the sample, the left-out error of a readout is measured on the
/// other. (On the rows they were fitted to, label-aware directions look better than they are.)
/// </summary>
internal static class RecipeSelection
{
    public const string Transport = "transport";

    /// <summary>A candidate replaces the one before it only for this share of its error: noise should not choose.</summary>
    private const double Worthwhile = 0.98;
    private const int MinRows = 8;
    private const int MaxRows = 1000;

    /// <param name="layer">The layer.</param>
    /// <param name="index">Its number.</param>
    /// <param name="sample">The rows that arrive.</param>
    /// <param name="options">Candidates, the preferred one first; biases.</param>
    /// <param name="mayTransport">Whether carrying the activations on unchanged is a candidate; it is then the preferred one.</param>
    /// <param name="seed">The seed of the halves and the draws.</param>
    public static RecipeChoice Choose(DenseLayer layer, int index, RowSample sample, WarmStartOptions options, bool mayTransport, ulong seed)
    {
        IReadOnlyList<FeatureRecipe> recipes = options.Recipes;
        string preferred = mayTransport ? Transport : recipes[0].Name;
        Dictionary<string, double> errors = [];
        if ((recipes.Count == 1 && !mayTransport) || sample.Count < MinRows)
            return new RecipeChoice(index, preferred, errors);

        RowSample[] halves = Halves(sample, seed);
        for (int fold = 0; fold < 2; fold++)
        {
            RowSample judged = halves[1 - fold];
            Targets targets = Targets.Values(judged.TargetValues, judged.Outputs);
            GradientOuterProduct product = GradientOuterProduct.Fit(halves[fold], new GradientOuterProductOptions());
            if (mayTransport)
                Add(errors, Transport, Error(judged.Rows, judged.Dimension, targets));
            foreach (FeatureRecipe recipe in recipes)
            {
                DenseParameters parameters = FeatureLayer.Create(layer, product, recipe, options.BiasDeviation, seed);
                Add(errors, recipe.Name, Error(parameters.Forward(judged.Rows, judged.Count), layer.Outputs, targets));
            }
        }

        string best = errors.MinBy(pair => pair.Value).Key;
        return new RecipeChoice(index, errors[best] < Worthwhile * errors[preferred] ? best : preferred, errors);
    }

    private static void Add(Dictionary<string, double> errors, string name, double error) => errors[name] = errors.GetValueOrDefault(name) + (0.5 * error);

    private static double Error(double[] features, int columns, Targets targets) =>
        RidgeReadout.Fit(new MemoryRowSource<double>(features, columns), targets).LeaveOneOutError;

    /// <summary>Two halves of at most <see cref="MaxRows"/> rows together, alike in their targets: rows sorted by target, ties at random, go left and right in turn.</summary>
    private static RowSample[] Halves(RowSample sample, ulong seed)
    {
        int n = sample.Count, c = sample.Outputs;
        double[] order = new double[n];
        RandomFill.Uniform<double>(order, 0, 1, seed, stream: 2);
        int[] rows = [.. Enumerable.Range(0, n)];
        Array.Sort(order, rows);
        rows = rows[..Math.Min(n, MaxRows)];
        int[] sorted = [.. rows.OrderBy(row => Rank(sample.TargetValues.AsSpan(row * c, c)))];
        return [sample.Subset([.. sorted.Where((_, place) => place % 2 == 0)]), sample.Subset([.. sorted.Where((_, place) => place % 2 == 1)])];
    }

    /// <summary>The class of a one-hot row, the value of a single target; the first of several values.</summary>
    private static double Rank(ReadOnlySpan<double> target)
    {
        int hot = target.IndexOf(1.0);
        return target.Length > 1 && hot >= 0 ? hot : target[0];
    }
}
