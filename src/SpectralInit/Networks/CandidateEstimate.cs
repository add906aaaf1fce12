namespace SpectralInit;

/// <summary>What rows left out say about a way to start a network.</summary>
/// <param name="Name">The recipe, or He.</param>
/// <param name="Error">
/// Squared error, relative to the variance of the targets, of a readout on the first layer's features: the directions never saw the rows they are judged on.
/// 0 is perfect, 1 no better than the mean.
/// </param>
/// <param name="Behind">By how much the error exceeds the preferred candidate's; negative where it is smaller.</param>
/// <param name="StandardError">Standard error of <paramref name="Behind"/> over the rows, which are paired.</param>
public sealed record CandidateEstimate(string Name, double Error, double Behind, double StandardError)
{
    /// <summary>Name, error and difference.</summary>
    public override string ToString() => FormattableString.Invariant($"{Name}: error {Error:F3} ({Behind:+0.000;−0.000;0.000} ± {StandardError:F3})");
}
