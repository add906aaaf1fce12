using System.Numerics.Tensors;

namespace SpectralInit;

/// <summary>Gram–Schmidt within a block of a few rows of n values, and its triangular factors.</summary>
internal static unsafe class RowBlock
{
    /// <summary>Beside the products it was left of, a row this short is rounding.</summary>
    public const double Negligible = 1e-14;

    private const int Block = BlockLanczos.Block;

    /// <summary>Rows ← orthonormal rows of the same span; zero where one is rounding beside the largest.</summary>
    public static void Orthonormalize(double* rows, int n) => Orthonormalize(rows, n, Negligible * LargestNorm(rows, n), out _);

    /// <summary>Rows ← orthonormal rows by modified Gram–Schmidt, twice, but zero where no more than <paramref name="negligible"/> is left.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="n">Their length.</param>
    /// <param name="negligible">A length.</param>
    /// <param name="exhausted">All are zero.</param>
    /// <returns>C with old row j = Σ_i C[i, j]·new row i.</returns>
    public static double[] Orthonormalize(double* rows, int n, double negligible, out bool exhausted)
    {
        double[] factor = new double[Block * Block];
        exhausted = true;
        for (int j = 0; j < Block; j++)
        {
            Span<double> row = Row(rows, n, j);
            for (int pass = 0; pass < 2; pass++)
            {
                for (int i = 0; i < j; i++)
                {
                    double overlap = TensorPrimitives.Dot<double>(Row(rows, n, i), row);
                    factor[(i * Block) + j] += overlap;
                    TensorPrimitives.MultiplyAdd(Row(rows, n, i), -overlap, row, row);
                }
            }

            double norm = TensorPrimitives.Norm<double>(row);
            factor[(j * Block) + j] = norm;
            if (!(norm > negligible))
            {
                row.Clear();
                factor[(j * Block) + j] = 0;
                continue;
            }

            exhausted = false;
            TensorPrimitives.Divide(row, norm, row);
        }

        return factor;
    }

    /// <summary>Rows ← what they were before they were made orthonormal: old row j = Σ_{i≤j} C[i, j]·row i.</summary>
    public static void Recombine(double* rows, int n, double[] factor)
    {
        for (int j = Block - 1; j >= 0; j--)
        {
            Span<double> row = Row(rows, n, j);
            TensorPrimitives.Multiply(row, factor[(j * Block) + j], row);
            for (int i = 0; i < j; i++)
                TensorPrimitives.MultiplyAdd(Row(rows, n, i), factor[(i * Block) + j], row, row);
        }
    }

    /// <summary>The product of two factors.</summary>
    public static double[] Product(double[] left, double[] right)
    {
        double[] product = new double[Block * Block];
        for (int i = 0; i < Block; i++)
        {
            for (int j = i; j < Block; j++)
            {
                for (int k = i; k <= j; k++)
                    product[(i * Block) + j] += left[(i * Block) + k] * right[(k * Block) + j];
            }
        }

        return product;
    }

    /// <summary>The length of the longest row.</summary>
    public static double LargestNorm(double* rows, int n)
    {
        double largest = 0;
        for (int i = 0; i < Block; i++)
            largest = Math.Max(largest, TensorPrimitives.Norm<double>(Row(rows, n, i)));
        return largest;
    }

    private static Span<double> Row(double* rows, int n, int i) => new(rows + ((nint)i * n), n);
}
