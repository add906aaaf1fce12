using System.Numerics.Tensors;

namespace SpectralInit;

/// <summary>
/// One automatic choice: starts a whole network from labelled rows by the <see cref="SpectralWarmStart"/> whose first layer's directions suit the data, or by He where none does.
/// </summary>
/// <remarks>
/// <para>
/// Every candidate (a <see cref="FeatureRecipe"/>, or He) draws the first hidden layer from one half of at most 800 sampled rows, and a ridge readout of its features is judged on
/// the other half, each row left out in turn; then the halves change places. Where rows are many (over 2000) one half judges alone. The errors of two candidates are paired by rows.
/// </para>
/// <para>
/// The preferred recipe, the first, is the safest of those measured, because its units are shared between unlike recipes. Another candidate, He among them, takes its place only if
/// its error is smaller by a worthwhile share and beyond noise (<see cref="AutomaticOptions.Worthwhile"/>), and usually for half of the units; on fewer than <see cref="AutomaticOptions.MinRows"/> rows nothing is.
/// On more than 5000 rows a choice pays no more, and <see cref="AutomaticOptions.ManyRowsRecipe"/> is taken; behind convolutions <see cref="AutomaticOptions.AfterConvolutions"/>. <see cref="Candidates"/> and
/// <see cref="Reason"/> tell what was weighed. The result depends on the arguments alone, not on the number of threads.
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
        (FeatureRecipe? recipe, string reason, CandidateEstimate[] candidates) = Choose(target, shadows, convolutions.Count > 0, options, cancellationToken);
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
    private static (FeatureRecipe? Recipe, string Reason, CandidateEstimate[] Candidates) Choose(StartTarget target, CrossFit? shadows, bool behindConvolutions, AutomaticOptions options, CancellationToken cancellationToken)
    {
        FeatureRecipe preferred = options.Candidates[0];
        if (target.Layers.Count == 1)
            return (preferred, "there is no hidden layer to choose for.", []);
        if (target.Targets.Count > CrossFit.MostRows)
            return (options.ManyRowsRecipe, $"{target.Targets.Count} rows are so many that training finds what a start leaves out; half of the units look everywhere.", []);
        if (behindConvolutions)
            return (options.AfterConvolutions, "convolutions stand before the dense layers; what they let through needs no choice.", []);
        if (shadows is null || target.Sample(0).Count < options.MinRows)
            return (preferred, $"{target.Targets.Count} rows are too few to choose on; this recipe is the safest.", []);

        FeatureRecipe?[] candidates = [.. options.Candidates, null];
        double[][] rows = [.. candidates.Select(candidate =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return shadows.Errors(target.Layers[0], candidate, options.WarmStart.BiasDeviation, Seeds.Derive(options.WarmStart.Seed, 0UL));
        })];
        CandidateEstimate[] estimates = [.. candidates.Select((candidate, i) => Estimate(candidate?.Name ?? He, rows[i], rows[0]))];
        int best = 0;
        for (int i = 1; i < estimates.Length; i++)
        {
            (double share, double errors) = AutomaticOptions.IsRisky(candidates[i]) ? (options.WorthwhileRisk, 2.0) : (options.Worthwhile, 1.0);
            if (estimates[i].Error < estimates[best].Error && estimates[i].Error < share * estimates[0].Error && -estimates[i].Behind > errors * estimates[i].StandardError)
                best = i;
        }

        string reason = best == 0
            ? "no other candidate is better than this, the safest, by a worthwhile share and beyond noise."
            : FormattableString.Invariant($"error {estimates[best].Error:F3} on rows left out against {estimates[0].Error:F3} of {preferred.Name}, {-estimates[best].Behind / estimates[best].StandardError:F1} standard errors apart.");
        return (candidates[best], reason, [.. estimates.OrderBy(estimate => estimate.Error)]);
    }

    private static CandidateEstimate Estimate(string name, double[] errors, double[] preferred)
    {
        double[] gaps = new double[errors.Length];
        TensorPrimitives.Subtract(errors, preferred, gaps);
        double sum = TensorPrimitives.Sum<double>(gaps), m = gaps.Length;
        double spread = Math.Max(0, TensorPrimitives.SumOfSquares<double>(gaps) - (sum * sum / m)) * m / (m - 1);
        return new CandidateEstimate(name, TensorPrimitives.Sum<double>(errors), sum, Math.Sqrt(spread));
    }
}
