namespace SpectralInit;

/// <summary>
/// Explained-variance adapters: A = the principal components of the activations that feed the layer, B = 0, and a budget of ranks spread over the
/// layers by explained variance (Paischer et al., "One initialization to rule them all: fine-tuning via explained variance adaptation", 2024, §3).
/// </summary>
public static class Eva
{
    /// <summary>
    /// Spreads a budget of layers·rank over the layers: all components of all layers compete by their explained-variance ratio, none gets more than
    /// ⌊rho·rank⌋. A layer may end with rank 0 and then needs no adapter. Ties go to the earlier layer.
    /// </summary>
    /// <param name="activations">One spectrum per layer, each with at least min(⌊rho·rank⌋, its rank) components. Streamed activations make spectra through <see cref="MomentAccumulator"/>.</param>
    /// <param name="rank">Ranks per layer on average, ≥ 1.</param>
    /// <param name="rho">Largest rank as a multiple of <paramref name="rank"/>, ≥ 1. Default: 2.</param>
    /// <returns>One rank per layer. They sum to layers·rank, or less where the layers have fewer components.</returns>
    /// <exception cref="ArgumentException">A parameter is out of range.</exception>
    public static int[] DistributeRanks(IReadOnlyList<DataSpectrum> activations, int rank, double rho = 2)
    {
        ArgumentNullException.ThrowIfNull(activations);
        foreach (DataSpectrum layer in activations)
            ArgumentNullException.ThrowIfNull(layer, nameof(activations));
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        if (!(rho >= 1 && double.IsFinite(rho)))
            throw new ArgumentOutOfRangeException(nameof(rho), rho, "Rho must be at least 1.");

        int cap = (int)Math.Min(int.MaxValue, rho * rank);
        int[] ranks = new int[activations.Count];
        IEnumerable<(int Layer, double Ratio)> candidates = activations.SelectMany((spectrum, layer) =>
            spectrum.Components.Values.Take(Math.Min(cap, spectrum.Rank)).Select(value => (layer, value / spectrum.TotalVariance)));
        foreach ((int layer, _) in candidates.OrderByDescending(candidate => candidate.Ratio).Take((int)Math.Min(int.MaxValue, (long)rank * activations.Count)))
            ranks[layer]++;
        return ranks;
    }

    /// <summary>The adapter of one layer; the layer's function is unchanged because B is zero.</summary>
    /// <param name="weights">W, rows × columns, row-major ([out, in]).</param>
    /// <param name="rows">Outputs, ≥ 1.</param>
    /// <param name="columns">Inputs, ≥ 1.</param>
    /// <param name="rank">r, 1 … the number of components of the spectrum.</param>
    /// <param name="activations">The spectrum of the layer's inputs.</param>
    /// <param name="scale">s = alpha/r of the adapter, positive. Default: 1.</param>
    /// <exception cref="ArgumentException">A length, a value or a parameter is wrong; the activations do not fit the layer.</exception>
    public static LowRankFactors Factor(ReadOnlySpan<double> weights, int rows, int columns, int rank, DataSpectrum activations, double scale = 1)
    {
        ArgumentNullException.ThrowIfNull(activations);
        LowRankGuard.Check(weights, rows, columns, rank, scale);
        if (activations.Dimension != columns)
            throw new ArgumentException($"The activations have {activations.Dimension} features, the layer {columns} inputs.", nameof(activations));
        if (rank > activations.Components.Count)
            throw new ArgumentOutOfRangeException(nameof(rank), rank, $"The spectrum has {activations.Components.Count} components; fit it with at least {rank}.");
        return LowRankFactors.Of(weights, rows, columns, rank, scale, new double[rows * rank], activations.Components.Vectors.AsSpan(0, rank * columns).ToArray());
    }

    /// <inheritdoc cref="Factor(ReadOnlySpan{double}, int, int, int, DataSpectrum, double)"/>
    public static LowRankFactors Factor(double[] weights, int rows, int columns, int rank, DataSpectrum activations, double scale = 1)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return Factor(weights.AsSpan(), rows, columns, rank, activations, scale);
    }
}
