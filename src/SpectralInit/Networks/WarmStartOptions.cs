namespace SpectralInit;

/// <summary>How a <see cref="SpectralWarmStart"/> is fitted.</summary>
public sealed class WarmStartOptions
{
    /// <summary>Seed of the draws and of the choice of rows.</summary>
    public ulong Seed { get; init; }

    /// <summary>Most rows used for the gradient outer products, ≥ 2; default 1500. The readout always uses all rows.</summary>
    public int MaxCenters { get; init; } = 1500;

    /// <summary>Exponent α of the gradient outer product; default ½.</summary>
    public double Exponent { get; init; } = 0.5;

    /// <summary>Share of the rows' variance given to the covariance of the layer's inputs beside the gradient outer product, 0 … 1; default ½.</summary>
    public double CovarianceShare { get; init; } = 0.5;

    /// <summary>Share of the rows' variance spread evenly over all directions, 0 … 1; default 0.1.</summary>
    public double IsotropicShare { get; init; } = 0.1;

    /// <summary>Factor on the logits of a classifier, &gt; 0; null (default) for the scale of least cross-entropy on left-out predictions, at most 10. Regression outputs are never scaled.</summary>
    public double? LogitScale { get; init; }

    /// <summary>Most hidden layers that may draw features without narrowing, ≥ 1; default 2. The others carry activations on.</summary>
    public int FeatureLayers { get; init; } = 2;

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(FeatureLayers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxCenters, 2);
        if (!(Exponent >= 0) || !double.IsFinite(Exponent))
            throw new ArgumentOutOfRangeException(nameof(Exponent), Exponent, "The exponent must be finite and not negative.");
        if (!(CovarianceShare is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(CovarianceShare), CovarianceShare, "A share is between 0 and 1.");
        if (!(IsotropicShare is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(IsotropicShare), IsotropicShare, "A share is between 0 and 1.");
        if (LogitScale is { } scale && !(scale > 0 && double.IsFinite(scale)))
            throw new ArgumentOutOfRangeException(nameof(LogitScale), scale, "The factor must be positive and finite.");
    }
}
