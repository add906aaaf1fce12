namespace SpectralInit;

/// <summary>A dense or convolution layer trained as a product of two thin matrices, started where the full layer would start.</summary>
/// <remarks>
/// Spectral initialization of factorized layers (Khodak, Tenenholtz, Mackey and Fusi, "Initialization and regularization of factorized neural
/// layers", ICLR 2021, §3.1): draw the full matrix W, keep its r leading singular triples, B = U·√Σ and A = √Σ·Vᵀ.
/// The triples are found as <see cref="Pissa"/> finds them.
/// </remarks>
public static class FactorizedLayer
{
    /// <summary>
    /// Factors of a freshly drawn layer. A convolution is reshaped as in the paper, (outputs·k₁) × (inputs·k₂…), so that the first factor is a
    /// k₁ × 1 and the second a 1 × k₂ convolution; other shapes are flattened to <see cref="WeightShape.Rows"/> × <see cref="WeightShape.Columns"/>.
    /// </summary>
    /// <param name="initializer">Draws the full layer.</param>
    /// <param name="shape">The full layer; no groups.</param>
    /// <param name="rank">r ≥ 1; where it exceeds the smaller side the factors are padded with zeros.</param>
    /// <param name="seed">The seed of the draw.</param>
    /// <param name="progress">Told the share of the decomposition done, 0 … 1.</param>
    /// <param name="cancellationToken">Stops the decomposition between its steps.</param>
    /// <exception cref="ArgumentException">The shape is empty or grouped.</exception>
    public static LowRankFactors Create(IWeightInitializer initializer, WeightShape shape, int rank, ulong seed, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(initializer);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        if (shape.Count == 0)
            throw new ArgumentException($"An empty layer has no factors: {shape}.", nameof(shape));
        if (shape.Groups > 1)
            throw new ArgumentException($"Factor each of the {shape.Groups} groups as a layer of its own: {shape}.", nameof(shape));

        double[] weights = initializer.Create<double>(shape.With(WeightLayout.OutputsFirst), seed);
        (int rows, int columns) = (shape.Rows, shape.Columns);
        if (shape.Kind == WeightKind.Convolution && shape.Kernel.Length > 1)
        {
            int taps = shape.Kernel[0], rest = shape.KernelSize / taps;
            weights = SplitKernel(weights, shape.Outputs, shape.Inputs, taps, rest);
            (rows, columns) = (shape.Outputs * taps, shape.Inputs * rest);
        }

        if ((long)rank * Math.Max(rows, columns) > Array.MaxLength)
            throw new ArgumentOutOfRangeException(nameof(rank), rank, $"Factors of rank {rank} exceed an array; beyond {Math.Min(rows, columns)}, the rank of the layer, they hold zeros.");
        return LowRankFactors.Balanced(weights, LeadingTriples.Of(weights, rows, columns, rank, progress, cancellationToken), 0, rank, 1);
    }

    // [out, in, k₁, k₂…] to [(out, k₁), (in, k₂…)].
    private static double[] SplitKernel(double[] weights, int outputs, int inputs, int taps, int rest)
    {
        double[] matrix = new double[weights.Length];
        for (int index = 0; index < weights.Length; index += rest)
        {
            int tap = index / rest % taps, input = index / rest / taps % inputs, output = index / rest / taps / inputs;
            weights.AsSpan(index, rest).CopyTo(matrix.AsSpan((((((output * taps) + tap) * inputs) + input) * rest)));
        }

        return matrix;
    }
}
