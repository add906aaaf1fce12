namespace SpectralInit;

/// <summary>How a <see cref="SpectralWarmStart"/> is fitted.</summary>
public sealed record WarmStartOptions
{
    /// <summary>Seed of the draws and of the choice of rows.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// Most rows used for directions, ≥ 2. Null (default) for 1000, or as many as cost about a third of a training epoch where that is less, but at least 200.
    /// </summary>
    public int? MaxCenters { get; init; }

    /// <summary>Most rows used for the readout, ≥ 2; null (default) for 2048, or 16 per unit of the last hidden layer where that is more.</summary>
    public int? MaxReadoutRows { get; init; }

    /// <summary>How the first hidden layer is drawn; default <see cref="FeatureRecipe.Balanced"/>.</summary>
    public FeatureRecipe Recipe { get; init; } = FeatureRecipe.Balanced;

    /// <summary>How later layers are drawn that narrow, or lie within <see cref="FeatureLayers"/>; default <see cref="FeatureRecipe.Mixed"/>.</summary>
    public FeatureRecipe LaterRecipe { get; init; } = FeatureRecipe.Mixed;

    /// <summary>
    /// Standard deviation of the random part of hidden biases, ≥ 0, beside the centring −W·μ, whose pre-activations have variance 1. Null (default) for 1 before odd
    /// activations (tanh, sigmoid), whose layers would otherwise see nothing even in the inputs, and 0 before others.
    /// </summary>
    public double? BiasDeviation { get; init; }

    /// <summary>
    /// Factor on the logits of a classifier, &gt; 0; null (default) for the scale of least cross-entropy on left-out predictions, at most 10 and within
    /// <see cref="ReadoutNorm"/>. Regression outputs are never scaled.
    /// </summary>
    public double? LogitScale { get; init; }

    /// <summary>Largest norm of the weights of an output, as <see cref="RidgeReadoutOptions.MaxNorm"/> has it; default 1, where He's is √2. Infinite for none.</summary>
    public double ReadoutNorm { get; init; } = 1;

    /// <summary>Most hidden layers that may draw features without narrowing, ≥ 1; default 2. The others carry activations on.</summary>
    public int FeatureLayers { get; init; } = 2;

    /// <summary>How the filters of convolutions are made. Default <see cref="ConvolutionFilters.Clusters"/>.</summary>
    public ConvolutionFilters Filters { get; init; }

    /// <summary>All of them, with their values.</summary>
    public override string ToString() => InvariantText.Of(nameof(WarmStartOptions), PrintMembers);

    internal void Check()
    {
        if (!Enum.IsDefined(Filters))
            throw new ArgumentOutOfRangeException(nameof(Filters), Filters, "Choose Clusters or Recipe.");
        ArgumentOutOfRangeException.ThrowIfLessThan(FeatureLayers, 1);
        if (MaxCenters is { } centers)
            ArgumentOutOfRangeException.ThrowIfLessThan(centers, 2, nameof(MaxCenters));
        if (MaxReadoutRows is { } rows)
            ArgumentOutOfRangeException.ThrowIfLessThan(rows, 2, nameof(MaxReadoutRows));
        ArgumentNullException.ThrowIfNull(Recipe);
        ArgumentNullException.ThrowIfNull(LaterRecipe);
        Recipe.Check(nameof(Recipe));
        LaterRecipe.Check(nameof(LaterRecipe));
        if (BiasDeviation is { } deviation && !(deviation >= 0 && double.IsFinite(deviation)))
            throw new ArgumentOutOfRangeException(nameof(BiasDeviation), deviation, "The deviation must be finite and not negative.");
        if (LogitScale is { } scale && !(scale > 0 && double.IsFinite(scale)))
            throw new ArgumentOutOfRangeException(nameof(LogitScale), scale, "The factor must be positive and finite.");
        if (!(ReadoutNorm > 0))
            throw new ArgumentOutOfRangeException(nameof(ReadoutNorm), ReadoutNorm, "The norm must be positive.");
    }

    /// <summary>Centres for n rows of d features before layers of so many weights: a training epoch costs 6·n·weights operations, directions about 60·m³ + 6·m²·d.</summary>
    internal int CentersFor(int n, int d, long weights)
    {
        if (MaxCenters is { } given)
            return given;
        double budget = 2.0 * n * weights;
        for (int m = 1000; m > 200; m -= 50)
        {
            if (m >= n || (60.0 * m * m * m) + (6.0 * m * m * d) <= budget || n <= 2000)
                return m;
        }

        return 200;
    }
}
