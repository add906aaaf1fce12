using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace SpectralInit;

/// <summary>
/// Power iteration x ← A·x/‖A·x‖ on any square matrix (von Mises and Pollaczek-Geiringer 1929), with its trajectory and an honest verdict.
/// </summary>
/// <remarks>
/// The quotients ‖Aᵗ⁺¹x‖/‖Aᵗx‖ settle on the spectral radius when one real eigenvalue dominates. For a complex pair they oscillate for ever, for ±ρ they alternate,
/// for defective eigenvalues they approach ρ like 1/t: each case is recognised and said. When nothing settles, the result carries the radius from
/// <see cref="SpectralRadius"/> instead of a guess.
/// </remarks>
public static class PowerIteration
{
    /// <summary>Runs on a dense matrix.</summary>
    /// <param name="matrix">n×n values, row-major, finite.</param>
    /// <param name="dimension">n ≥ 0.</param>
    /// <param name="options">Steps, tolerance, start; defaults when null.</param>
    /// <param name="progress">Told the steps done ("power"), and of the radius as <see cref="SpectralRadius"/> tells where nothing settled.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <exception cref="ArgumentException"><paramref name="matrix"/> is not n×n or holds NaN or infinity, the start vector does not fit, or the iteration exceeds the largest double.</exception>
    public static PowerIterationResult Run(ReadOnlySpan<double> matrix, int dimension, PowerIterationOptions? options = null, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        DenseArgument.CheckSquare(matrix, dimension);
        double[] scaled = matrix.ToArray();
        int exponent = 0;
        double largest = dimension == 0 ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude(matrix));
        if (largest is > 1e100 or (> 0 and < 1e-100))
        {
            exponent = Math.ILogB(largest);
            foreach (ref double entry in scaled.AsSpan())
                entry = Math.ScaleB(entry, -exponent);
        }

        SpectralRadiusResult Radius() => SpectralRadius.Of(scaled, dimension, null, progress, cancellationToken).ScaledBy(exponent);
        return new PowerTrajectory(new RangedOperator(new DenseOperator(scaled, dimension, dimension)), options ?? PowerIterationOptions.Default, exponent, Radius, progress, cancellationToken).Run();
    }

    /// <inheritdoc cref="Run(ReadOnlySpan{double}, int, PowerIterationOptions?, IProgress{SolverProgress}, CancellationToken)"/>
    public static PowerIterationResult Run(ReadOnlySpan<float> matrix, int dimension, PowerIterationOptions? options = null, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Run(DenseArgument.Widen(matrix), dimension, options, progress, cancellationToken);

    /// <summary>Runs on a MathNet matrix.</summary>
    /// <param name="matrix">A square, finite matrix.</param>
    /// <param name="options">Steps, tolerance, start; defaults when null.</param>
    /// <param name="progress">Told the steps done ("power"), and of the radius as <see cref="SpectralRadius"/> tells where nothing settled.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <exception cref="ArgumentException"><paramref name="matrix"/> is not square or holds NaN or infinity, the start vector does not fit, or the iteration exceeds the largest double.</exception>
    public static PowerIterationResult Run(Matrix<double> matrix, PowerIterationOptions? options = null, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        DenseArgument.CheckSquare(matrix);
        return Run(matrix.ToRowMajorArray(), matrix.RowCount, options, progress, cancellationToken);
    }

    /// <inheritdoc cref="Run(Matrix{double}, PowerIterationOptions?, IProgress{SolverProgress}, CancellationToken)"/>
    public static PowerIterationResult Run(Matrix<float> matrix, PowerIterationOptions? options = null, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        DenseArgument.CheckSquare(matrix);
        return Run(matrix.ToRowMajorArray(), matrix.RowCount, options, progress, cancellationToken);
    }

    /// <summary>Runs on a square operator.</summary>
    /// <param name="matrix">A square operator.</param>
    /// <param name="options">Steps, tolerance, start; defaults when null.</param>
    /// <param name="progress">Told the steps done ("power"), and of the radius as <see cref="SpectralRadius"/> tells where nothing settled.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <exception cref="ArgumentException"><paramref name="matrix"/> is not square, a product is not finite, the start vector does not fit, or the iteration exceeds the largest double.</exception>
    public static PowerIterationResult Run(ILinearOperator matrix, PowerIterationOptions? options = null, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (matrix.Rows != matrix.Columns)
            throw new ArgumentException($"A {matrix.Rows}×{matrix.Columns} matrix has no eigenvalues; pass a square one, or take SpectralNorm.", nameof(matrix));
        RangedOperator ranged = new(matrix);
        SpectralRadiusResult Radius() => SpectralRadius.Of(ranged, null, progress, cancellationToken).ScaledBy(ranged.Exponent);
        return new PowerTrajectory(ranged, options ?? PowerIterationOptions.Default, 0, Radius, progress, cancellationToken).Run();
    }
}
