namespace SpectralInit;

/// <summary>Eigenvalues, descending, and orthonormal eigenvectors of a symmetric matrix.</summary>
/// <remarks>Sign rule, version 1: in every vector the entry of largest magnitude is positive; on ties the first decides.</remarks>
public sealed class EigenPairs
{
    internal EigenPairs(int dimension, double[] values, double[] vectors)
    {
        Dimension = dimension;
        Values = values;
        Vectors = vectors;
    }

    /// <summary>Dimension d of the matrix.</summary>
    public int Dimension { get; }

    /// <summary>Number of pairs k ≤ d.</summary>
    public int Count => Values.Length;

    /// <summary>Eigenvalues, descending, k values.</summary>
    public double[] Values { get; }

    /// <summary>Eigenvectors as the <em>rows</em> of a k×d row-major matrix: row i belongs to <see cref="Values"/>[i].</summary>
    public double[] Vectors { get; }

    /// <summary>Eigenvector i, d values.</summary>
    /// <param name="i">0 … <see cref="Count"/>−1.</param>
    public ReadOnlySpan<double> Vector(int i) => Vectors.AsSpan(checked(i * Dimension), Dimension);
}
