using System.Numerics;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>
/// Normal weights of which, in every column of the flattened matrix, ⌈sparsity · rows⌉ are 0: for every input of a dense layer that share of its outputs (Martens, "Deep learning via
/// Hessian-free optimization", ICML 2010, §5; PyTorch's sparse_). In a recurrent or packed tensor each gate or part is thinned on its own, in a convolution all groups together.
/// </summary>
/// <remarks>Weights are drawn in storage order; the zeros are placed by the matrix, so both layouts have them in the same places.</remarks>
public sealed class SparseInitializer : IWeightInitializer
{
    private const ulong PlacementStream = 1;

    /// <summary>Sparse weights.</summary>
    /// <param name="sparsity">Share of zeros per column, in [0, 1].</param>
    /// <param name="standardDeviation">Deviation of the others; finite, ≥ 0, 0.01 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public SparseInitializer(double sparsity, double standardDeviation = 0.01)
    {
        if (!(sparsity >= 0 && sparsity <= 1))
            throw new ArgumentOutOfRangeException(nameof(sparsity), sparsity, "Choose a share between 0 and 1.");
        Sparsity = sparsity;
        StandardDeviation = ParameterGuard.FiniteNonNegative(standardDeviation);
    }

    /// <summary>Share of zeros per column.</summary>
    public double Sparsity { get; }

    /// <summary>Deviation of the weights that are not 0.</summary>
    public double StandardDeviation { get; }

    /// <inheritdoc/>
    public void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightGuard.Check<T>(weights, shape);
        RandomFill.Normal(weights, 0, StandardDeviation, seed);
        if (weights.IsEmpty)
            return;

        // For each column of each block, the first zeros of a random order of its rows (Fisher and Yates, stopped early).
        int rows = shape.Rows / shape.Blocks, zeros = (int)Math.Ceiling(Sparsity * rows);
        double[] draws = new double[zeros];
        int[] order = new int[rows];
        for (int block = 0; block < shape.Blocks; block++)
        {
            for (int column = 0; column < shape.Columns; column++)
            {
                long offset = (((long)block * shape.Columns) + column) * rows;
                RandomFill.Uniform<double>(draws, 0, 1, seed, PlacementStream, offset);
                for (int i = 0; i < rows; i++)
                    order[i] = i;
                for (int i = 0; i < zeros; i++)
                {
                    int pick = i + (int)(draws[i] * (rows - i));
                    weights[WeightMatrix.IndexOf(shape, (block * rows) + order[pick], column)] = T.Zero;
                    order[pick] = order[i];
                }
            }
        }
    }
}
