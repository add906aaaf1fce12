namespace SpectralInit;

/// <summary>How a <see cref="RidgeReadout"/> is fitted.</summary>
public sealed class RidgeReadoutOptions
{
    /// <summary>The ridges tried, relative to the mean of the nonzero eigenvalues of the features' scatter; all &gt; 0. Null (default) for 10⁻⁶ … 10³ in steps of √10.</summary>
    public IReadOnlyList<double>? Ridges { get; init; }

    /// <summary>Most doubles of features kept in memory; a source that needs more is read three times instead. Default 2²⁵ (256 MB).</summary>
    public long MemoryBudget { get; init; } = 1L << 25;

    /// <summary>
    /// Largest norm of an output's weights times <see cref="RidgeReadout.CalibratedScale"/>, root mean square over the outputs; for values relative to their deviation. Null
    /// (default) for no limit. Gradients reach the layers below through these weights: where they are long, training starts with steps too large. He's rows have norm √2.
    /// </summary>
    /// <remarks>With a limit, classes take the ridge of least leave-one-out cross-entropy at the scale allowed; values the one of least squared error that keeps it.</remarks>
    public double? MaxNorm { get; init; }

    internal double[] CheckedRidges()
    {
        if (MaxNorm is { } norm && !(norm > 0))
            throw new ArgumentOutOfRangeException(nameof(MaxNorm), norm, "The limit must be positive.");
        double[] ridges = Ridges is null ? From(0) : [.. Ridges];
        if (ridges.Length == 0 || !ridges.All(ridge => ridge > 0 && double.IsFinite(ridge)))
            throw new ArgumentException("Give at least one ridge; every ridge must be positive and finite.", nameof(Ridges));
        return ridges;
    }

    /// <summary>The usual ridges, those below <paramref name="least"/> left out.</summary>
    internal static double[] From(double least) => [.. Enumerable.Range(-12, 19).Select(i => Math.Pow(10, 0.5 * i)).Where((ridge, i) => ridge >= least || i == 18)];
}
