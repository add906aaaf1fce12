namespace SpectralInit;

/// <summary>Leading Ritz pairs, with their true residuals.</summary>
/// <param name="Values">Descending.</param>
/// <param name="Vectors">Rows of k×n.</param>
/// <param name="Residuals">‖A·v − λ·v‖₂, computed from the vectors returned unless <see cref="KrylovSettings.Measures"/> is off.</param>
/// <param name="Converged">Every residual met the tolerance.</param>
/// <param name="Products">Matrix-vector products.</param>
/// <param name="Steps">Block steps.</param>
/// <param name="Restarts">Compressions of the basis.</param>
internal sealed record KrylovResult(double[] Values, double[] Vectors, double[] Residuals, bool Converged, long Products, int Steps, int Restarts);
