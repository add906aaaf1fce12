namespace SpectralInit;

/// <summary>One layer before and after an initialization of the whole network, on the rows that arrived.</summary>
/// <param name="Before">With the weights found; null when nothing was measured.</param>
/// <param name="After">With the weights set.</param>
/// <param name="Iterations">Rounds taken.</param>
/// <param name="Warning">What went wrong, or null.</param>
public sealed record LayerChange(LayerReport? Before, LayerReport After, int Iterations, string? Warning);
