using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>The leading singular triples of a matrix that need not be stored: sparse, a product, or code.</summary>
/// <remarks>
/// Block Krylov on the smaller of AᵀA and A·Aᵀ finds the leading space; the singular value decomposition of A on that space gives the triples
/// (a Rayleigh–Ritz step). Squaring costs the small end: a triple of σ ≪ σ₁ has a residual of about 10⁻¹⁵·σ₁²/σ. Where that exceeds the tolerance, the space is turned
/// from one side of A to the other and back (subspace iteration with A itself, which does not square), until it does not. Small operators, counts near
/// min(m, n), and small values that this does not settle in an operator of up to a million entries, are applied to unit vectors and decomposed directly.
/// <para>
/// What is certified is LAPACK's measure: max(‖A·v − σ·u‖, ‖Aᵀ·u − σ·v‖) ≤ tolerance·σ₁ for every triple (never asked below rounding, about √max(m, n)·10⁻¹⁵·σ₁), measured on A with the vectors returned. Every value is then
/// within tolerance·σ₁ of a singular value of A; one of that size or below cannot be told from zero. That none larger was missed, no method of products can certify.
/// </para>
/// </remarks>
public static class TruncatedSvd
{
    /// <summary>The most times the space is turned to the other side of A.</summary>
    private const int MostTurns = 16;

    /// <summary>The most values of an operator that are written out for small singular values.</summary>
    private const long MostWrittenOut = 1 << 20;

