using System.Numerics;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>
/// gain × a random matrix with orthonormal rows (or columns, when there are more rows than columns), Haar-distributed: uniform over all such
/// matrices (Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks", 2014).
/// </summary>
/// <remarks>
/// The matrix is the flattened one, <see cref="WeightShape.Rows"/> × <see cref="WeightShape.Columns"/>, the same in both layouts; each gate, packed part
/// and convolution group is a matrix of its own, because each is a map of its own. PyTorch, Keras and JAX flatten groups and parts together.
/// All singular values of a block equal the gain.
/// </remarks>
public sealed class OrthogonalInitializer : IWeightInitializer
{
    /// <summary>Scaled orthogonal weights.</summary>
    /// <param name="gain">Every singular value; finite, ≥ 0, 1 by default. See <see cref="Gain"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="gain"/> is negative or not finite.</exception>
    public OrthogonalInitializer(double gain = 1) => SingularValue = ParameterGuard.FiniteNonNegative(gain);

    /// <summary>Every singular value.</summary>
    public double SingularValue { get; }

    /// <inheritdoc/>
    public void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightGuard.Check<T>(weights, shape);
        WeightGuard.Rounded<T>(SingularValue);
        if (weights.IsEmpty)
            return;
        if (typeof(T) == typeof(double))
            Fill<T, double>(weights, shape, seed);
        else
            Fill<T, float>(weights, shape, seed);
    }

    private unsafe void Fill<T, TCompute>(Span<T> weights, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TCompute : unmanaged, IBinaryFloatingPointIeee754<TCompute>
    {
        int blocks = shape.Blocks * shape.Groups, rows = shape.Rows / blocks, columns = shape.Columns;
        int tall = Math.Max(rows, columns), thin = Math.Min(rows, columns);
        using Scratch<TCompute> matrix = Scratch.Rent<TCompute>((long)tall * thin), turned = Scratch.Rent<TCompute>(rows < columns ? (long)tall * thin : 0);
        for (int block = 0; block < blocks; block++)
        {
            HaarMatrix.Fill(matrix.Pointer, tall, thin, TCompute.CreateTruncating(SingularValue), seed, (ulong)block);
            TCompute* values = matrix.Pointer;
            if (rows < columns)
            {
                HaarMatrix.Transpose(matrix.Pointer, tall, thin, turned.Pointer);
                values = turned.Pointer;
            }

            WeightMatrix.WriteRows(block * rows, new ReadOnlySpan<TCompute>(values, rows * columns), shape, weights);
        }
    }
}
