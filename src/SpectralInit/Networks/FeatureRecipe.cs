namespace SpectralInit;

/// <summary>How a layer of features is drawn: which second moment its rows follow, N(0, (1 − t)((1 − s)·M^α/tr M^α + s·C/tr C) + t·I/d).</summary>
/// <param name="Name">What reports call it.</param>
/// <param name="Exponent">α, the exponent of the gradient outer product M, ≥ 0.</param>
/// <param name="CovarianceShare">s, the share of the covariance C of the arriving rows, 0 … 1.</param>
/// <param name="IsotropicShare">t, the share of all directions alike, 0 … 1.</param>
public sealed record FeatureRecipe(string Name, double Exponent, double CovarianceShare, double IsotropicShare)
{
    /// <summary>Half M^½, half covariance: what to use where nothing is known.</summary>
    public static FeatureRecipe Mixed { get; } = new("M^1/2 and covariance", 0.5, 0.5, 0.1);

    /// <summary>M^½.</summary>
    public static FeatureRecipe GradientOuterProduct { get; } = new("M^1/2", 0.5, 0, 0.1);

    /// <summary>M itself, for few deciding directions among many.</summary>
    public static FeatureRecipe Focused { get; } = new("M", 1, 0, 0.1);

    /// <summary>The covariance: spectral power p = 1, no labels.</summary>
    public static FeatureRecipe Covariance { get; } = new("covariance", 0, 1, 0.1);

    /// <summary>All directions alike, centred: He's directions.</summary>
    public static FeatureRecipe Isotropic { get; } = new("isotropic", 0, 0, 1);

    /// <summary>The recipes a warm start chooses from unless told otherwise: mixed (preferred), M^½, covariance, isotropic.</summary>
    public static IReadOnlyList<FeatureRecipe> Default { get; } = [Mixed, GradientOuterProduct, Covariance, Isotropic];

    internal GradientOuterProductInitializer Over(GradientOuterProduct product) =>
        new(product, new() { Exponent = Exponent, CovarianceShare = CovarianceShare, IsotropicShare = IsotropicShare });
}
