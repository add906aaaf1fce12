using System.Numerics;

namespace SpectralInit.Kernels;

/// <summary>General matrix products over row-major memory.</summary>
internal static unsafe class MatrixProduct
{
    /// <summary>
    /// C ← α·op(A)·op(B) + β·C with op(A) m×k, op(B) k×n, C m×n, all row-major with leading dimensions (elements between rows).
    /// β = 0 overwrites C without reading it. float or double.
    /// </summary>
    public static void Multiply<T>(bool transposeA, bool transposeB, nint m, nint n, nint k, T alpha, T* a, nint lda, T* b, nint ldb, T beta, T* c, nint ldc)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (nint i = 0; i < m; i++)
        {
            for (nint j = 0; j < n; j++)
            {
                T sum = T.Zero;
                for (nint p = 0; p < k; p++)
                    sum = T.FusedMultiplyAdd(transposeA ? a[(p * lda) + i] : a[(i * lda) + p], transposeB ? b[(j * ldb) + p] : b[(p * ldb) + j], sum);
                T old = beta == T.Zero ? T.Zero : beta * c[(i * ldc) + j];
                c[(i * ldc) + j] = (alpha * sum) + old;
            }
        }
    }
}
