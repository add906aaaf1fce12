using System.Numerics.Tensors;

namespace SpectralInit;

/// <summary>
/// One automatic choice: starts a whole network from labelled rows by the <see cref="SpectralWarmStart"/> whose first layer's directions suit the data, or by He where none does.
/// </summary>
/// <remarks>
/// <para>
/// Every recipe draws the first hidden layer from most of at most 300 sampled rows, and is judged by the others after training, to first order: by kernel regression on the same rows
/// with the tangent kernel the network then has (Jacot, Gabriel and Hongler, "Neural tangent kernel", 2018). The rows are left out in three folds (five up to 150 rows), and errors
/// of two recipes are paired by rows. So a recipe that sees labels pays for what it learns by heart.
/// </para>
/// <para>
/// The candidates (<see cref="AutomaticOptions.Candidates"/>) share the units of the layer; those that are worse than the best of them by more than two standard errors get none. A
/// specialist, such as directions of whitened rows, gets half of the units if it is better than every candidate by as much and by a worthwhile share; where it is He that is better, He is taken.
/// On fewer than <see cref="AutomaticOptions.MinRows"/> rows all candidates share the units. On more than 5000 rows a choice pays no more, and <see cref="AutomaticOptions.ManyRowsRecipe"/> is taken; behind
/// convolutions <see cref="AutomaticOptions.AfterConvolutions"/>. <see cref="Candidates"/> and <see cref="Reason"/> tell what was weighed. The result depends on the arguments alone, not on the number of threads.
/// </para>
/// </remarks>
public sealed class AutomaticInitializer
{
    /// <summary>The name of the candidate that looks at no data.</summary>
    public const string He = "He";

    private AutomaticInitializer(string chosen, string reason, IReadOnlyList<CandidateEstimate> candidates, IReadOnlyList<DenseParameters> layers, IReadOnlyList<LayerReport> report, SpectralWarmStart? warmStart)
    {
        Chosen = chosen;
        Reason = reason;
        Candidates = candidates;
        Layers = layers;
        Report = report;
        WarmStart = warmStart;
    }

    /// <summary>The name of the recipe taken, or <see cref="He"/>.</summary>
    public string Chosen { get; }

    /// <summary>Why, in one sentence.</summary>
    public string Reason { get; }

    /// <summary>What was weighed, the smallest error first; empty where nothing could be.</summary>
    public IReadOnlyList<CandidateEstimate> Candidates { get; }

    /// <summary>Weights and bias of every dense layer, in order.</summary>
    public IReadOnlyList<DenseParameters> Layers { get; }

    /// <summary>What each layer does to the sampled rows.</summary>
    public IReadOnlyList<LayerReport> Report { get; }

    /// <summary>The warm start that was made; null for He.</summary>
    public SpectralWarmStart? WarmStart { get; }

    /// <summary>Chooses and fits a start of dense layers.</summary>
    /// <param name="layers">The network; the last layer has as many outputs as the targets, or one for two classes.</param>
    /// <param name="rows">n training rows; read twice.</param>
    /// <param name="targets">n classes or values. Standardize values that are far from unit variance.</param>
    /// <param name="options">Candidates, margins, the warm start's own options; defaults when null.</param>
    /// <param name="progress">Told the share of the work done, 0 … 1.</param>
    /// <param name="cancellationToken">Stops between candidates, layers and blocks of rows.</param>
    /// <exception cref="ArgumentException">Layers do not fit each other, the rows or the targets; rows and targets differ in number; a value is NaN or infinite.</exception>
    public static AutomaticInitializer Fit(
        IReadOnlyList<DenseLayer> layers, IRowSource rows, Targets targets, AutomaticOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new();
        options.Check();
        return Fit(StartTarget.Of(layers, rows, targets, options.WarmStart, cancellationToken), [], options, progress, cancellationToken);
    }

    /// <summary>Chooses a start for a network that may belong to another framework, and writes it there layer by layer.</summary>
    /// <param name="network">As for <see cref="SpectralWarmStart.Apply"/>; convolutions in front are made as <see cref="WarmStartOptions.Filters"/> says, whatever is chosen behind them.</param>
    /// <param name="targets">n classes or values.</param>
    /// <param name="options">Candidates, margins, the warm start's own options; defaults when null.</param>
    /// <param name="progress">Told the share of the work done, 0 … 1.</param>
    /// <param name="cancellationToken">Stops between candidates, layers and blocks of rows.</param>
    /// <exception cref="ArgumentException">The network does not fit the targets; a value that arrives is NaN or infinite.</exception>
    public static AutomaticInitializer Apply(INetwork network, Targets targets, AutomaticOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new();
        options.Check();
        List<LayerReport> convolutions = PatchLayer.ApplyAll(network, targets, options.WarmStart, cancellationToken);
        return Fit(StartTarget.Of(network, convolutions.Count, targets, options.WarmStart, cancellationToken), convolutions, options, progress, cancellationToken);
    }

    /// <summary>The choice, its reason and the table of candidates.</summary>
    public override string ToString() => string.Join(Environment.NewLine, [$"{Chosen}: {Reason}", .. Candidates.Select(candidate => $"  {candidate}")]);

