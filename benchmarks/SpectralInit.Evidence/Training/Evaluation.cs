namespace SpectralInit.Evidence;

/// <summary>Mean loss and score in percent: accuracy, or R² for regression.</summary>
internal readonly record struct Evaluation(double Loss, double Score);
