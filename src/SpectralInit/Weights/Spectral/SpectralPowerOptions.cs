namespace SpectralInit;

/// <summary>How a <see cref="SpectralPowerInitializer"/> draws and scales.</summary>
public sealed class SpectralPowerOptions
{
    /// <summary>Mean over the units of the variance of their pre-activations on the data; default 1.</summary>
    public double TargetVariance { get; init; } = 1;

    /// <summary>
    /// Shrinkage s of the eigenvalues towards their mean before the power is taken, λ ← (1 − s)λ + s·tr/d, 0 … 1. Null (default): none for p ≥ 0, and for
    /// p &lt; 0, where small eigenvalues would rule, the oracle-approximating shrinkage of Chen, Wiesel, Eldar and Hero (2010).
    /// </summary>
    public double? Shrinkage { get; init; }

    /// <summary>Rows in pairs ±w, so that a ReLU layer loses nothing of w·x (w·x = relu(w·x) − relu(−w·x)); the second half of the rows negates the first. Default false.</summary>
    public bool Mirrored { get; init; }
}
