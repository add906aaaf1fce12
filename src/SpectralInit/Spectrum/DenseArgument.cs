using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using MathNet.Numerics.LinearAlgebra;

namespace SpectralInit;

/// <summary>Checks and conversions of dense matrix arguments, before anything iterates.</summary>
internal static class DenseArgument
{
    /// <summary>The most values of an operator that are written out where an iteration does not settle: 2048×2048.</summary>
    public const long MostWrittenOut = 4 << 20;

    /// <summary>Returns the largest magnitude.</summary>
    public static double Check<T>(ReadOnlySpan<T> matrix, int rows, int columns, string parameter = "matrix")
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (matrix.Length != (long)rows * columns)
            throw new ArgumentException($"{matrix.Length} values are not a {rows}×{columns} matrix.", parameter);
        return CheckFinite(matrix, columns, parameter);
    }

    public static void CheckSquare(ReadOnlySpan<double> matrix, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(dimension);
        if (matrix.Length != (long)dimension * dimension)
            throw new ArgumentException($"{matrix.Length} values are not a {dimension}×{dimension} matrix.", nameof(matrix));
        CheckFinite(matrix, dimension, nameof(matrix));
    }

    public static void CheckSquare<T>(Matrix<T> matrix)
        where T : struct, IEquatable<T>, IFormattable
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (matrix.RowCount != matrix.ColumnCount)
            throw new ArgumentException($"A {matrix.RowCount}×{matrix.ColumnCount} matrix has no eigenvalues; pass a square one, or take SpectralNorm.", nameof(matrix));
    }

    public static double[] Widen<T>(ReadOnlySpan<T> matrix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] wide = new double[matrix.Length];
        TensorPrimitives.ConvertTruncating(matrix, wide);
        return wide;
    }

    /// <summary>The matrix of an operator, row-major, from its products with the unit vectors of the shorter side.</summary>
    /// <exception cref="ArgumentException">It does not fit an array, or a product is not finite.</exception>
    public static double[] WriteOut(ILinearOperator matrix, CancellationToken cancellationToken, [CallerArgumentExpression(nameof(matrix))] string parameter = "")
    {
        int rows = matrix.Rows, columns = matrix.Columns;
        if ((long)rows * columns > Array.MaxLength)
            throw new ArgumentException($"An operator of {rows}×{columns} is too large to be written out, which few rows or columns, many values or the direct method ask for.", parameter);
        double[] dense = new double[rows * columns], unit = new double[Math.Min(rows, columns)], image = new double[rows];
        for (int i = 0; i < unit.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            unit[i] = 1;
            if (rows < columns)
            {
                matrix.ApplyTranspose(unit, dense.AsSpan(i * columns, columns));
            }
            else
            {
                matrix.Apply(unit, image);
                for (int row = 0; row < rows; row++)
                    dense[(row * columns) + i] = image[row];
            }

            unit[i] = 0;
        }

        return Finite.FirstNot(dense) < 0 ? dense : throw NotFinite(parameter);
    }

    public static ArgumentException TooLarge(string parameter) => new("The result exceeds the largest double; divide the matrix by a power of two.", parameter);

    public static ArgumentException NotFinite(string parameter) =>
        new("A product with the matrix is not finite; every entry must be finite, and small enough that a product does not overflow.", parameter);

    private static unsafe double CheckFinite<T>(ReadOnlySpan<T> matrix, int columns, string parameter)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (matrix.IsEmpty)
            return 0;

        // MaxMagnitude passes NaN and infinity on.
        const int PerPart = 1 << 18;
        double[] parts = new double[((matrix.Length - 1) / PerPart) + 1];
        int length = matrix.Length;
        fixed (T* values = matrix)
        {
            T* start = values;
            Parallelism.Run(parts.Length, part =>
                parts[part] = double.CreateTruncating(TensorPrimitives.MaxMagnitude(new ReadOnlySpan<T>(start + ((nint)part * PerPart), Math.Min(PerPart, length - (part * PerPart))))));
        }

        double largest = Math.Abs(TensorPrimitives.MaxMagnitude<double>(parts));
        if (double.IsFinite(largest))
            return largest;
        for (int i = 0; i < matrix.Length; i++)
        {
            if (!T.IsFinite(matrix[i]))
                throw new ArgumentException($"The matrix holds {matrix[i]} at row {i / columns}, column {i % columns}; every value must be finite.", parameter);
        }

        return largest;
    }
}
