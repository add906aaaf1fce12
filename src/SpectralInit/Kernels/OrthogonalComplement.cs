using System.Numerics.Tensors;

namespace SpectralInit.Kernels;

/// <summary>Extends orthonormal rows by random orthonormal rows.</summary>
internal static class OrthogonalComplement
{
    /// <summary>
    /// Fills rows <paramref name="given"/> … <paramref name="count"/>−1 of a count × d matrix so that all rows are orthonormal. Gaussian rows,
    /// classical Gram–Schmidt done twice (Giraud, Langou, Rozložník, "The loss of orthogonality in the Gram–Schmidt orthogonalization process", 2005):
    /// uniformly distributed in the complement. Needs count ≤ d.
    /// </summary>
    public static void Fill(Span<double> rows, int given, int count, int d, ulong seed)
    {
        ulong stream = 0;
        for (int i = given; i < count; i++)
        {
            Span<double> row = rows.Slice(i * d, d);
            double norm;
            do
            {
                RandomFill.Normal(row, 0, 1, seed, stream++);
                Normalize(row);
                norm = Project(rows, i, row);

                // A draw that lies almost in the span of the rows before it would be mostly rounding; the next one is as good.
            }
            while (norm < 1e-8 / d && stream < 4UL * (ulong)count);
            Normalize(row);
            Project(rows, i, row);
            Normalize(row);
        }
    }

    private static double Project(ReadOnlySpan<double> rows, int count, Span<double> row)
    {
        for (int j = 0; j < count; j++)
        {
            ReadOnlySpan<double> basis = rows.Slice(j * row.Length, row.Length);
            TensorPrimitives.MultiplyAdd(basis, -TensorPrimitives.Dot(basis, row), row, row);
        }

        return TensorPrimitives.Norm(row);
    }

    private static void Normalize(Span<double> row) => TensorPrimitives.Divide(row, TensorPrimitives.Norm(row), row);
}
