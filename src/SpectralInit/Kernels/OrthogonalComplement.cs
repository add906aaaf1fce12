using System.Numerics.Tensors;

namespace SpectralInit.Kernels;

/// <summary>Extends orthonormal rows by random orthonormal rows.</summary>
internal static class OrthogonalComplement
{
    /// <summary>Rows that are projected together, so that most of the work is matrix products.</summary>
    private const int Block = 32;

    /// <summary>
    /// Fills rows <paramref name="given"/> … <paramref name="count"/>−1 of a count × d matrix so that all rows are orthonormal. Gaussian rows,
    /// Gram–Schmidt done twice (Giraud, Langou, Rozložník, "The loss of orthogonality in the Gram–Schmidt orthogonalization process", 2005):
    /// uniformly distributed in the complement. Needs count ≤ d.
    /// </summary>
    public static void Fill(Span<double> rows, int given, int count, int d, ulong seed)
    {
        ulong stream = 0;
        for (int start = given; start < count; start += Block)
        {
            int end = Math.Min(start + Block, count);
            for (int i = start; i < end; i++)
                Draw(rows.Slice(i * d, d), seed, stream++);
            ProjectBlock(rows, start, end, d);
            for (int i = start; i < end; i++)
            {
                Span<double> row = rows.Slice(i * d, d);

                // A draw that lies almost in the span of the rows before it would be mostly rounding; the next one is as good.
                for (double norm = Project(rows, start, i, row); norm < 1e-8 / d && stream < 4UL * (ulong)count; norm = Project(rows, 0, i, row))
                    Draw(row, seed, stream++);
                Normalize(row);
            }

            ProjectBlock(rows, start, end, d);
            for (int i = start; i < end; i++)
            {
                Span<double> row = rows.Slice(i * d, d);
                Project(rows, start, i, row);
                Normalize(row);
            }
        }
    }

    private static void Draw(Span<double> row, ulong seed, ulong stream)
    {
        RandomFill.Normal(row, 0, 1, seed, stream);
        Normalize(row);
    }

    /// <summary>Takes from the rows <paramref name="start"/> … <paramref name="end"/>−1 what lies along those before.</summary>
    private static unsafe void ProjectBlock(Span<double> rows, int start, int end, int d)
    {
        using Scratch<double> scratch = Scratch.Rent<double>((long)(end - start) * start);
        fixed (double* basis = rows)
        {
            double* block = basis + ((nint)start * d), products = scratch.Pointer;
            MatrixProduct.Multiply(false, true, end - start, start, d, 1.0, block, d, basis, d, 0.0, products, start);
            MatrixProduct.Multiply(false, false, end - start, d, start, -1.0, products, start, basis, d, 1.0, block, d);
        }
    }

    private static double Project(ReadOnlySpan<double> rows, int first, int end, Span<double> row)
    {
        for (int j = first; j < end; j++)
        {
            ReadOnlySpan<double> basis = rows.Slice(j * row.Length, row.Length);
            TensorPrimitives.MultiplyAdd(basis, -TensorPrimitives.Dot(basis, row), row, row);
        }

        return TensorPrimitives.Norm(row);
    }

    private static void Normalize(Span<double> row) => TensorPrimitives.Divide(row, TensorPrimitives.Norm(row), row);
}
