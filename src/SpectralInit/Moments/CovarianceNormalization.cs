namespace SpectralInit;

/// <summary>What a scatter is divided by.</summary>
public enum CovarianceNormalization
{
    /// <summary>n − 1, as <c>numpy.cov</c>: unbiased when the mean is estimated from the same rows.</summary>
    Unbiased,

    /// <summary>n: the maximum-likelihood estimate, as scikit-learn's covariance estimators.</summary>
    MaximumLikelihood,
}
