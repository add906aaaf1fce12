namespace SpectralInit.Evidence;

/// <summary>What a sweep found.</summary>
/// <param name="Name">The sweep.</param>
/// <param name="Axis">What the values are.</param>
/// <param name="Values">The values.</param>
/// <param name="Regimes">The comparison at each value.</param>
internal sealed record SweepResult(string Name, string Axis, IReadOnlyList<double> Values, IReadOnlyList<RegimeResult> Regimes)
{
    public IEnumerable<string> Initializers => Regimes[0].Results.Select(result => result.Name);

    /// <summary>One initializer at every value.</summary>
    public CandidateResult[] Of(string initializer) => [.. Regimes.Select(regime => regime.Results.First(result => result.Name == initializer))];
}
