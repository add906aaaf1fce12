namespace SpectralInit;

/// <summary>What counts as two words occurring together.</summary>
public sealed class CooccurrenceOptions
{
    /// <summary>Words on each side of the centre that count as its context, ≥ 1. Default: 5.</summary>
    public int Window { get; init; } = 5;

    /// <summary>How a pair's weight falls with its distance. Default: <see cref="ContextWeighting.Harmonic"/>.</summary>
    public ContextWeighting Weighting { get; init; } = ContextWeighting.Harmonic;

    /// <summary>Words seen less often are dropped before windows are cut, ≥ 1. Default: 5.</summary>
    public int MinCount { get; init; } = 5;

    /// <summary>
    /// Frequent words are dropped at random with probability 1 − √(t/f), f their relative frequency, before windows are cut
    /// (Mikolov et al., "Distributed representations of words and phrases", NIPS 2013, §2.3). 0 (default) keeps all; 1e-3 to 1e-5 are usual.
    /// </summary>
    public double SubsamplingThreshold { get; init; }

    /// <summary>Seed of the subsampling: whether a token stays depends on the seed and its position alone. Default: 0.</summary>
    public ulong Seed { get; init; }

    internal void Check()
    {
        if (Window < 1)
            throw new ArgumentOutOfRangeException(nameof(Window), Window, $"Window must be at least 1, not {Window}.");
        if (MinCount < 1)
            throw new ArgumentOutOfRangeException(nameof(MinCount), MinCount, $"MinCount must be at least 1, not {MinCount}.");
        if (!(SubsamplingThreshold >= 0 && SubsamplingThreshold <= 1))
            throw new ArgumentOutOfRangeException(nameof(SubsamplingThreshold), SubsamplingThreshold, $"SubsamplingThreshold must be from 0 to 1, not {SubsamplingThreshold}.");
        if (!Enum.IsDefined(Weighting))
            throw new ArgumentOutOfRangeException(nameof(Weighting), Weighting, $"Weighting {Weighting} is not defined.");
    }
}
