using System.Numerics;

namespace SpectralInit.Kernels;

/// <summary>Cholesky factors A = L·Lᵀ of symmetric positive definite matrices, row-major, float or double.</summary>
internal static unsafe class Cholesky
{
    /// <summary>
    /// Overwrites the lower triangle of A (n×n) with L and zeroes the rest; the strict upper triangle is not read. False, with A destroyed, when a
    /// pivot is not positive and finite: A is then not positive definite to working accuracy.
    /// </summary>
    public static bool Factor<T>(T* a, nint n, nint lda)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (nint start = 0; start < n; start += Triangular.Block)
        {
            nint width = nint.Min(Triangular.Block, n - start);
            T* panel = a + (start * lda);
            MatrixProduct.Multiply(false, true, n - start, width, start, -T.One, panel, lda, panel, lda, T.One, panel + start, lda);
            if (!FactorBlock(panel + start, width, lda))
                return false;
            nint below = start + width;
            Triangular.SolveRightTransposed(panel + start, width, lda, a + (below * lda) + start, n - below, lda);
        }

        for (nint row = 0; row < n; row++)
            new Span<T>(a + (row * lda) + row + 1, (int)(n - row - 1)).Clear();
        return true;
    }

    /// <summary>B ← A⁻¹·B for B n×columns, given the factor L of A.</summary>
    public static void Solve<T>(T* l, nint n, nint ldl, T* b, nint columns, nint ldb)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Triangular.SolveLower(l, n, ldl, b, columns, ldb);
        Triangular.SolveLowerTransposed(l, n, ldl, b, columns, ldb);
    }

    private static bool FactorBlock<T>(T* a, nint n, nint lda)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (nint i = 0; i < n; i++)
        {
            T* row = a + (i * lda);
            for (nint j = 0; j < i; j++)
            {
                T* other = a + (j * lda);
                row[j] = (row[j] - Triangular.Dot(row, other, j)) / other[j];
            }

            T pivot = row[i] - Triangular.Dot(row, row, i);
            if (!(pivot > T.Zero) || !T.IsFinite(pivot))
                return false;
            row[i] = T.Sqrt(pivot);
        }

        return true;
    }
}
