namespace SpectralInit;

/// <summary>What one initializer does to data in a freshly initialized layer.</summary>
/// <param name="Name">The initializer.</param>
/// <param name="SpectralNorm">σ₁ of the flattened weights: the most the layer stretches a vector.</param>
/// <param name="Mean">Mean pre-activation over all rows and units.</param>
/// <param name="Variance">Mean over the units of the variance of their pre-activations (n − 1).</param>
/// <param name="DeadUnits">Units whose pre-activation is positive for no row: a ReLU there passes nothing, and learns nothing.</param>
/// <param name="CapturedVariance">Share 0 … 1 of the data's variance inside the space the weight rows span: what the layer can see of it.</param>
public sealed record LayerStatistics(string Name, double SpectralNorm, double Mean, double Variance, int DeadUnits, double CapturedVariance)
{
    /// <summary>All of it in a line.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Name}: spectral norm {SpectralNorm:G4}, mean {Mean:G4}, variance {Variance:G4}, {DeadUnits} dead units, {100 * CapturedVariance:F1}% of the variance captured");
}
