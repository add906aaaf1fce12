using MathNet.Numerics.LinearAlgebra;

namespace SpectralInit;

/// <summary>Eigenvalues, descending, and orthonormal eigenvectors of a symmetric matrix.</summary>
/// <remarks>Sign rule, version 1: in every vector the entry of largest magnitude is positive; on ties the first decides.</remarks>
public sealed class EigenPairs
{
    private readonly Lazy<double[]> _residuals = new([]);

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

    /// <summary>‖A·v − λ·v‖₂ of every pair, measured on these vectors, in the units of the matrix; empty where they were not asked for.</summary>
    /// <remarks>
    /// Where that is much of a direct solver's work it is done when first read: 2kd² operations, on a copy of the matrix that is kept until then.
    /// </remarks>
    public double[] Residuals
    {
        get => _residuals.Value;
        internal init => _residuals = new(value);
    }

    /// <summary>Measures <see cref="Residuals"/> when they are first read.</summary>
    internal Lazy<double[]> ResidualsOnDemand
    {
        get => _residuals;
        init => _residuals = value;
    }

    /// <summary>The algorithm that found the pairs.</summary>
    public EigenMethod Method { get; internal init; }

    /// <summary>Why this method was chosen, or what went differently than planned; empty where there was no choice.</summary>
    public string MethodReason { get; internal init; } = "";

    /// <summary>True unless an iterative method reached its limit before every residual met the tolerance; see <see cref="Residuals"/>.</summary>
    public bool Converged { get; internal init; } = true;

    /// <summary>Matrix-vector products taken by an iterative method; 0 for a direct one.</summary>
    public long Products { get; internal init; }

    /// <summary>Iterations taken: QL sweeps in all, the most that one root of a secular equation needed, or block steps of a Krylov method.</summary>
    public int Iterations { get; internal init; }

    /// <summary>How often a step did not converge and a more robust one took over; 0 as a rule.</summary>
    public int Fallbacks { get; internal init; }

    /// <summary>How many, of what size, and by which method.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Count} eigenpairs of dimension {Dimension}, by {Method}, {Values.FirstOrDefault():G6} … {Values.LastOrDefault():G6}{(Converged ? "" : ", not converged")}");

    /// <summary>Eigenvector i, d values.</summary>
    /// <param name="i">0 … <see cref="Count"/>−1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no pair <paramref name="i"/>.</exception>
    public ReadOnlySpan<double> Vector(int i)
    {
        IndexError.Check(i, Count, "eigenvector", Count < Dimension ? "ask for more where the pairs are computed, by the count or by Components" : $"dimension {Dimension} has no more");
        return Vectors.AsSpan(i * Dimension, Dimension);
    }

    /// <summary>
    /// The eigenvectors as the columns of a MathNet d×k matrix. It shares memory with <see cref="Vectors"/>: k×d row-major and d×k
    /// column-major are the same array.
    /// </summary>
    public Matrix<double> VectorMatrix() => Matrix<double>.Build.Dense(Dimension, Count, Vectors);

    /// <summary>The same pairs, with the reason for the method.</summary>
    internal EigenPairs With(string methodReason) => new(Dimension, Values, Vectors)
    {
        ResidualsOnDemand = _residuals,
        Method = Method,
        MethodReason = methodReason,
        Converged = Converged,
        Products = Products,
        Iterations = Iterations,
        Fallbacks = Fallbacks,
    };
}
