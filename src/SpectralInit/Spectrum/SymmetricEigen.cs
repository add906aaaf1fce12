using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace SpectralInit;

/// <summary>Eigendecomposition A = V·Λ·Vᵀ of symmetric matrices.</summary>
public static class SymmetricEigen
{
    /// <summary>All or the leading eigenpairs of a dense symmetric matrix.</summary>
    /// <param name="matrix">n×n values, row-major, symmetric.</param>
    /// <param name="dimension">n ≥ 0.</param>
    /// <param name="count">How many leading pairs, 1 … n; null for all.</param>
    public static EigenPairs Decompose(ReadOnlySpan<double> matrix, int dimension, int? count = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(dimension);
        if (matrix.Length != (long)dimension * dimension)
            throw new ArgumentException($"{matrix.Length} values are not a {dimension}×{dimension} matrix.", nameof(matrix));
        int k = count ?? dimension;
        ArgumentOutOfRangeException.ThrowIfNegative(k, nameof(count));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, dimension, nameof(count));

        Evd<double> evd = Matrix<double>.Build.Dense(dimension, dimension, matrix.ToArray()).Evd(Symmetricity.Symmetric);
        double[] values = new double[k];
        double[] vectors = new double[k * dimension];
        for (int i = 0; i < k; i++)
        {
            int column = dimension - 1 - i;
            values[i] = evd.EigenValues[column].Real;
            Span<double> vector = vectors.AsSpan(i * dimension, dimension);
            evd.EigenVectors.Column(column).AsArray().CopyTo(vector);
            int largest = 0;
            for (int j = 1; j < dimension; j++)
            {
                if (Math.Abs(vector[j]) > Math.Abs(vector[largest]))
                    largest = j;
            }

            if (vector[largest] < 0)
            {
                foreach (ref double entry in vector)
                    entry = -entry;
            }
        }

        return new EigenPairs(dimension, values, vectors);
    }
}
