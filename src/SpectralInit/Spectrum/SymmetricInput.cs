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
        Worst[] worst = new Worst[tiles];
        fixed (double* source = matrix)
        {
            double* a = source;
            Parallelism.Run(tiles, band => worst[band] = CopyBand(a, dimension, band * Tile, first, second, work, stride));
        }

        Worst overall = default;
        foreach (Worst band in worst)
        {
            if (band.Asymmetry > overall.Asymmetry)
                overall = band;
        }

        if (overall.Asymmetry > 2 * tolerance)
        {
            int i = overall.Row, j = overall.Column;
            throw new ArgumentException(
                $"The matrix is not symmetric: row {i}, column {j} is {matrix[(i * dimension) + j]:R} but row {j}, column {i} is {matrix[(j * dimension) + i]:R}. "
                + "Pass (A + Aᵀ)/2 if the symmetric part is meant.", nameof(matrix));
        }

        int columns = Lane.Pad(dimension);
        for (int i = 0; i < columns; i++)
        {
            int from = i < dimension ? dimension : 0;
            new Span<double>(work + (i * stride) + from, (int)stride - from).Clear();
        }
    }

    private static Worst CopyBand(double* a, int n, int row, double first, double second, double* work, nint stride)
    {
        Worst worst = default;
        int rowEnd = Math.Min(row + Tile, n);
        for (int column = row; column < n; column += Tile)
        {
            int columnEnd = Math.Min(column + Tile, n);
            for (int i = row; i < rowEnd; i++)
            {
                for (int j = Math.Max(i, column); j < columnEnd; j++)
                {
                    double upper = a[((nint)i * n) + j] * first * second, lower = a[((nint)j * n) + i] * first * second;
                    double asymmetry = Math.Abs(upper - lower);
                    if (asymmetry > worst.Asymmetry)
                        worst = new Worst(asymmetry, i, j);
                    work[(i * stride) + j] = work[(j * stride) + i] = 0.5 * (upper + lower);
                }
            }
        }

        return worst;
    }

    private readonly record struct Worst(double Asymmetry, int Row, int Column);
}
