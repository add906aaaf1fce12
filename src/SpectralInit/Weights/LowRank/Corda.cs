using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>
/// A context-oriented adapter: the singular triples of W·C, C = E[x·xᵀ] of the activations that feed the layer, with the right vectors mapped back
/// by C⁻¹ (Yang et al., "CorDA: context-oriented decomposition adaptation of large language models", NeurIPS 2024, §3).
/// </summary>
/// <remarks>Leading triples are found as <see cref="Pissa"/> finds them, the last ones by <see cref="SingularValueDecomposition"/>.</remarks>
public static class Corda
{
    private const double InverseTolerance = 0.05;
    private const double FirstDamping = 0.01;
    private const int MaximumDoublings = 60;

    /// <summary>
    /// Factors trained weights. C is damped by δ·mean(diag C)·I with δ = 0.01, doubled until ‖C·C⁻¹ − I‖ &lt; 0.05 (Frobenius), as the authors' code does,
    /// but capped. A common factor of all activations moves between A and B and leaves B·A as it is.
    /// </summary>
    /// <param name="weights">W, rows × columns, row-major ([out, in]).</param>
    /// <param name="rows">Outputs, ≥ 1.</param>
    /// <param name="columns">Inputs, ≥ 1.</param>
    /// <param name="rank">r, 1 … min(rows, columns).</param>
    /// <param name="activations">Moments of the layer's inputs over the sampled text; <paramref name="columns"/> features, not all zero.</param>
    /// <param name="mode">Leading components (default) or last ones.</param>
    /// <param name="scale">s = alpha/r of the adapter, positive. Default: 1.</param>
    /// <param name="progress">Told the share of the decomposition done, 0 … 1.</param>
    /// <param name="cancellationToken">Stops the decomposition between its steps.</param>
    /// <exception cref="ArgumentException">A length, a value or a parameter is wrong; the activations do not fit the layer or are all zero.</exception>
    public static unsafe LowRankFactors Factor(ReadOnlySpan<double> weights, int rows, int columns, int rank, MomentAccumulator activations, CordaMode mode = CordaMode.InstructionPreviewed, double scale = 1, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        LowRankGuard.Check(weights, rows, columns, rank, scale);
        ArgumentNullException.ThrowIfNull(activations);
        if (!Enum.IsDefined(mode))
            throw new ArgumentOutOfRangeException(nameof(mode), mode, "Choose InstructionPreviewed or KnowledgePreserved.");
        if (activations.Columns != columns)
            throw new ArgumentException($"The activations have {activations.Columns} features, the layer {columns} inputs.", nameof(activations));

        double[] second = SecondMoment(activations);
        if (Damp(second, columns, cancellationToken) is not var (damped, factor))
            throw new ArgumentException("The second moment of the activations cannot be inverted even with damping; sample more varied text.", nameof(activations));
        double[] oriented = new double[rows * columns];
        fixed (double* pw = weights, pc = damped, po = oriented)
            MatrixProduct.Multiply(false, false, rows, columns, columns, 1.0, pw, columns, pc, columns, 0.0, po, columns);
        bool leading = mode == CordaMode.InstructionPreviewed;
        SingularTriples svd = leading ? LeadingTriples.Of(oriented, rows, columns, rank, progress, cancellationToken) : SingularValueDecomposition.Decompose(oriented, rows, columns, progress, cancellationToken);
        int first = leading ? 0 : svd.Count - rank;
        LowRankFactors factors = LowRankFactors.Balanced(weights, svd, first, rank, scale);

        // A·C⁻¹ = (C⁻¹·Aᵀ)ᵀ because C is symmetric.
        double[] transposed = Transposition.Of(factors.Down, rank, columns);
        fixed (double* pf = factor, pt = transposed)
            Cholesky.Solve(pf, columns, columns, pt, rank, rank);
        return LowRankFactors.Of(weights, rows, columns, rank, scale, factors.Up, Transposition.Of(transposed, columns, rank));
    }

    /// <inheritdoc cref="Factor(ReadOnlySpan{double}, int, int, int, MomentAccumulator, CordaMode, double, IProgress{double}, CancellationToken)"/>
    public static LowRankFactors Factor(double[] weights, int rows, int columns, int rank, MomentAccumulator activations, CordaMode mode = CordaMode.InstructionPreviewed, double scale = 1, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return Factor(weights.AsSpan(), rows, columns, rank, activations, mode, scale, progress, cancellationToken);
    }

    private static double[] SecondMoment(MomentAccumulator activations)
    {
        if (activations.Count == 0)
            throw new ArgumentException("No activations were seen: run sampled text through the layer first.", nameof(activations));

        // A copy of the caller's moments already, so E[x·xᵀ] takes its place.
        CovarianceEstimate covariance = activations.ToCovariance(CovarianceNormalization.MaximumLikelihood, last: false, nameof(activations));
        int d = covariance.Dimension;
        double[] second = covariance.Values;
        for (int i = 0; i < d; i++)
            TensorPrimitives.MultiplyAdd(covariance.Mean, covariance.Mean[i], second.AsSpan(i * d, d), second.AsSpan(i * d, d));
        if (Enumerable.Range(0, d).All(i => second[(i * d) + i] == 0))
            throw new ArgumentException("All activations are zero: they orient nothing. Sample text that reaches this layer.", nameof(activations));
        return second;
    }

    private static unsafe (double[] Damped, double[] Factor)? Damp(double[] second, int d, CancellationToken cancellationToken)
    {
        double mean = 0;
        for (int i = 0; i < d; i++)
            mean += second[(i * d) + i] / d;

        double damping = FirstDamping;
        for (int doubling = 0; doubling < MaximumDoublings; doubling++, damping *= 2)
        {
            cancellationToken.ThrowIfCancellationRequested();
            double[] damped = [.. second];
            for (int i = 0; i < d; i++)
                damped[(i * d) + i] += damping * mean;
            double[] factor = [.. damped];
            double[] inverse = new double[d * d];
            double[] check = new double[d * d];
            for (int i = 0; i < d; i++)
                inverse[(i * d) + i] = 1;
            fixed (double* pc = damped, pf = factor, pi = inverse, pe = check)
            {
                if (!Cholesky.Factor(pf, d, d))
                    continue;
                Cholesky.Solve(pf, d, d, pi, d, d);
                MatrixProduct.Multiply(false, false, d, d, d, 1.0, pc, d, pi, d, 0.0, pe, d);
            }

            for (int i = 0; i < d; i++)
                check[(i * d) + i] -= 1;
            if (TensorPrimitives.Norm<double>(check) < InverseTolerance)
                return (damped, factor);
        }

        return null;
    }
}
