namespace SpectralInit;

/// <summary>How a <see cref="RidgeReadout"/> is fitted.</summary>
public sealed class RidgeReadoutOptions
{
    /// <summary>The ridges tried, relative to the mean eigenvalue of the features' scatter; all &gt; 0. Null (default) for 10⁻⁶ … 10³ in steps of √10.</summary>
    public IReadOnlyList<double>? Ridges { get; init; }

    /// <summary>Most doubles of features kept in memory; a source that needs more is read three times instead. Default 2²⁵ (256 MB).</summary>
    public long MemoryLimit { get; init; } = 1L << 25;

    internal double[] CheckedRidges()
    {
        double[] ridges = Ridges is null ? [.. Enumerable.Range(-12, 19).Select(i => Math.Pow(10, 0.5 * i))] : [.. Ridges];
        if (ridges.Length == 0 || !ridges.All(ridge => ridge > 0 && double.IsFinite(ridge)))
            throw new ArgumentException("Give at least one ridge; every ridge must be positive and finite.", nameof(Ridges));
        return ridges;
    }
}
