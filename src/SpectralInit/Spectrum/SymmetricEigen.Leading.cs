using MathNet.Numerics.LinearAlgebra;

namespace SpectralInit;

public static partial class SymmetricEigen
{
    /// <summary>
    /// The leading eigenpairs (largest eigenvalues) of a dense symmetric matrix: by block Krylov where that pays, else by the direct solver.
    /// Every residual on the result is measured on the vectors returned.
    /// </summary>
    /// <param name="matrix">n×n values, row-major, symmetric, finite; not changed.</param>
    /// <param name="dimension">n ≥ 0.</param>
    /// <param name="count">How many pairs, 0 … n.</param>
    /// <param name="options">Tolerance, solver, limits; defaults when null.</param>
    /// <param name="progress">Told how many pairs have converged ("Krylov"), or the percent done ("direct").</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <exception cref="ArgumentException">Wrong length, an entry is not finite, the matrix is not symmetric, or an eigenvalue exceeds the range of double.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static EigenPairs Leading(ReadOnlySpan<double> matrix, int dimension, int count, LeadingEigenOptions? options = null, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        CheckLength(matrix, dimension);
        return LeadingEigenSolver.Solve(matrix, dimension, CheckCount(count, dimension), Tolerance, options ?? new(), progress, cancellationToken);
    }

    /// <summary>The leading eigenpairs of a symmetric MathNet matrix.</summary>
    /// <param name="matrix">A square symmetric matrix; not changed.</param>
    /// <param name="count">How many pairs, 0 … n.</param>
    /// <param name="options">Tolerance, solver, limits; defaults when null.</param>
    /// <param name="progress">Told how many pairs have converged ("Krylov"), or the percent done ("direct").</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <exception cref="ArgumentNullException"><paramref name="matrix"/> is null.</exception>
    /// <exception cref="ArgumentException">The matrix is not square, not finite or not symmetric.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static EigenPairs Leading(Matrix<double> matrix, int count, LeadingEigenOptions? options = null, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        int n = CheckSquare(matrix);
        double[] values = matrix.AsColumnMajorArray() ?? matrix.ToColumnMajorArray();
        return LeadingEigenSolver.Solve(values, n, CheckCount(count, n), Tolerance, options ?? new(), progress, cancellationToken);
    }

    /// <summary>The leading eigenpairs of a symmetric single-precision MathNet matrix, computed in double.</summary>
    /// <inheritdoc cref="Leading(Matrix{double}, int, LeadingEigenOptions?, IProgress{SolverProgress}, CancellationToken)"/>
    public static EigenPairs Leading(Matrix<float> matrix, int count, LeadingEigenOptions? options = null, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        int n = CheckSquare(matrix);
        return LeadingEigenSolver.Solve(ToDouble(matrix), n, CheckCount(count, n), SingleTolerance, options ?? new(), progress, cancellationToken);
    }

    /// <summary>The leading eigenpairs of a symmetric operator. Its symmetry is taken on trust.</summary>
    /// <param name="symmetric">A square operator with A = Aᵀ.</param>
    /// <param name="count">How many pairs, 0 … n.</param>
    /// <param name="options">Tolerance, solver, limits; defaults when null.</param>
    /// <param name="progress">Told how many pairs have converged ("Krylov"), or the percent done ("direct").</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>The pairs; look at <see cref="EigenPairs.Converged"/> when the number of products is limited.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="symmetric"/> is null.</exception>
    /// <exception cref="ArgumentException">The operator is not square, returned a value that is not finite, has an eigenvalue beyond the largest double, or must be written out and does not fit an array.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static EigenPairs Leading(ILinearOperator symmetric, int count, LeadingEigenOptions? options = null, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(symmetric);
        if (symmetric.Rows != symmetric.Columns)
            throw new ArgumentException($"The operator is {symmetric.Rows}×{symmetric.Columns}; it must be square.", nameof(symmetric));
        return LeadingEigenSolver.Solve(symmetric, CheckCount(count, symmetric.Rows), options ?? new(), progress, cancellationToken);
    }
}
