using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>The spectral norm of a large float matrix W by block Lanczos on a 16-bit copy W' = W − E, half as many bytes to pass over; certified for W itself.</summary>
/// <remarks>
/// <para>
/// The copy only helps to count. If p + 1 singular values of W exceeded ν + d, with ‖E·x‖ ≤ d on the span of their p + 1 right vectors x, then ‖W'x‖ would exceed ν there, and
/// p + 1 singular values of W' with it (Courant and Fischer). So when at most p do (<see cref="LanczosCertificate"/>), at most p of W exceed ν + d. That span does not depend on how
/// the copy is rounded, which keeps d small: 4e-5·‖W‖₂ for 4096² normal entries (<see cref="QuantizedRows.Distance"/>).
/// </para>
/// <para>
/// One pass over W with the leading Ritz vectors of W' then gives Rayleigh quotients and residuals of W, and Lehmann's bound for W from these: quadratic in d, where taking
/// the norm of W' for that of W would be linear.
/// </para>
/// </remarks>
internal sealed unsafe class QuantizedNorm
{
    private const int Block = BlockLanczos.Block;

    /// <summary>Of the failure probability, what is left for other ways where this one does not serve: either may be wrong.</summary>
    public const double ShareLeft = 1.0 / 64;

    // For the distance, which depends on the root of its logarithm.
    private const double DistanceShare = 1.0 / 64;

    // Largest magnitudes within 2^±20: products must neither overflow nor vanish in float.
    private const float Smallest = 1e-6f, Largest = 1e6f;

    private readonly float* _w;
    private readonly int _rows, _columns;
    private readonly SpectralNormOptions _options;

    private QuantizedNorm(float* w, int rows, int columns, SpectralNormOptions options)
    {
        _w = w;
        (_rows, _columns, _options) = (rows, columns, options);
    }

    /// <summary>The certified norm, or null where the copy is too coarse for that, or W is not finite or of an extreme scale.</summary>
    public static SpectralNormResult? Of(float* w, int rows, int columns, SpectralNormOptions options, int maxSteps, IProgress<SolverProgress>? progress, CancellationToken cancellationToken) =>
        new QuantizedNorm(w, rows, columns, options).Run(maxSteps, progress, cancellationToken);

    private SpectralNormResult? Run(int maxSteps, IProgress<SolverProgress>? progress, CancellationToken cancellationToken)
    {
        using QuantizedRows copy = new(_w, _rows, _columns, Seeds.Derive(_options.Seed, "rounding"));
        if (!(copy.Largest() is >= Smallest and <= Largest))
            return null;
        double distance = copy.Distance(LanczosCertificate.MostCounted + 1, _options.FailureProbability * DistanceShare);
        SpectralNormOptions rest = _options with { FailureProbability = _options.FailureProbability * (1 - DistanceShare - ShareLeft) };
        BlockLanczos lanczos = new(_columns, (v, z, step) => copy.Multiply(v, z, (step & 1) == 1), rest, maxSteps, single: true);
        SpectralNormResult result = lanczos.Run(progress, cancellationToken, distance, Transfer);
        return result.Converged ? result : null;
    }

    // Rayleigh–Ritz for WᵀW on the span of the vectors.
    private SpectralNormResult Transfer(double* vectors, double[] ceilings, int steps)
    {
        RowBlock.Orthonormalize(vectors, _columns);
        using Scratch<double> products = Scratch.Rent<double>((Block + 2) * (long)_columns);
        GramProduct.Multiply<float, float>(_w, _rows, _columns, vectors, products.Pointer, (steps & 1) == 1);
        EigenPairs pairs = SymmetricEigen.Decompose(Products(vectors, products.Pointer), Block);
        double[] residuals = new double[ceilings.Length];
        Span<double> residual = new(products.Pointer + ((nint)Block * _columns), _columns);
        for (int j = 0; j < residuals.Length; j++)
        {
            residual.Clear();
            for (int i = 0; i < Block; i++)
            {
                TensorPrimitives.MultiplyAdd(Row(products.Pointer, i), pairs.Vector(j)[i], residual, residual);
                TensorPrimitives.MultiplyAdd(Row(vectors, i), -pairs.Values[j] * pairs.Vector(j)[i], residual, residual);
            }

            residuals[j] = TensorPrimitives.SumOfSquares<double>(residual);
        }

        double theta = pairs.Values[0], sigma = Math.Sqrt(Math.Max(0, theta));
        SpectralNormResult result = new()
        {
            Value = sigma,
            Upper = Math.Max(sigma, Math.Sqrt(LanczosCertificate.Upper(ceilings, pairs.Values, residuals))),
            Residual = theta > 0 ? Math.Sqrt(residuals[0]) / theta : 0,
            Iterations = steps + 1,
            Method = SpectralNormMethod.Lanczos,
            FailureProbability = _options.FailureProbability,
            Converged = false,
        };
        return result with { Converged = result.RelativeError <= _options.Tolerance };
    }

    // The symmetric part of A·Bᵀ for a block of rows each.
    private double[] Products(double* a, double* b)
    {
        double[] products = new double[Block * Block];
        for (int i = 0; i < Block; i++)
        {
            for (int j = 0; j < Block; j++)
            {
                double half = TensorPrimitives.Dot<double>(Row(a, i), Row(b, j)) / 2;
                products[(i * Block) + j] += half;
                products[(j * Block) + i] += half;
            }
        }

        return products;
    }

    private Span<double> Row(double* rows, int i) => new(rows + ((nint)i * _columns), _columns);
}
