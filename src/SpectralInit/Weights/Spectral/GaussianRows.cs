using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>Weight rows w ~ N(0, V·diag(s²)·Vᵀ + q²(I − VVᵀ)) from one white draw.</summary>
/// <remarks>
/// The symmetric root is used, w = q·z + V·diag(s − q)·Vᵀz: it does not depend on the signs of the directions, nor on the basis of a degenerate
/// eigenspace, and with s = q the rows are the white draw itself.
/// </remarks>
internal static class GaussianRows
{
    /// <param name="units">Rows wanted.</param>
    /// <param name="directions">V as rows, k×d, orthonormal.</param>
    /// <param name="deviations">s, k values.</param>
    /// <param name="remainder">q.</param>
    /// <param name="seed">The seed.</param>
    public static double[] Draw(int units, EigenPairs directions, ReadOnlySpan<double> deviations, double remainder, ulong seed)
    {
        int d = directions.Dimension, k = directions.Count;
        double[] rows = new double[checked(units * d)];
        RandomFill.Normal<double>(rows, 0, 1, seed);
        double[] projected = new double[units * k];
        RowMajor.MultiplyTransposed(rows, directions.Vectors, projected, units, k, d);
        for (int i = 0; i < units; i++)
        {
            for (int j = 0; j < k; j++)
                projected[(i * k) + j] *= deviations[j] - remainder;
        }

        RowMajor.Multiply(projected, directions.Vectors, rows, units, d, k, beta: remainder);
        return rows;
    }

    /// <summary>Makes pairs ±w: the second half of the rows negates the first; an odd row in the middle stands alone.</summary>
    public static void Mirror(Span<double> rows, int units, int dimension)
    {
        int half = units / 2;
        TensorPrimitives.Negate(rows[..(half * dimension)], rows[((units - half) * dimension)..]);
    }
}
