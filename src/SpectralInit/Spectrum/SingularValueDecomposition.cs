using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>The thin singular value decomposition A = U·Σ·Vᵀ of a dense matrix, small singular values included.</summary>
/// <remarks>
/// The eigenvectors of the smaller Gram matrix come first, which makes the rows nearly orthogonal; one-sided Jacobi rotations then finish
/// in two or three sweeps and restore the accuracy that squaring the matrix lost (Drmač and Veselić, "New fast and accurate Jacobi SVD
/// algorithm", SIAM J. Matrix Anal. Appl. 29, 2008, on preconditioned Jacobi).
/// </remarks>
public static class SingularValueDecomposition
{
    /// <summary>Share of the time, for progress: the eigenvectors; the rest are rotations.</summary>
    private const double ShareOfVectors = 0.25;

    /// <summary>All min(m, n) singular triples.</summary>
    /// <param name="matrix">m×n values, row-major, finite.</param>
    /// <param name="rows">m ≥ 0.</param>
    /// <param name="columns">n ≥ 0.</param>
    /// <param name="progress">Told the share done, 0 … 1; every sweep of rotations takes half of what is left, because their number is not known before the last.</param>
    /// <param name="cancellationToken">Stops between panels and rows.</param>
    /// <exception cref="ArgumentException">The length is not m·n, a value is not finite, or a singular value exceeds the largest double.</exception>
    /// <exception cref="InvalidOperationException">The rotations did not converge.</exception>
    public static unsafe SingularTriples Decompose(ReadOnlySpan<double> matrix, int rows, int columns, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        double largest = DenseArgument.Check(matrix, rows, columns);

        // Work on the orientation with the fewer rows, scaled to entries at most 1 so that squares neither overflow nor vanish.
        bool transposed = rows > columns;
        int count = Math.Min(rows, columns), length = Math.Max(rows, columns);
        int exponent = largest == 0 ? 0 : Math.ILogB(largest);
        double[] a = new double[matrix.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
                a[transposed ? (column * rows) + row : (row * columns) + column] = Math.ScaleB(matrix[(row * columns) + column], -exponent);
        }

        double[] gram = new double[count * count];
        double[] b = new double[matrix.Length];
        double[] u;
        fixed (double* pa = a, pb = b, pg = gram)
        {
            MatrixProduct.Multiply(false, true, count, count, length, 1.0, pa, length, pa, length, 0.0, pg, count);
            for (int i = 0; i < count; i++)
            {
                for (int j = 0; j < i; j++)
                    gram[(j * count) + i] = gram[(i * count) + j];
            }

            u = [.. SymmetricEigen.Decompose(gram, count, progress: progress is null ? null : new Beginning(progress), cancellationToken: cancellationToken).Vectors];
            fixed (double* pu = u)
                MatrixProduct.Multiply(false, false, count, length, count, 1.0, pu, count, pa, length, 0.0, pb, length);
        }

        int sweeps = OneSidedJacobi.Orthogonalize(b, count, length, u, count, done => progress?.Report(1 - ((1 - ShareOfVectors) * Math.Pow(0.5, done))), cancellationToken);
        if (sweeps < 0)
            throw new InvalidOperationException("The singular value decomposition did not converge; please report the matrix.");
        SingularTriples triples = Assemble(a, b, u, count, length, transposed, exponent, sweeps);
        progress?.Report(1);
        return triples;
    }

    /// <inheritdoc cref="Decompose(ReadOnlySpan{double}, int, int, IProgress{double}, CancellationToken)"/>
    public static SingularTriples Decompose(Matrix<double> matrix, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return Decompose(matrix.ToRowMajorArray(), matrix.RowCount, matrix.ColumnCount, progress, cancellationToken);
    }

    private static SingularTriples Assemble(double[] a, double[] b, double[] u, int count, int length, bool transposed, int exponent, int sweeps)
    {
        double[] norms = [.. Enumerable.Range(0, count).Select(i => TensorPrimitives.Norm<double>(b.AsSpan(i * length, length)))];
        int[] order = [.. Enumerable.Range(0, count).OrderByDescending(i => norms[i])];
        double[] values = new double[count];
        double[] shortVectors = new double[count * count];
        double[] longVectors = new double[count * length];
        int rank = 0;
        for (int i = 0; i < count; i++)
        {
            values[i] = norms[order[i]];
            u.AsSpan(order[i] * count, count).CopyTo(shortVectors.AsSpan(i * count));
            if (values[i] > 0)
            {
                TensorPrimitives.Divide(b.AsSpan(order[i] * length, length), values[i], longVectors.AsSpan(i * length, length));
                rank++;
            }
        }

        // A zero singular value says nothing of its long vector: any orthonormal completion is right, and this one is reproducible.
        OrthogonalComplement.Fill(longVectors, rank, count, length, seed: 0);

        double[] residuals = new double[count];
        double[] image = new double[Math.Max(count, length)];
        for (int i = 0; i < count; i++)
        {
            Span<double> shortVector = shortVectors.AsSpan(i * count, count), longVector = longVectors.AsSpan(i * length, length);
            ReadOnlySpan<double> right = transposed ? shortVector : longVector;
            if (SignRule.WantsNegation(right))
            {
                TensorPrimitives.Negate(shortVector, shortVector);
                TensorPrimitives.Negate(longVector, longVector);
            }

            residuals[i] = Math.ScaleB(Residual(a, values[i], shortVector, longVector, image), exponent);
            values[i] = Math.ScaleB(values[i], exponent);
            if (!double.IsFinite(values[i]))
                throw DenseArgument.TooLarge("matrix");
        }

        return transposed
            ? new SingularTriples(length, count, values, longVectors, shortVectors, residuals, sweeps)
            : new SingularTriples(count, length, values, shortVectors, longVectors, residuals, sweeps);
    }

    // For A with the short vectors on its left: ‖Aᵀ·u − σ·v‖ and ‖A·v − σ·u‖.
    private static double Residual(double[] a, double value, ReadOnlySpan<double> shortVector, ReadOnlySpan<double> longVector, double[] image)
    {
        int length = longVector.Length;
        Span<double> first = image.AsSpan(0, length);
        TensorPrimitives.Multiply(longVector, -value, first);
        double second = 0;
        for (int row = 0; row < shortVector.Length; row++)
        {
            ReadOnlySpan<double> values = a.AsSpan(row * length, length);
            TensorPrimitives.MultiplyAdd(values, shortVector[row], first, first);
            double difference = TensorPrimitives.Dot(values, longVector) - (value * shortVector[row]);
            second += difference * difference;
        }

        return Math.Max(TensorPrimitives.Norm<double>(first), Math.Sqrt(second));
    }

    private sealed class Beginning(IProgress<double> progress) : IProgress<double>
    {
        public void Report(double value) => progress.Report(ShareOfVectors * value);
    }
}
