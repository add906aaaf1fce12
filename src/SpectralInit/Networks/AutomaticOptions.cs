namespace SpectralInit;

/// <summary>How an <see cref="AutomaticInitializer"/> chooses.</summary>
public sealed class AutomaticOptions
{
    /// <summary>Recipes to choose from for the first hidden layer, beside He: the preferred one first. Default <see cref="Default"/>.</summary>
    public IReadOnlyList<FeatureRecipe> Candidates { get; init; } = Default;

    /// <summary>
    /// A candidate that leans on no targets replaces the preferred one only if its error is below this share of the preferred one's, 0 … 1, and by more than one standard
    /// error of the difference. Default 0.97.
    /// </summary>
    public double Worthwhile { get; init; } = 0.97;

    /// <summary>
    /// Likewise for candidates that lean on the targets, which look better to a readout than they turn out after training, and for He, which gives the readout up; the difference must
    /// exceed two standard errors. Default 0.85.
    /// </summary>
    public double WorthwhileRisk { get; init; } = 0.85;

    /// <summary>Fewest rows to choose on, ≥ 8; with fewer the preferred recipe is taken, for a choice would be noise. Default 60.</summary>
    public int MinRows { get; init; } = 60;

    /// <summary>The recipe for more than 5000 rows, where nothing is chosen: training finds what a start leaves out, if units look everywhere. Default half isotropic, half balanced.</summary>
    public FeatureRecipe ManyRowsRecipe { get; init; } = FeatureRecipe.Isotropic.Hedged();

    /// <summary>
    /// The recipe of the first dense layer behind convolutions, where nothing is chosen: what arrives there are few features made for the data, and directions that ignore them waste units.
    /// Default <see cref="FeatureRecipe.Mixed"/>.
    /// </summary>
    public FeatureRecipe AfterConvolutions { get; init; } = FeatureRecipe.Mixed;

    /// <summary>Seed, centres, later layers and readout of the start that is made. Its <see cref="WarmStartOptions.Recipe"/> is what is chosen here.</summary>
    public WarmStartOptions WarmStart { get; init; } = new();

    /// <summary>Balanced (preferred); and, each for half of the units beside it, covariance (spectral power p = 1), isotropic (p = 0), M^½ and M.</summary>
    public static IReadOnlyList<FeatureRecipe> Default { get; } =
        [FeatureRecipe.Balanced, FeatureRecipe.Covariance.Hedged(), FeatureRecipe.Isotropic.Hedged(), FeatureRecipe.GradientOuterProduct.Hedged(), FeatureRecipe.Focused.Hedged()];

    /// <summary>Whether a candidate must pass the wider margin: He, or half of its units or more follow the targets.</summary>
    internal static bool IsRisky(FeatureRecipe? candidate) => candidate is null || (candidate.Parts.Count > 0 ? candidate.Parts[0].UsesTargets : candidate.UsesTargets);

    internal void Check()
    {
        ArgumentNullException.ThrowIfNull(Candidates);
        ArgumentNullException.ThrowIfNull(WarmStart);
        ArgumentNullException.ThrowIfNull(ManyRowsRecipe);
        ArgumentNullException.ThrowIfNull(AfterConvolutions);
        WarmStart.Check();
        if (Candidates.Count == 0)
            throw new ArgumentException("Give at least one recipe.", nameof(Candidates));
        if (Candidates.Select(candidate => candidate.Name).Append(AutomaticInitializer.He).Distinct().Count() <= Candidates.Count)
            throw new ArgumentException($"Candidates need names of their own, and none is called {AutomaticInitializer.He}.", nameof(Candidates));
        if (!(Worthwhile is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(Worthwhile), Worthwhile, "The share must be between 0 and 1.");
        if (!(WorthwhileRisk is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(WorthwhileRisk), WorthwhileRisk, "The share must be between 0 and 1.");
        ArgumentOutOfRangeException.ThrowIfLessThan(MinRows, 8);
    }
}
