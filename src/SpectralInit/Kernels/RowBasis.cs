using System.Numerics.Tensors;

namespace SpectralInit.Kernels;

/// <summary>Gram–Schmidt on rows.</summary>
internal static unsafe class RowBasis
{
    /// <summary>
    /// Makes linearly independent rows orthonormal, each staying in the span of itself and those before it: blocks of eight against all rows
    /// before them, then within the block; everything twice.
    /// </summary>
    public static void Orthonormalize(Span<double> rows, int count, int d)
    {
        const int Block = SkinnyProduct.Group;
        using Scratch<double> coefficients = Scratch.Rent<double>((long)Block * Math.Max(1, count));
        fixed (double* v = rows)
        {
            for (int first = 0; first < count; first += Block)
            {
                int width = Math.Min(Block, count - first);
                for (int q = 0; q < width; q++)
                    Normalize(rows.Slice((first + q) * d, d));
                for (int round = 0; round < 2; round++)
                {
                    coefficients.Span.Clear();
                    SkinnyProduct.Dots(width, v + ((nint)first * d), d, first, v, d, d, coefficients.Pointer, 1, Block);
                    SkinnyProduct.Accumulate(width, d, first, -1, coefficients.Pointer, Block, v, d, v + ((nint)first * d), d);
                    for (int q = 0; q < width; q++)
                    {
                        Span<double> row = rows.Slice((first + q) * d, d);
                        for (int s = 0; s < q; s++)
                        {
                            Span<double> other = rows.Slice((first + s) * d, d);
                            TensorPrimitives.MultiplyAdd(other, -TensorPrimitives.Dot<double>(other, row), row, row);
                        }

                        Normalize(row);
                    }
                }
            }
        }
    }

    private static void Normalize(Span<double> row) => TensorPrimitives.Divide(row, TensorPrimitives.Norm<double>(row), row);
}
