using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>The thin singular value decomposition A = U·Σ·Vᵀ of a dense matrix, small singular values included.</summary>
/// <remarks>
/// One-sided Jacobi (Hestenes 1958) in matrix products: the rows of the shorter side are turned by eigenvectors of their Gram matrix, and again, at the scale of what is
/// left, until all are orthogonal relative to their own lengths. Backward stable: ‖A − UΣVᵀ‖, ‖I − UᵀU‖ and ‖I − VᵀV‖ are a small multiple of n·2⁻⁵²·‖A‖, so every value is
/// within that of a true one, as LAPACK's are. Values far below σ₁ have besides the accuracy of one-sided Jacobi (Demmel and Veselić, "Jacobi's method is more accurate
/// than QR", SIAM J. Matrix Anal. Appl. 13, 1992): relative, where they are small because rows of the shorter side are (of a square matrix, rows or columns).
/// Values of which cancellation leaves less than rounding, as those beyond the rank of a matrix, are zero.
/// The bits do not depend on the number of threads.
/// </remarks>
public static class SingularValueDecomposition
{
    /// <summary>Rows per part of parallel work.</summary>
    private const int PartRows = 128;

    /// <summary>The largest entries of the columns of a square matrix vary so many times more than those of its rows, where columns are rotated.</summary>
    private const double UnevenColumns = 100;

    /// <summary>All min(m, n) singular triples.</summary>
    /// <param name="matrix">m×n values, row-major, finite.</param>
    /// <param name="rows">m ≥ 0.</param>
    /// <param name="columns">n ≥ 0.</param>
    /// <param name="progress">Told the share done, 0 … 1; every round of rotations takes half of what is left, because their number is not known before the last.</param>
    /// <param name="cancellationToken">Stops between panels and products.</param>
    /// <exception cref="ArgumentException">The length is not m·n, a value is not finite, or a singular value exceeds the largest double.</exception>
    /// <exception cref="InvalidOperationException">The rotations did not converge.</exception>
    public static SingularTriples Decompose(ReadOnlySpan<double> matrix, int rows, int columns, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        double largest = DenseArgument.Check(matrix, rows, columns);

        // Work on the orientation with the fewer rows, scaled to entries at most 1 so that squares neither overflow nor vanish.
        double[] a = matrix.ToArray();
        int exponent = largest == 0 ? 0 : Math.ILogB(largest);
        PowerOfTwo.Scale<double>(a, -exponent);
        int count = Math.Min(rows, columns), length = Math.Max(rows, columns);
        bool transposed = rows > columns || (rows == columns && IsGradedByColumn(a, count));
        if (transposed)
            a = Transposition.Of(a, rows, columns);
        RowRotations rotations = RowRotations.Orthogonalize([.. a], count, length, progress, cancellationToken);
        SingularTriples triples = Assemble(a, rotations.Rows, rotations.Rotation, count, length, transposed, exponent, rotations.Rounds);
        progress?.Report(1);
        return triples;
    }

    /// <inheritdoc cref="Decompose(ReadOnlySpan{double}, int, int, IProgress{double}, CancellationToken)"/>
    public static SingularTriples Decompose(Matrix<double> matrix, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return Decompose(matrix.ToRowMajorArray(), matrix.RowCount, matrix.ColumnCount, progress, cancellationToken);
    }

    /// <summary>True where columns differ in length far more than rows: rotations of rows keep what is small in rows, not in columns.</summary>
    private static bool IsGradedByColumn(double[] a, int size)
    {
        double[] rows = new double[size], columns = new double[size];
        for (int i = 0; i < size; i++)
        {
            ReadOnlySpan<double> row = a.AsSpan(i * size, size);
            rows[i] = Math.Abs(TensorPrimitives.MaxMagnitude(row));
            TensorPrimitives.MaxMagnitude(row, columns, columns);
        }

        return size > 0 && Spread(columns) > UnevenColumns * Spread(rows);

        static double Spread(double[] largest) => largest.Max(Math.Abs) / largest.Min(value => value == 0 ? double.PositiveInfinity : Math.Abs(value));
    }

    private static SingularTriples Assemble(double[] a, double[] b, double[] u, int count, int length, bool transposed, int exponent, int rounds)
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

        for (int i = 0; i < count; i++)
        {
            Span<double> shortVector = shortVectors.AsSpan(i * count, count), longVector = longVectors.AsSpan(i * length, length);
            if (!SignRule.WantsNegation(transposed ? shortVector : longVector))
                continue;
            TensorPrimitives.Negate(shortVector, shortVector);
            TensorPrimitives.Negate(longVector, longVector);
        }

        double[] residuals = Residuals(a, values, shortVectors, longVectors, count, length);
        for (int i = 0; i < count; i++)
        {
            residuals[i] = Math.ScaleB(residuals[i], exponent);
            values[i] = Math.ScaleB(values[i], exponent);
            if (!double.IsFinite(values[i]))
                throw DenseArgument.TooLarge("matrix");
        }

        return transposed
            ? new SingularTriples(length, count, values, longVectors, shortVectors, residuals, rounds)
            : new SingularTriples(count, length, values, shortVectors, longVectors, residuals, rounds);
    }

    // For A with the short vectors on its left: the larger of ‖Aᵀ·u − σ·v‖ and ‖A·v − σ·u‖.
    private static unsafe double[] Residuals(double[] a, double[] values, double[] shortVectors, double[] longVectors, int count, int length)
    {
        using Scratch<double> forLong = Scratch.Rent<double>(longVectors.Length), forShort = Scratch.Rent<double>(shortVectors.Length);
        double[] residuals = new double[count];
        fixed (double* pa = a, pu = shortVectors, pv = longVectors)
        {
            double* u = pu, v = pv, toLong = forLong.Pointer, toShort = forShort.Pointer;
            MatrixProduct.Multiply(false, false, count, length, count, 1.0, u, count, pa, length, 0.0, toLong, length);
            MatrixProduct.Multiply(false, true, count, count, length, 1.0, v, length, pa, length, 0.0, toShort, count);
            Parallelism.Run((count + PartRows - 1) / PartRows, part =>
            {
                for (int i = part * PartRows; i < Math.Min((part + 1) * PartRows, count); i++)
                    residuals[i] = Math.Max(Distance(toLong, v, i, length, values[i]), Distance(toShort, u, i, count, values[i]));
            });
        }

        return residuals;
    }

    // ‖xᵢ − σ·yᵢ‖ of rows; x is overwritten.
    private static unsafe double Distance(double* x, double* y, int i, int length, double value)
    {
        Span<double> difference = new(x + ((nint)i * length), length);
        TensorPrimitives.MultiplyAdd(new ReadOnlySpan<double>(y + ((nint)i * length), length), -value, difference, difference);
        return TensorPrimitives.Norm<double>(difference);
    }
}
