namespace SpectralInit;

/// <summary>One layer before and after an initialization of the whole network, on the rows that arrived.</summary>
/// <param name="Before">With the weights found; null when nothing was measured.</param>
/// <param name="After">With the weights set.</param>
/// <param name="Iterations">Rounds taken.</param>
/// <param name="Warning">What went wrong, or null.</param>
public sealed record LayerChange(LayerReport? Before, LayerReport After, int Iterations, string? Warning)
{
    /// <summary>The layer now, its variance and norm before, and the warning.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{After}{(Before is null ? "" : FormattableString.Invariant($"; before: variance {Before.Variance:G4}, spectral norm {Before.SpectralNorm:G4}"))}; {Iterations} rounds{(Warning is null ? "" : $"; {Warning}")}");
}
