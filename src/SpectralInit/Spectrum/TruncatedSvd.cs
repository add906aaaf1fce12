using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>The leading singular triples of a matrix that need not be stored: sparse, a product, or code.</summary>
/// <remarks>
/// Block Krylov on the smaller of AᵀA and A·Aᵀ finds the leading space; the singular value decomposition of A on that space gives the triples
/// (a Rayleigh–Ritz step), and their residuals are measured. Squaring costs the small end: a triple of σ ≪ σ₁ has a residual of about
/// 10⁻¹⁵·σ₁²/σ. Small operators, and counts near min(m, n), are applied to unit vectors and decomposed directly, small values included.
/// </remarks>
public static class TruncatedSvd
{
    /// <summary>The leading singular triples of an operator.</summary>
    /// <param name="matrix">A, m×n; its transpose must be right.</param>
    /// <param name="count">How many triples, 0 … min(m, n).</param>
    /// <param name="options">Tolerance, solver, limits, seed; defaults when null.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>Triples, descending; look at <see cref="SingularTriples.Converged"/> when the number of products is limited.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="matrix"/> is null.</exception>
    /// <exception cref="ArgumentException">The operator returned a value that is not finite, a singular value exceeds the largest double, or an operator that must be written out does not fit an array.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static SingularTriples Decompose(ILinearOperator matrix, int count, LeadingEigenOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        int m = matrix.Rows, n = matrix.Columns, small = Math.Min(m, n), large = Math.Max(m, n);
        if (count < 0 || count > small)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"A {m}×{n} matrix has {small} singular triples; ask for 0 to {small}.");
        if (count == 0)
            return new SingularTriples(m, n, [], [], [], [], 0);
        options ??= new();
        if (LeadingEigenSolver.PrefersDirect(small, count, options))
            return First(SingularValueDecomposition.Decompose(DenseArgument.WriteOut(matrix, cancellationToken), m, n, DirectProgress.Of(options.Progress), cancellationToken), count);

        bool outer = m < n;
        RangedOperator ranged = new(matrix);
        EigenPairs pairs = SymmetricEigen.Leading(new GramOperator(ranged, outer), count, options, cancellationToken);

        // The triples of A restricted to the space found: Z = W·Aᵀ or W·A is k × large, and small to decompose.
        double[] image = new double[checked(count * large)];
        Apply(ranged, outer, count, pairs.Vectors, image);
        SingularTriples inner = SingularValueDecomposition.Decompose(image, count, large, cancellationToken: cancellationToken);
        double[] near = Rotate(inner.LeftVectors, pairs.Vectors, count, small), far = inner.RightVectors;
        double[] left = outer ? near : far, right = outer ? far : near;
        FixSigns(left, m, right, n, count);
        return Measure(ranged, inner.Values, left, right, pairs);
    }

    /// <summary>The leading singular triples of a dense MathNet matrix.</summary>
    /// <param name="matrix">A, not changed.</param>
    /// <param name="count">How many triples, 0 … min(m, n).</param>
    /// <param name="options">Tolerance, solver, limits, seed; defaults when null.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <exception cref="ArgumentNullException"><paramref name="matrix"/> is null.</exception>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static SingularTriples Decompose(Matrix<double> matrix, int count, LeadingEigenOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return Decompose(new DenseOperator(matrix), count, options, cancellationToken);
    }

    private static void Apply(ILinearOperator matrix, bool transposed, int count, ReadOnlySpan<double> x, Span<double> y)
    {
        if (transposed)
            matrix.ApplyTransposeBlock(count, x, y);
        else
            matrix.ApplyBlock(count, x, y);
    }

    private static SingularTriples First(SingularTriples all, int count) => new(
        all.Rows, all.Columns, all.Values[..count], all.LeftVectors[..(count * all.Rows)], all.RightVectors[..(count * all.Columns)], all.Residuals[..count], all.Iterations);

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

    private static SingularTriples Measure(RangedOperator matrix, double[] values, double[] left, double[] right, EigenPairs pairs)
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

        matrix.Restore(values, residuals, nameof(matrix));
        return new SingularTriples(m, n, values, left, right, residuals, (int)Math.Min(int.MaxValue, pairs.Products)) { Converged = pairs.Converged };
    }
}
