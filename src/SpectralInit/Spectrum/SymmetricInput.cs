using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>Checks a dense symmetric matrix and copies it, scaled and exactly symmetric, into working memory.</summary>
internal static unsafe class SymmetricInput
{
    private const int Tile = 32;

    /// <summary>The power of two e for which max|a_ij|·2⁻ᵉ lies in [1, 2); 0 for the zero matrix.</summary>
    /// <exception cref="ArgumentException">An entry is NaN or infinite.</exception>
    public static int Exponent(ReadOnlySpan<double> matrix, int dimension)
    {
        double largest = LargestMagnitude(matrix);
        if (double.IsFinite(largest))
            return largest == 0 ? 0 : Math.ILogB(largest);
        int i = 0;
        while (double.IsFinite(matrix[i]))
            i++;
        throw new ArgumentException($"The entry in row {i / dimension}, column {i % dimension} is {matrix[i]}; every entry must be finite.", nameof(matrix));
    }

    /// <summary>max|a_ij|, not a number if an entry is none.</summary>
    private static double LargestMagnitude(ReadOnlySpan<double> matrix)
    {
        const int Part = 1 << 16;
        if (matrix.Length <= Part)
            return matrix.IsEmpty ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude(matrix));
        double[] largest = new double[(matrix.Length + Part - 1) / Part];
        fixed (double* source = matrix)
        {
            double* a = source;
            int length = matrix.Length;
            Parallelism.Run(largest.Length, part => largest[part] = TensorPrimitives.MaxMagnitude(new ReadOnlySpan<double>(a + (part * Part), Math.Min(Part, length - (part * Part)))));
        }

        return Math.Abs(TensorPrimitives.MaxMagnitude<double>(largest));
    }

    /// <summary>work ← 2⁻ᵉ·(A + Aᵀ)/2, padding zero.</summary>
    /// <param name="matrix">n×n, finite.</param>
    /// <param name="dimension">n.</param>
    /// <param name="exponent">e of <see cref="Exponent"/>.</param>
    /// <param name="tolerance">Largest |a_ij − a_ji| accepted, relative to the largest magnitude.</param>
    /// <param name="work">Padded n rows.</param>
    /// <param name="stride">Elements between rows of <paramref name="work"/>.</param>
    /// <exception cref="ArgumentException">The matrix is not symmetric.</exception>
    public static void CopySymmetric(ReadOnlySpan<double> matrix, int dimension, int exponent, double tolerance, double* work, nint stride)
    {
        (double first, double second) = PowerOfTwo.Factors<double>(-exponent);
        int tiles = (dimension + Tile - 1) / Tile;
        double[] asymmetry = new double[tiles];
        fixed (double* source = matrix)
        {
            double* a = source;
            Parallelism.Run(tiles, band => asymmetry[band] = CopyBand(a, dimension, band * Tile, first, second, work, stride));
        }

        if (tiles > 0 && TensorPrimitives.Max<double>(asymmetry) > 2 * tolerance)
            throw NotSymmetric(matrix, dimension);

        int columns = Lane.Pad(dimension);
        for (int i = 0; i < columns; i++)
        {
            int from = i < dimension ? dimension : 0;
            new Span<double>(work + (i * stride) + from, (int)stride - from).Clear();
        }
    }

    /// <summary>The exception that names the entry farthest from its mirror image.</summary>
    public static ArgumentException NotSymmetric(ReadOnlySpan<double> matrix, int dimension)
    {
        int row = 0, column = 0;
        double worst = 0;
        for (int i = 0; i < dimension; i++)
        {
            for (int j = i + 1; j < dimension; j++)
            {
                // Halved, lest the difference overflows.
                double asymmetry = Math.Abs((0.5 * matrix[(i * dimension) + j]) - (0.5 * matrix[(j * dimension) + i]));
                if (asymmetry > worst)
                    (worst, row, column) = (asymmetry, i, j);
            }
        }

        return new ArgumentException(
            $"The matrix is not symmetric: row {row}, column {column} is {matrix[(row * dimension) + column]:R} but row {column}, column {row} is {matrix[(column * dimension) + row]:R}. "
            + "Pass (A + Aᵀ)/2 if the symmetric part is meant.", nameof(matrix));
    }

    // The largest difference of entries that should be equal.
    private static double CopyBand(double* a, int n, int row, double first, double second, double* work, nint stride)
    {
        double worst = 0;
        int rowEnd = Math.Min(row + Tile, n);
        for (int column = row; column < n; column += Tile)
        {
            int columnEnd = Math.Min(column + Tile, n);
            for (int i = row; i < rowEnd; i++)
            {
                for (int j = Math.Max(i, column); j < columnEnd; j++)
                {
                    double upper = a[((nint)i * n) + j] * first * second, lower = a[((nint)j * n) + i] * first * second;
                    worst = Math.Max(worst, Math.Abs(upper - lower));
                    work[(i * stride) + j] = work[(j * stride) + i] = 0.5 * (upper + lower);
                }
            }
        }

        return worst;
    }
}
