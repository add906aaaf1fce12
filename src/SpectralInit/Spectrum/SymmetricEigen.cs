using MathNet.Numerics.LinearAlgebra;

namespace SpectralInit;

/// <summary>
/// Eigendecomposition A = V·Λ·Vᵀ of dense symmetric matrices: Householder tridiagonalisation, then implicit QL or divide and conquer,
/// then the reflectors applied to the vectors. Backward stable: ‖A − VΛVᵀ‖ and ‖I − VVᵀ‖ are a small multiple of n·2⁻⁵²·‖A‖.
/// </summary>
/// <remarks>
/// The matrix is scaled by a power of two first, so entries of 1e±200 are no special case. An asymmetry |a_ij − a_ji| up to
/// 1e-10·max|a| (1e-5·max|a| for single precision) counts as rounding and (A + Aᵀ)/2 is decomposed; more is refused. The bits of the
/// result do not depend on the number of threads.
/// </remarks>
public static partial class SymmetricEigen
{
    private const double Tolerance = 1e-10;
    private const double SingleTolerance = 1e-5;

    /// <summary>All or the leading eigenpairs of a dense symmetric matrix.</summary>
    /// <param name="matrix">n×n values, row-major, symmetric, finite; not changed.</param>
    /// <param name="dimension">n ≥ 0.</param>
    /// <param name="count">How many leading pairs (largest eigenvalues first), 0 … n; null for all.</param>
    /// <param name="progress">Told the share done, 0 … 1.</param>
    /// <param name="cancellationToken">Stops between stages and panels.</param>
    /// <exception cref="ArgumentException">Wrong length, an entry is not finite, the matrix is not symmetric, or an eigenvalue exceeds the range of double.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dimension"/> or <paramref name="count"/> is out of range.</exception>
    public static EigenPairs Decompose(ReadOnlySpan<double> matrix, int dimension, int? count = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        CheckLength(matrix, dimension);
        return Decompose(matrix, dimension, CheckCount(count, dimension), Tolerance, progress, cancellationToken);
    }

    /// <summary>All or the leading eigenpairs of a symmetric MathNet matrix.</summary>
    /// <param name="matrix">A square symmetric matrix; not changed.</param>
    /// <param name="count">How many leading pairs, 0 … n; null for all.</param>
    /// <param name="progress">Told the share done, 0 … 1.</param>
    /// <param name="cancellationToken">Stops between stages and panels.</param>
    /// <exception cref="ArgumentNullException"><paramref name="matrix"/> is null.</exception>
    /// <exception cref="ArgumentException">The matrix is not square, not finite or not symmetric.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is out of range.</exception>
    public static EigenPairs Decompose(Matrix<double> matrix, int? count = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        int n = CheckSquare(matrix);
        return Decompose(matrix.AsColumnMajorArray() ?? matrix.ToColumnMajorArray(), n, CheckCount(count, n), Tolerance, progress, cancellationToken);
    }

    /// <summary>All or the leading eigenpairs of a symmetric single-precision MathNet matrix, computed in double.</summary>
    /// <inheritdoc cref="Decompose(Matrix{double}, int?, IProgress{double}, CancellationToken)"/>
    public static EigenPairs Decompose(Matrix<float> matrix, int? count = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        int n = CheckSquare(matrix);
        return Decompose(ToDouble(matrix), n, CheckCount(count, n), SingleTolerance, progress, cancellationToken);
    }

    /// <summary>All eigenvalues, descending, without vectors: for less than half the time of all pairs, and less memory.</summary>
    /// <param name="matrix">n×n values, row-major, symmetric, finite; not changed.</param>
    /// <param name="dimension">n ≥ 0.</param>
    /// <param name="progress">Told the share done, 0 … 1.</param>
    /// <param name="cancellationToken">Stops between stages and panels.</param>
    /// <exception cref="ArgumentException">Wrong length, an entry is not finite, the matrix is not symmetric, or an eigenvalue exceeds the range of double.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dimension"/> is negative.</exception>
    public static double[] Values(ReadOnlySpan<double> matrix, int dimension, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        CheckLength(matrix, dimension);
        return DenseEigenSolver.Values(matrix, dimension, Tolerance, progress, cancellationToken: cancellationToken);
    }

    /// <summary>All eigenvalues of a symmetric MathNet matrix, descending.</summary>
    /// <param name="matrix">A square symmetric matrix; not changed.</param>
    /// <param name="progress">Told the share done, 0 … 1.</param>
    /// <param name="cancellationToken">Stops between stages and panels.</param>
    /// <exception cref="ArgumentNullException"><paramref name="matrix"/> is null.</exception>
    /// <exception cref="ArgumentException">The matrix is not square, not finite or not symmetric.</exception>
    public static double[] Values(Matrix<double> matrix, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        int n = CheckSquare(matrix);
        return DenseEigenSolver.Values(matrix.AsColumnMajorArray() ?? matrix.ToColumnMajorArray(), n, Tolerance, progress, cancellationToken: cancellationToken);
    }

    /// <summary>All eigenvalues of a symmetric single-precision MathNet matrix, descending, computed in double.</summary>
    /// <inheritdoc cref="Values(Matrix{double}, IProgress{double}, CancellationToken)"/>
    public static double[] Values(Matrix<float> matrix, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        int n = CheckSquare(matrix);
        return DenseEigenSolver.Values(ToDouble(matrix), n, SingleTolerance, progress, cancellationToken: cancellationToken);
    }

    private static EigenPairs Decompose(ReadOnlySpan<double> matrix, int dimension, int count, double tolerance, IProgress<double>? progress, CancellationToken cancellationToken)
        => DenseEigenSolver.Decompose(matrix, dimension, count, tolerance, progress, cancellationToken: cancellationToken);

    private static double[] ToDouble(Matrix<float> matrix)
        => Array.ConvertAll(matrix.AsColumnMajorArray() ?? matrix.ToColumnMajorArray(), static value => (double)value);

    private static void CheckLength(ReadOnlySpan<double> matrix, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(dimension);
        if (matrix.Length != (long)dimension * dimension)
            throw new ArgumentException($"{matrix.Length} values are not a {dimension}×{dimension} matrix.", nameof(matrix));
    }

    private static int CheckSquare<T>(Matrix<T> matrix)
        where T : struct, IEquatable<T>, IFormattable
        => matrix.RowCount == matrix.ColumnCount
            ? matrix.RowCount
            : throw new ArgumentException($"The matrix is {matrix.RowCount}×{matrix.ColumnCount}; it must be square.", nameof(matrix));

    private static int CheckCount(int? count, int dimension)
    {
        int k = count ?? dimension;
        return k >= 0 && k <= dimension ? k : throw new ArgumentOutOfRangeException(nameof(count), k, $"A {dimension}×{dimension} matrix has {dimension} eigenpairs; ask for 0 to {dimension}.");
    }
}
