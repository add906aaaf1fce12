namespace SpectralInit;

/// <summary>How directions are clustered.</summary>
public sealed class SphericalKMeansOptions
{
    /// <summary>Clusters, ≥ 1, at most the rows sampled. Default: 64.</summary>
    public int Clusters { get; init; } = 64;

    /// <summary>Most rows used; of a longer source a uniform sample of this size is drawn in one pass. Default: 50,000.</summary>
    public int SampleRows { get; init; } = 50_000;

    /// <summary>Rounds at most; clustering stops earlier when no row changes its cluster. Default: 100.</summary>
    public int MaxIterations { get; init; } = 100;

    /// <summary>
    /// ε of the zero-phase whitening before clustering, relative to the mean variance of a feature; 0 for none. Default: 0.1
    /// (Coates and Ng, "Learning feature representations with k-means", 2012, §3, whose 0.1 is for patches of unit contrast).
    /// </summary>
    public double WhiteningRegularization { get; init; } = 0.1;

    /// <summary>False clusters the rows as they are, without whitening. Default: true.</summary>
    public bool Whiten { get; init; } = true;

    /// <summary>Seed of the sample and of the first centroids. Default: 0.</summary>
    public ulong Seed { get; init; }

    internal void Check()
    {
        if (Clusters < 1)
            throw new ArgumentOutOfRangeException(nameof(Clusters), Clusters, $"Clusters must be at least 1, not {Clusters}.");
        if (SampleRows < Clusters)
            throw new ArgumentOutOfRangeException(nameof(SampleRows), SampleRows, $"SampleRows must be at least the {Clusters} clusters, not {SampleRows}.");
        if (MaxIterations < 1)
            throw new ArgumentOutOfRangeException(nameof(MaxIterations), MaxIterations, $"MaxIterations must be at least 1, not {MaxIterations}.");
        if (!(WhiteningRegularization >= 0 && double.IsFinite(WhiteningRegularization)))
            throw new ArgumentOutOfRangeException(nameof(WhiteningRegularization), WhiteningRegularization, $"WhiteningRegularization must be a number ≥ 0, not {WhiteningRegularization}.");
    }
}