    private static AutomaticInitializer Fit(StartTarget target, List<LayerReport> convolutions, AutomaticOptions options, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        CrossFit? shadows = SpectralWarmStart.Shadows(target, options.WarmStart);
        (FeatureRecipe? recipe, string reason, CandidateEstimate[] candidates) = Choose(target, convolutions.Count > 0, options, cancellationToken);
        if (recipe is null)
        {
            DenseParameters[] layers = [.. target.Layers.Select((layer, i) => LayerStack.He(layer, Seeds.Derive(options.WarmStart.Seed, (ulong)i)))];
            List<LayerReport> report = [];
            for (int i = 0; i < layers.Length; i++)
            {
                RowSample sample = target.Sample(i);
                report.Add(LayerStack.Describe(i + convolutions.Count, He, layers[i], sample.Rows, sample.Count));
                target.Write(i, layers[i]);
            }

            progress?.Report(1);
            return new(He, reason, candidates, layers, [.. convolutions, .. report], null);
        }

        SpectralWarmStart start = SpectralWarmStart.Fit(target, shadows, options.WarmStart with { Recipe = recipe }, progress, cancellationToken).After(convolutions);
        return new(recipe.Name, reason, candidates, start.Layers, start.Report, start);
    }

    /// <summary>The recipe (null for He), why, and what was weighed.</summary>
    private static (FeatureRecipe? Recipe, string Reason, CandidateEstimate[] Candidates) Choose(StartTarget target, bool behindConvolutions, AutomaticOptions options, CancellationToken cancellationToken)
    {
        int count = options.Candidates.Count;
        FeatureRecipe shared = Share(options.Candidates, count);
        if (target.Layers.Count == 1)
            return (shared, "there is no hidden layer to choose for.", []);
        if (target.Targets.Count > CrossFit.MostRows)
            return (options.ManyRowsRecipe, $"{target.Targets.Count} rows are so many that training finds what a start leaves out: nothing is chosen.", []);
        if (behindConvolutions)
            return (options.AfterConvolutions, "convolutions stand before the dense layers; what they let through needs no choice.", []);
        if (target.Sample(0).Count < options.MinRows)
            return (shared, $"{target.Targets.Count} rows are too few to choose on; these recipes share the units.", []);

        TrainedErrors judge = new(target.Sample(0), target.Layers.SkipLast(1), options.WarmStart.Seed);
        FeatureRecipe?[] weighed = [.. options.Candidates, .. options.Specialists, null];
        double[][] rows = [.. weighed.Select(recipe =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return judge.Of(recipe, options.WarmStart.BiasDeviation);
        })];
        double[] best = rows.Take(count).MinBy(row => TensorPrimitives.Sum<double>(row))!;
        CandidateEstimate[] estimates = [.. weighed.Select((recipe, i) => Estimate(recipe?.Name ?? He, rows[i], best))], ordered = [.. estimates.OrderBy(estimate => estimate.Error)];

        FeatureRecipe[] kept = [.. options.Candidates.Where((_, i) => !(estimates[i].Behind > options.StandardErrors * estimates[i].StandardError))];
        shared = Share(kept, count);
        int outsider = Enumerable.Range(count, weighed.Length - count).MinBy(i => estimates[i].Error);
        double ahead = -estimates[outsider].Behind, least = TensorPrimitives.Sum<double>(best);
        if (ahead > options.StandardErrors * estimates[outsider].StandardError && estimates[outsider].Error < options.Worthwhile * least)
        {
            string better = FormattableString.Invariant($"on rows left out {estimates[outsider].Name} is better than {shared.Name} by {ahead / estimates[outsider].StandardError:F1} standard errors.");
            return (weighed[outsider] is { } specialist ? FeatureRecipe.Split($"{specialist.Name} and {shared.Name}", specialist, shared) : null, better, ordered);
        }

        return (shared, kept.Length == count
            ? "none of the recipes is worse than another beyond noise on rows left out; they share the units."
            : FormattableString.Invariant($"the other recipes are worse on rows left out by more than {options.StandardErrors} standard errors."), ordered);
    }

    /// <summary>Recipes share the units; all of several together are called balanced.</summary>
    private static FeatureRecipe Share(IReadOnlyList<FeatureRecipe> recipes, int all) =>
        recipes.Count == 1 ? recipes[0] : FeatureRecipe.Split(recipes.Count == all ? "balanced" : string.Join(" + ", recipes.Select(recipe => recipe.Name)), recipes);

    private static CandidateEstimate Estimate(string name, double[] errors, double[] best)
    {
        double[] gaps = new double[errors.Length];
        TensorPrimitives.Subtract(errors, best, gaps);
        double sum = TensorPrimitives.Sum<double>(gaps), m = gaps.Length;
        double spread = Math.Max(0, TensorPrimitives.SumOfSquares<double>(gaps) - (sum * sum / m)) * m / (m - 1);
        return new CandidateEstimate(name, TensorPrimitives.Sum<double>(errors), sum, Math.Sqrt(spread));
    }
}
