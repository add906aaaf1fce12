using System.Numerics;
using System.Numerics.Tensors;

namespace SpectralInit.Kernels;

/// <summary>Solves with a lower triangular L (n×n, row-major, its strict upper triangle not read), blocked so that most of the work is matrix products. float or double.</summary>
internal static unsafe class Triangular
{
    /// <summary>Rows and columns of a diagonal block.</summary>
    public const int Block = 64;

    /// <summary>B ← L⁻¹·B for B n×columns.</summary>
    public static void SolveLower<T>(T* l, nint n, nint ldl, T* b, nint columns, nint ldb)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (nint start = 0; start < n; start += Block)
        {
            nint end = nint.Min(start + Block, n);
            MatrixProduct.Multiply(false, false, end - start, columns, start, -T.One, l + (start * ldl), ldl, b, ldb, T.One, b + (start * ldb), ldb);
            for (nint i = start; i < end; i++)
            {
                for (nint j = start; j < i; j++)
                    AddScaled(-l[(i * ldl) + j], b + (j * ldb), b + (i * ldb), columns);
                Divide(b + (i * ldb), l[(i * ldl) + i], columns);
            }
        }
    }

    /// <summary>B ← L⁻ᵀ·B for B n×columns.</summary>
    public static void SolveLowerTransposed<T>(T* l, nint n, nint ldl, T* b, nint columns, nint ldb)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (nint start = (n - 1) / Block * Block; start >= 0; start -= Block)
        {
            nint end = nint.Min(start + Block, n);
            MatrixProduct.Multiply(true, false, end - start, columns, n - end, -T.One, l + (end * ldl) + start, ldl, b + (end * ldb), ldb, T.One, b + (start * ldb), ldb);
            for (nint i = end - 1; i >= start; i--)
            {
                for (nint j = i + 1; j < end; j++)
                    AddScaled(-l[(j * ldl) + i], b + (j * ldb), b + (i * ldb), columns);
                Divide(b + (i * ldb), l[(i * ldl) + i], columns);
            }
        }
    }

    /// <summary>B ← B·L⁻ᵀ for B rows×n: each row x of B becomes the solution of L·y = x.</summary>
    public static void SolveRightTransposed<T>(T* l, nint n, nint ldl, T* b, nint rows, nint ldb)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (nint start = 0; start < n; start += Block)
        {
            nint width = nint.Min(Block, n - start);
            MatrixProduct.Multiply(false, true, rows, width, start, -T.One, b, ldb, l + (start * ldl), ldl, T.One, b + start, ldb);
            for (nint r = 0; r < rows; r++)
            {
                T* x = b + (r * ldb) + start;
                for (nint j = 0; j < width; j++)
                {
                    T* row = l + ((start + j) * ldl) + start;
                    x[j] = (x[j] - Dot(x, row, j)) / row[j];
                }
            }
        }
    }

    internal static T Dot<T>(T* x, T* y, nint n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        n == 0 ? T.Zero : TensorPrimitives.Dot(new ReadOnlySpan<T>(x, (int)n), new ReadOnlySpan<T>(y, (int)n));

    internal static void AddScaled<T>(T scale, T* x, T* y, nint n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        TensorPrimitives.FusedMultiplyAdd(new ReadOnlySpan<T>(x, (int)n), scale, new ReadOnlySpan<T>(y, (int)n), new Span<T>(y, (int)n));

    private static void Divide<T>(T* x, T divisor, nint n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        TensorPrimitives.Divide(new ReadOnlySpan<T>(x, (int)n), divisor, new Span<T>(x, (int)n));
}
