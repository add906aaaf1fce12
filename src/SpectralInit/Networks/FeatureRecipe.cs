namespace SpectralInit;

/// <summary>
/// How a layer of features is drawn: which second moment its rows follow, N(0, (1 − t)((1 − s)·M^α/tr M^α + s·C/tr C) + t·I/d); or several recipes, each
/// for an equal share of the units.
/// </summary>
/// <param name="Name">What reports call it.</param>
/// <param name="Exponent">α, the exponent of the gradient outer product M, ≥ 0.</param>
/// <param name="CovarianceShare">s, the share of the covariance C of the arriving rows, 0 … 1.</param>
/// <param name="IsotropicShare">t, the share of all directions alike, 0 … 1.</param>
public sealed record FeatureRecipe(string Name, double Exponent, double CovarianceShare, double IsotropicShare)
{
    /// <summary>M^½.</summary>
    public static FeatureRecipe GradientOuterProduct { get; } = new("M^1/2", 0.5, 0, 0.1);

    /// <summary>M itself, for few deciding directions among many.</summary>
    public static FeatureRecipe Focused { get; } = new("M", 1, 0, 0.1);

    /// <summary>Half M^½, half covariance in every unit.</summary>
    public static FeatureRecipe Mixed { get; } = new("M^1/2 and covariance", 0.5, 0.5, 0.1);

    /// <summary>The covariance: spectral power p = 1, no labels.</summary>
    public static FeatureRecipe Covariance { get; } = new("covariance", 0, 1, 0);

    /// <summary>All directions alike, centred: He's directions.</summary>
    public static FeatureRecipe Isotropic { get; } = new("isotropic", 0, 0, 1);

    /// <summary><see cref="Mixed"/> of whitened rows, for answers in directions that vary little.</summary>
    public static FeatureRecipe WhitenedMixed { get; } = Mixed with { Name = "whitened M^1/2 and covariance", Whitened = true };

    /// <summary>
    /// A third of the units each for the covariance, <see cref="Mixed"/>, and all directions alike: what to use where nothing is known, because whichever is wrong leaves
    /// units of the others.
    /// </summary>
    public static FeatureRecipe Balanced { get; } = Split("balanced", Covariance, Mixed, Isotropic);

    /// <summary>The recipes that share the units, in order; empty for a single recipe.</summary>
    public IReadOnlyList<FeatureRecipe> Parts { get; private init; } = [];

    /// <summary>
    /// Whether M, C and I are those of whitened rows, whose principal directions all vary alike (those weaker than a thousandth of the mean variance less). Kernels see
    /// distances, which strong directions rule; whitening lets M see the others.
    /// </summary>
    public bool Whitened { get; init; }

    /// <summary>Whether the directions depend on the targets.</summary>
    public bool UsesTargets => Parts.Count > 0 ? Parts.Any(part => part.UsesTargets) : CovarianceShare < 1 && IsotropicShare < 1;

    /// <summary>Shares the units of a layer between recipes.</summary>
    /// <param name="name">What reports call it.</param>
    /// <param name="parts">At least one recipe.</param>
    /// <exception cref="ArgumentException">There are no parts.</exception>
    public static FeatureRecipe Split(string name, params IReadOnlyList<FeatureRecipe> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return parts.Count > 0 ? new(name, 0, 0, 0) { Parts = [.. parts] } : throw new ArgumentException("Give at least one recipe.", nameof(parts));
    }

    /// <summary>Half of the units for this recipe, half for <see cref="Balanced"/>: a choice that may be wrong.</summary>
    public FeatureRecipe Hedged() => Split($"{Name} and balanced", this, Balanced);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Refuses numbers out of range, in the name of the option that holds the recipe.</summary>
    internal void Check(string option)
    {
        if (!(Exponent >= 0 && double.IsFinite(Exponent) && CovarianceShare is >= 0 and <= 1 && IsotropicShare is >= 0 and <= 1))
            throw OptionError.Of(option, this, FormattableString.Invariant($"Exponent {Exponent} must be finite and not negative, the shares {CovarianceShare} and {IsotropicShare} between 0 and 1."));
        foreach (FeatureRecipe part in Parts)
            part.Check(option);
    }

    internal GradientOuterProductInitializer Over(GradientOuterProduct product) =>
        new(product, new() { Exponent = Exponent, CovarianceShare = CovarianceShare, IsotropicShare = IsotropicShare });
}
