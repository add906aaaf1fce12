namespace SpectralInit;

/// <summary>What shadows say about a readout.</summary>
/// <param name="Ridge">The ridge, relative to the mean of the nonzero eigenvalues of the features' scatter.</param>
/// <param name="Error">Relative squared error.</param>
/// <param name="Accuracy">Share of rows classified correctly; NaN for values.</param>
internal readonly record struct CrossFitReadout(double Ridge, double Error, double Accuracy);
