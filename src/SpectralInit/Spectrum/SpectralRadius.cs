using System.Collections.Immutable;
using System.Numerics;
using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace SpectralInit;

/// <summary>The spectral radius ρ(A) = max |λ| of any square matrix: complex pairs, ±λ, defective and nilpotent ones included.</summary>
/// <remarks>
/// The direct method is backward stable: its eigenvalues are those of a matrix within a few roundings of A. What that means for ρ depends on A;
/// <see cref="SpectralRadiusResult.ErrorEstimate"/> says it. Arnoldi certifies that its answer <em>is</em> an eigenvalue: the residual of A itself. That it is the largest no method of
/// products alone can prove; it rests on a block of four random start vectors, on half of the space kept at each restart, and on sixteen Ritz pairs of which none may reach beyond the answer
/// by its residual. Where many eigenvalues crowd at the edge, as in large random matrices, one start vector often misses the largest by a few thousandths.
/// </remarks>
public static class SpectralRadius
{
    private const double Epsilon = 2.220446049250313e-16;

    /// <summary>The spectral radius of a dense matrix.</summary>
    /// <param name="matrix">n×n values, row-major or column-major (the eigenvalues are the same), finite.</param>
    /// <param name="dimension">n ≥ 0; the radius of the empty matrix is 0.</param>
    /// <param name="options">Method and tolerances; defaults when null.</param>
    /// <param name="progress">Told the percent of the direct method done ("direct"), or the products of Arnoldi ("Arnoldi").</param>
    /// <param name="cancellationToken">Stops between the steps of the iterations.</param>
    /// <exception cref="ArgumentException"><paramref name="matrix"/> is not n×n or holds NaN or infinity, or the radius exceeds the largest double.</exception>
    public static SpectralRadiusResult Of(ReadOnlySpan<double> matrix, int dimension, SpectralRadiusOptions? options = null, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        DenseArgument.CheckSquare(matrix, dimension);
        options ??= SpectralRadiusOptions.Default;
        options.Check();
        cancellationToken.ThrowIfCancellationRequested();
        if (options.Method == SpectralRadiusMethod.Direct || (options.Method == SpectralRadiusMethod.Automatic && dimension <= options.DirectLimit))
            return Direct(matrix, dimension, progress, cancellationToken);

        SpectralRadiusResult result = ArnoldiIteration.Run(new DenseOperator(matrix.ToArray(), dimension, dimension), options, progress, cancellationToken);
        return result.Converged || options.Method == SpectralRadiusMethod.Arnoldi ? result : Direct(matrix, dimension, progress, cancellationToken);
    }

