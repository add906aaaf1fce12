namespace SpectralInit;

/// <summary>How rows are drawn from a <see cref="GradientOuterProduct"/>.</summary>
public sealed class GradientOuterProductInitializerOptions
{
    /// <summary>Exponent α of M, ≥ 0; default ½ (the predictor's own feature scale is M^½). 0 treats all directions alike.</summary>
    public double Exponent { get; init; } = 0.5;

    /// <summary>Share of the rows' variance spread evenly over all directions, 0 … 1; default 0.1.</summary>
    public double IsotropicShare { get; init; } = 0.1;

    /// <summary>Share of the remaining variance that follows the covariance of the inputs instead of M, 0 … 1; default 0. It steadies M where rows are few.</summary>
    public double CovarianceShare { get; init; }

    /// <summary>Mean over the units of the variance of their pre-activations on the data; default 1.</summary>
    public double TargetVariance { get; init; } = 1;

    /// <summary>Rows in pairs ±w, so that a ReLU layer loses nothing of w·x; the second half of the rows negates the first. Default false.</summary>
    public bool Mirrored { get; init; }

    internal void Check()
    {
        if (!(Exponent >= 0) || !double.IsFinite(Exponent))
            throw new ArgumentOutOfRangeException(nameof(Exponent), Exponent, "The exponent must be finite and not negative.");
        if (!(IsotropicShare is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(IsotropicShare), IsotropicShare, "A share is between 0 and 1.");
        if (!(CovarianceShare is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(CovarianceShare), CovarianceShare, "A share is between 0 and 1.");
        if (!(TargetVariance > 0) || !double.IsFinite(TargetVariance))
            throw new ArgumentOutOfRangeException(nameof(TargetVariance), TargetVariance, "The target variance must be a positive number.");
    }
}
