namespace SpectralInit;

/// <summary>What a layer does to the rows it was initialised on.</summary>
/// <param name="Index">The layer's number, from 0.</param>
/// <param name="Method">How its weights were made.</param>
/// <param name="Mean">Mean of the pre-activations, over units and rows.</param>
/// <param name="Variance">Variance of the pre-activations: the mean over the units of each unit's variance over the rows.</param>
/// <param name="DeadUnits">Units whose activation is the same for every row (a ReLU that never fires).</param>
/// <param name="SpectralNorm">σ₁ of the weights, to a relative 1e-6; the largest over the groups.</param>
public sealed record LayerReport(int Index, string Method, double Mean, double Variance, int DeadUnits, double SpectralNorm)
{
    /// <summary>All of it in a line.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"layer {Index}, {Method}: mean {Mean:G4}, variance {Variance:G4}, {DeadUnits} dead units, spectral norm {SpectralNorm:G4}");
}