    /// <inheritdoc cref="Of(ReadOnlySpan{double}, int, SpectralRadiusOptions?, IProgress{SolverProgress}, CancellationToken)"/>
    public static SpectralRadiusResult Of(ReadOnlySpan<float> matrix, int dimension, SpectralRadiusOptions? options = null, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Of(DenseArgument.Widen(matrix), dimension, options, progress, cancellationToken);

    /// <summary>The spectral radius of a MathNet matrix.</summary>
    /// <param name="matrix">A square, finite matrix.</param>
    /// <param name="options">Method and tolerances; defaults when null.</param>
    /// <param name="progress">Told the percent of the direct method done ("direct"), or the products of Arnoldi ("Arnoldi").</param>
    /// <param name="cancellationToken">Stops between the steps of the iterations.</param>
    /// <exception cref="ArgumentException"><paramref name="matrix"/> is not square or holds NaN or infinity.</exception>
    public static SpectralRadiusResult Of(Matrix<double> matrix, SpectralRadiusOptions? options = null, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        DenseArgument.CheckSquare(matrix);
        return Of(matrix.ToRowMajorArray(), matrix.RowCount, options, progress, cancellationToken);
    }

    /// <inheritdoc cref="Of(Matrix{double}, SpectralRadiusOptions?, IProgress{SolverProgress}, CancellationToken)"/>
    public static SpectralRadiusResult Of(Matrix<float> matrix, SpectralRadiusOptions? options = null, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        DenseArgument.CheckSquare(matrix);
        return Of(matrix.ToRowMajorArray(), matrix.RowCount, options, progress, cancellationToken);
    }

    /// <summary>The spectral radius of a square operator; small ones (n ≤ <see cref="SpectralRadiusOptions.DirectLimit"/>) are written out and solved directly, and so are those of up to 2048 rows on which Arnoldi does not settle. Of larger ones <see cref="SpectralRadiusResult.Converged"/> may be false.</summary>
    /// <param name="matrix">A square operator.</param>
    /// <param name="options">Method and tolerances; defaults when null.</param>
    /// <param name="progress">Told the percent of the direct method done ("direct"), or the products of Arnoldi ("Arnoldi").</param>
    /// <param name="cancellationToken">Stops between the steps of the iterations.</param>
    /// <exception cref="ArgumentException"><paramref name="matrix"/> is not square, a product is not finite, the radius exceeds the largest double, or an operator that must be written out does not fit an array.</exception>
    public static SpectralRadiusResult Of(ILinearOperator matrix, SpectralRadiusOptions? options = null, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (matrix.Rows != matrix.Columns)
            throw new ArgumentException($"A {matrix.Rows}×{matrix.Columns} matrix has no eigenvalues; pass a square one, or take SpectralNorm.", nameof(matrix));
        options ??= SpectralRadiusOptions.Default;
        options.Check();
        int n = matrix.Rows;
        if (options.Method == SpectralRadiusMethod.Direct || (options.Method == SpectralRadiusMethod.Automatic && n <= options.DirectLimit))
            return Direct(DenseArgument.WriteOut(matrix, cancellationToken), n, progress, cancellationToken);

        SpectralRadiusResult result = ArnoldiIteration.Run(matrix, options, progress, cancellationToken);
        return result.Converged || options.Method == SpectralRadiusMethod.Arnoldi || (long)n * n > DenseArgument.MostWrittenOut ? result : Direct(DenseArgument.WriteOut(matrix, cancellationToken), n, progress, cancellationToken);
    }

    internal static SpectralRadiusResult Direct(ReadOnlySpan<double> matrix, int n, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (n == 0)
        {
            return new SpectralRadiusResult
            {
                Value = 0,
                Dominant = [],
                Residual = 0,
                ErrorEstimate = 0,
                Iterations = 0,
                Method = SpectralRadiusMethod.Direct,
                Converged = true,
            };
        }

        DirectProgress? percent = DirectProgress.Of(progress);
        HessenbergForm form = new(matrix, n, percent, cancellationToken);
        double[] work = [.. form.H];
        Complex[] scaled = FrancisIteration.Eigenvalues(work, n, form.First, form.Last, out int iterations, percent, cancellationToken);
        int dominant = 0;
        for (int i = 1; i < n; i++)
        {
            if (Complex.Abs(scaled[i]) > Complex.Abs(scaled[dominant]))
                dominant = i;
        }

        Complex lambda = scaled[dominant];
        (double residual, double error) = Evidence(matrix, n, form, lambda, exact: dominant < form.First || dominant > form.Last);
        percent?.Report(1);
        double radius = Math.ScaleB(Complex.Abs(lambda), form.Exponent);
        if (!double.IsFinite(radius))
            throw DenseArgument.TooLarge(nameof(matrix));
        ImmutableArray<Complex> all = [.. Sorted(scaled).Select(value => Scale(value, form.Exponent))];
        return new SpectralRadiusResult
        {
            Value = radius,
            Dominant = Circle(all, radius),
            Eigenvalues = all,
            Residual = residual,
            ErrorEstimate = Math.ScaleB(error, form.Exponent),
            Iterations = iterations,
            Method = SpectralRadiusMethod.Direct,
            Converged = true,
        };
    }

    /// <summary>The eigenvalues on the circle of the given radius, largest real part first, then the positive imaginary part of a pair.</summary>
    internal static ImmutableArray<Complex> Circle(IEnumerable<Complex> values, double radius) =>
        [.. values.Where(value => Complex.Abs(value) >= radius * (1 - 1e-8)).OrderByDescending(value => value.Real).ThenByDescending(value => value.Imaginary)];

    internal static IEnumerable<Complex> Sorted(IEnumerable<Complex> values) =>
        values.OrderByDescending(Complex.Abs).ThenByDescending(value => value.Real).ThenByDescending(value => value.Imaginary);

    private static Complex Scale(Complex value, int exponent) => new(Math.ScaleB(value.Real, exponent), Math.ScaleB(value.Imaginary, exponent));

    // Residual on the matrix itself (relative to its Frobenius norm) and the error estimate, in units of 2^Exponent.
    private static (double Residual, double Error) Evidence(ReadOnlySpan<double> matrix, int n, HessenbergForm form, Complex lambda, bool exact)
    {
        HessenbergInverseIteration vectors = new(form.H, n, lambda);
        Complex[] right = vectors.Right();
        double norm = TensorPrimitives.Norm<double>(form.H);
        double error = 0;
        if (!exact)
        {
            Complex[] left = vectors.Left();
            Complex overlap = 0;
            for (int i = 0; i < n; i++)
                overlap += Complex.Conjugate(left[i]) * right[i];
            error = Math.Min(norm, Epsilon * norm / Math.Max(Complex.Abs(overlap), Epsilon * Epsilon));
        }

        Complex[] x = form.Restore(right);
        double size = 0, frobenius = 0, square = 0;
        foreach (Complex entry in x)
            size += (entry.Real * entry.Real) + (entry.Imaginary * entry.Imaginary);
        for (int i = 0; i < n; i++)
        {
            Complex sum = -lambda * x[i];
            for (int j = 0; j < n; j++)
            {
                double entry = Math.ScaleB(matrix[(i * n) + j], -form.Exponent);
                frobenius += entry * entry;
                sum += entry * x[j];
            }

            square += (sum.Real * sum.Real) + (sum.Imaginary * sum.Imaginary);
        }

        return (frobenius == 0 ? 0 : Math.Sqrt(square / frobenius / size), error);
    }
}
