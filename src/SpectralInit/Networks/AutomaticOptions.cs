namespace SpectralInit;

/// <summary>How an <see cref="AutomaticInitializer"/> chooses.</summary>
public sealed class AutomaticOptions
{
    /// <summary>Recipes that share the units of the first hidden layer, but for those that rows left out show to be worse than the best of them. Default <see cref="Default"/>.</summary>
    public IReadOnlyList<FeatureRecipe> Candidates { get; init; } = Default;

    /// <summary>
    /// Recipes that take half of the units where rows left out show them to be better than every candidate, the best one alone; they are no loss where they are not needed. Default
    /// <see cref="DefaultSpecialists"/>.
    /// </summary>
    public IReadOnlyList<FeatureRecipe> Specialists { get; init; } = DefaultSpecialists;

    /// <summary>By how many standard errors of the paired difference a recipe must be worse, or better, to count as such, ≥ 0. Default 2.</summary>
    public double StandardErrors { get; init; } = 2;

    /// <summary>
    /// A specialist's error must also be below this share of the best candidate's, 0 … 1: what is better by little after training to first order is not in earnest, where
    /// the network finds such directions by itself. Default 0.95.
    /// </summary>
    public double Worthwhile { get; init; } = 0.95;

    /// <summary>Fewest rows to choose on, ≥ 8; with fewer all candidates share the units, for a choice would be noise. Default 20.</summary>
    public int MinRows { get; init; } = 20;

    /// <summary>The recipe for more than 5000 rows, where nothing is chosen: training finds what a start leaves out, if units look everywhere. Default half isotropic, half balanced.</summary>
    public FeatureRecipe ManyRowsRecipe { get; init; } = FeatureRecipe.Isotropic.Hedged();

    /// <summary>
    /// The recipe of the first dense layer behind convolutions, where nothing is chosen: what arrives there are few features made for the data, and directions that ignore them waste units.
    /// Default <see cref="FeatureRecipe.Mixed"/>.
    /// </summary>
    public FeatureRecipe AfterConvolutions { get; init; } = FeatureRecipe.Mixed;

    /// <summary>Seed, centres, later layers and readout of the start that is made. Its <see cref="WarmStartOptions.Recipe"/> is what is chosen here.</summary>
    public WarmStartOptions WarmStart { get; init; } = new();

    /// <summary>The parts of <see cref="FeatureRecipe.Balanced"/>: covariance (spectral power p = 1), half M^½ and half covariance, all directions alike (p = 0).</summary>
    public static IReadOnlyList<FeatureRecipe> Default => FeatureRecipe.Balanced.Parts;

    /// <summary>M, and half M^½ and half covariance of whitened rows.</summary>
    public static IReadOnlyList<FeatureRecipe> DefaultSpecialists { get; } = [FeatureRecipe.Focused, FeatureRecipe.WhitenedMixed];

    internal void Check()
    {
        ArgumentNullException.ThrowIfNull(Candidates);
        ArgumentNullException.ThrowIfNull(Specialists);
        ArgumentNullException.ThrowIfNull(WarmStart);
        ArgumentNullException.ThrowIfNull(ManyRowsRecipe);
        ArgumentNullException.ThrowIfNull(AfterConvolutions);
        WarmStart.Check();
        ManyRowsRecipe.Check(nameof(ManyRowsRecipe));
        AfterConvolutions.Check(nameof(AfterConvolutions));
        foreach (FeatureRecipe recipe in Candidates)
            recipe.Check(nameof(Candidates));
        foreach (FeatureRecipe recipe in Specialists)
            recipe.Check(nameof(Specialists));
        if (Candidates.Count == 0)
            throw new ArgumentException("Give at least one recipe.", nameof(Candidates));
        if (Candidates.Concat(Specialists).Select(candidate => candidate.Name).Append(AutomaticInitializer.He).Distinct().Count() <= Candidates.Count + Specialists.Count)
            throw new ArgumentException($"Candidates and specialists need names of their own, and none is called {AutomaticInitializer.He}.", nameof(Candidates));
        if (!(StandardErrors >= 0))
            throw new ArgumentOutOfRangeException(nameof(StandardErrors), StandardErrors, "The number must not be negative.");
        if (!(Worthwhile is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(Worthwhile), Worthwhile, "The share must be between 0 and 1.");
        ArgumentOutOfRangeException.ThrowIfLessThan(MinRows, 8);
    }
}
