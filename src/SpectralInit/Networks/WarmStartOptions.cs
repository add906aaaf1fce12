namespace SpectralInit;

/// <summary>How a <see cref="SpectralWarmStart"/> is fitted.</summary>
public sealed class WarmStartOptions
{
    /// <summary>Seed of the draws and of the choice of rows.</summary>
    public ulong Seed { get; init; }

    /// <summary>Most rows used for the gradient outer products, ≥ 2; default 1000. The readout always uses all rows.</summary>
    public int MaxCenters { get; init; } = 1000;

    /// <summary>Recipes to choose from, the preferred one first; one recipe is taken without choosing. Default <see cref="FeatureRecipe.Default"/>.</summary>
    public IReadOnlyList<FeatureRecipe> Recipes { get; init; } = FeatureRecipe.Default;

    /// <summary>
    /// Standard deviation of the random part of hidden biases, ≥ 0, beside the centring −W·μ, whose pre-activations have variance 1. Null (default) for 1 before odd
    /// activations (tanh, sigmoid), whose layers would otherwise see nothing even in the inputs, and 0 before others.
    /// </summary>
    public double? BiasDeviation { get; init; }

    /// <summary>Factor on the logits of a classifier, &gt; 0; null (default) for the scale of least cross-entropy on left-out predictions, at most 10. Regression outputs are never scaled.</summary>
    public double? LogitScale { get; init; }

    /// <summary>Most hidden layers that may draw features without narrowing, ≥ 1; default 2. The others carry activations on.</summary>
    public int FeatureLayers { get; init; } = 2;

    /// <summary>How the filters of convolutions are made. Default <see cref="ConvolutionFilters.Clusters"/>.</summary>
    public ConvolutionFilters Filters { get; init; }

    internal void Check()
    {
        if (!Enum.IsDefined(Filters))
            throw new ArgumentOutOfRangeException(nameof(Filters), Filters, "Choose Clusters or Recipe.");
        ArgumentOutOfRangeException.ThrowIfLessThan(FeatureLayers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxCenters, 2);
        ArgumentNullException.ThrowIfNull(Recipes);
        if (Recipes.Count == 0)
            throw new ArgumentException("Give at least one recipe.", nameof(Recipes));
        if (BiasDeviation is { } deviation && !(deviation >= 0 && double.IsFinite(deviation)))
            throw new ArgumentOutOfRangeException(nameof(BiasDeviation), deviation, "The deviation must be finite and not negative.");
        if (LogitScale is { } scale && !(scale > 0 && double.IsFinite(scale)))
            throw new ArgumentOutOfRangeException(nameof(LogitScale), scale, "The factor must be positive and finite.");
    }
}