    /// <summary>The leading singular triples of an operator.</summary>
    /// <param name="matrix">A, m×n; its transpose must be right.</param>
    /// <param name="count">How many triples, 0 … min(m, n).</param>
    /// <param name="options">Tolerance, solver, limits, seed; defaults when null.</param>
    /// <param name="progress">Told how many triples have converged ("Krylov"), or the percent done ("direct").</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>Triples, descending; look at <see cref="SingularTriples.Converged"/> when the number of products is limited, or the operator is large and values far below σ₁ are among them.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="matrix"/> is null.</exception>
    /// <exception cref="ArgumentException">The operator returned a value that is not finite, a singular value exceeds the largest double, or an operator that must be written out does not fit an array.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static SingularTriples Decompose(ILinearOperator matrix, int count, LeadingEigenOptions? options = null, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        int m = matrix.Rows, n = matrix.Columns, small = Math.Min(m, n);
        if (count < 0 || count > small)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"A {m}×{n} matrix has {small} singular triples; ask for 0 to {small}.");
        if (count == 0)
            return new SingularTriples(m, n, [], [], [], [], 0);
        options ??= new();
        if (LeadingEigenSolver.PrefersDirect(small, count, options))
            return Direct(matrix, count, progress, cancellationToken);

        bool outer = m < n;
        RangedOperator ranged = new(matrix);
        EigenPairs pairs = SymmetricEigen.Leading(new GramOperator(ranged, outer), count, options, progress, cancellationToken);

        double rounding = 1e-15 * Math.Sqrt(Math.Max(m, n)), tolerance = Math.Max(options.Tolerance, rounding), goal = tolerance;

        // The triples of A restricted to the space found: Z = W·Aᵀ or W·A is k × large, and small to decompose. On that side they are exact; the image of the
        // other shows what is missing, and is Z of the next turn.
        double[] near = pairs.Vectors, image = Apply(ranged, outer, count, near);
        double[] values, left, right;
        int turn = 0;
        for (; ; turn++)
        {
            SingularTriples inner = SingularValueDecomposition.Decompose(image, count, image.Length / count, cancellationToken: cancellationToken);
            double[] far = inner.RightVectors;
            near = Rotate(inner.LeftVectors, near, count, near.Length / count);
            (values, left, right) = outer ? (inner.Values, near, far) : (inner.Values, far, near);
            image = Apply(ranged, !outer, count, far);
            if (turn == MostTurns || !pairs.Converged || Worst(image, near, values) <= goal * values[0])
                break;
            (near, outer) = (far, !outer);

            // What squaring lost may be a whole direction, whose place a smaller one holds until the turns have brought it up: on to well below the tolerance.
            goal = Math.Max(rounding, tolerance / 100);
        }

        FixSigns(left, m, right, n, count);
        SingularTriples triples = Measure(ranged, values, left, right, tolerance, pairs, turn);
        return triples.Converged || !pairs.Converged || options.Solver == EigenSolver.Krylov || (long)m * n > MostWrittenOut ? triples : Direct(matrix, count, progress, cancellationToken);
    }

    /// <summary>The leading singular triples of a dense MathNet matrix.</summary>
    /// <param name="matrix">A, not changed.</param>
    /// <param name="count">How many triples, 0 … min(m, n).</param>
    /// <param name="options">Tolerance, solver, limits, seed; defaults when null.</param>
    /// <param name="progress">Told how many triples have converged ("Krylov"), or the percent done ("direct").</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <exception cref="ArgumentNullException"><paramref name="matrix"/> is null.</exception>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static SingularTriples Decompose(Matrix<double> matrix, int count, LeadingEigenOptions? options = null, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return Decompose(new DenseOperator(matrix), count, options, progress, cancellationToken);
    }

    private static double[] Apply(ILinearOperator matrix, bool transposed, int count, ReadOnlySpan<double> x)
    {
        double[] y = new double[checked(count * (transposed ? matrix.Columns : matrix.Rows))];
        if (transposed)
            matrix.ApplyTransposeBlock(count, x, y);
        else
            matrix.ApplyBlock(count, x, y);
        return y;
    }

    private static SingularTriples Direct(ILinearOperator matrix, int count, IProgress<SolverProgress>? progress, CancellationToken cancellationToken)
    {
        SingularTriples all = SingularValueDecomposition.Decompose(DenseArgument.WriteOut(matrix, cancellationToken), matrix.Rows, matrix.Columns, DirectProgress.Of(progress), cancellationToken);
        return new(all.Rows, all.Columns, all.Values[..count], all.LeftVectors[..(count * all.Rows)], all.RightVectors[..(count * all.Columns)], all.Residuals[..count], all.Iterations);
    }

    /// <summary>The largest ‖yᵢ − σᵢ·xᵢ‖.</summary>
    private static double Worst(ReadOnlySpan<double> y, ReadOnlySpan<double> x, double[] values)
    {
        int length = x.Length / values.Length;
        double[] rest = new double[length];
        double worst = 0;
        for (int i = 0; i < values.Length; i++)
        {
            TensorPrimitives.MultiplyAdd(x.Slice(i * length, length), -values[i], y.Slice(i * length, length), rest);
            worst = Math.Max(worst, TensorPrimitives.Norm<double>(rest));
        }

        return worst;
    }

    /// <summary>Rows of P (k×k) combine rows of W (k×d).</summary>
    private static unsafe double[] Rotate(double[] rotation, double[] rows, int count, int d)
    {
        double[] rotated = new double[count * d];
        fixed (double* p = rotation, w = rows, target = rotated)
            MatrixProduct.Multiply(false, false, count, d, count, 1.0, p, count, w, d, 0.0, target, d);
        return rotated;
    }

    private static void FixSigns(double[] left, int m, double[] right, int n, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Span<double> v = right.AsSpan(i * n, n), u = left.AsSpan(i * m, m);
            if (!SignRule.WantsNegation(v))
                continue;
            TensorPrimitives.Negate(v, v);
            TensorPrimitives.Negate(u, u);
        }
    }

    private static SingularTriples Measure(RangedOperator matrix, double[] values, double[] left, double[] right, double tolerance, EigenPairs pairs, int turns)
    {
        int m = matrix.Rows, n = matrix.Columns, count = values.Length;
        double[] residuals = new double[count], forward = new double[count * m], backward = new double[count * n];
        matrix.ApplyBlock(count, right, forward);
        matrix.ApplyTransposeBlock(count, left, backward);
        for (int i = 0; i < count; i++)
        {
            Span<double> f = forward.AsSpan(i * m, m), b = backward.AsSpan(i * n, n);
            TensorPrimitives.MultiplyAdd(left.AsSpan(i * m, m), -values[i], f, f);
            TensorPrimitives.MultiplyAdd(right.AsSpan(i * n, n), -values[i], b, b);
            residuals[i] = Math.Max(TensorPrimitives.Norm<double>(f), TensorPrimitives.Norm<double>(b));
        }

        bool found = residuals.Max() <= tolerance * values[0];
        matrix.Restore(values, residuals, nameof(matrix));
        return new SingularTriples(m, n, values, left, right, residuals, (int)Math.Min(int.MaxValue, pairs.Products + ((long)turns * count))) { Converged = pairs.Converged && found };
    }
}
