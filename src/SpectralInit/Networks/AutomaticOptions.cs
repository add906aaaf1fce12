namespace SpectralInit;

/// <summary>How an <see cref="AutomaticInitializer"/> chooses.</summary>
public sealed class AutomaticOptions
{
    /// <summary>Recipes to choose from for the first hidden layer, beside He: the preferred one first. Default <see cref="Default"/>.</summary>
    public IReadOnlyList<FeatureRecipe> Candidates { get; init; } = Default;

    /// <summary>A candidate replaces the preferred one only if its error is below this share of the preferred one's, 0 … 1; default 0.97.</summary>
    public double Worthwhile { get; init; } = 0.97;

    /// <summary>And only if the difference exceeds this many of its standard errors, ≥ 0; default 2.</summary>
    public double StandardErrors { get; init; } = 2;

    /// <summary>Fewest rows to choose on, ≥ 8; with fewer the preferred recipe is taken, for a choice would be noise. Default 60.</summary>
    public int MinRows { get; init; } = 60;

    /// <summary>Seed, centres, later layers and readout of the start that is made. Its <see cref="WarmStartOptions.Recipe"/> is what is chosen here.</summary>
    public WarmStartOptions WarmStart { get; init; } = new();

    /// <summary>Balanced (preferred), covariance (spectral power p = 1), M^½, M, isotropic (p = 0).</summary>
    public static IReadOnlyList<FeatureRecipe> Default { get; } = [FeatureRecipe.Balanced, FeatureRecipe.Covariance, FeatureRecipe.GradientOuterProduct, FeatureRecipe.Focused, FeatureRecipe.Isotropic];

    internal void Check()
    {
        ArgumentNullException.ThrowIfNull(Candidates);
        ArgumentNullException.ThrowIfNull(WarmStart);
        WarmStart.Check();
        if (Candidates.Count == 0)
            throw new ArgumentException("Give at least one recipe.", nameof(Candidates));
        if (Candidates.Select(candidate => candidate.Name).Append(AutomaticInitializer.He).Distinct().Count() <= Candidates.Count)
            throw new ArgumentException($"Candidates need names of their own, and none is called {AutomaticInitializer.He}.", nameof(Candidates));
        if (!(Worthwhile is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(Worthwhile), Worthwhile, "The share must be between 0 and 1.");
        if (!(StandardErrors >= 0) || !double.IsFinite(StandardErrors))
            throw new ArgumentOutOfRangeException(nameof(StandardErrors), StandardErrors, "The number must be finite and not negative.");
        ArgumentOutOfRangeException.ThrowIfLessThan(MinRows, 8);
    }
}
