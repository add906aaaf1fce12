using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SpectralInit.Kernels;

/// <summary>General matrix products over row-major memory.</summary>
/// <remarks>
/// Every element of C is one sum over k in ascending order, cut into the same blocks whatever the other two dimensions or the number of threads:
/// results do not depend on <see cref="Parallelism.MaxThreads"/>.
/// </remarks>
internal static unsafe class MatrixProduct
{
    /// <summary>
    /// C ← α·op(A)·op(B) + β·C with op(A) m×k, op(B) k×n, C m×n, all row-major with leading dimensions (elements between rows).
    /// β = 0 overwrites C without reading it. float or double. C overlaps neither A nor B.
    /// </summary>
    public static void Multiply<T>(bool transposeA, bool transposeB, nint m, nint n, nint k, T alpha, T* a, nint lda, T* b, nint ldb, T beta, T* c, nint ldc)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (m <= 0 || n <= 0)
            return;
        if (k <= 0 || alpha == T.Zero)
        {
            Scale(m, n, beta, c, ldc);
            return;
        }

        // Panels of op(A) run over its rows, panels of op(B) over its columns; both are read as value(index, p) = x[index·step + p·stepK].
        ProductOperands<T> operands = new(m, n, k, alpha, beta, c, ldc)
        {
            A = a,
            AStep = transposeA ? 1 : lda,
            AStepK = transposeA ? lda : 1,
            B = b,
            BStep = transposeB ? ldb : 1,
            BStepK = transposeB ? 1 : ldb,
        };
        if (Avx512F.IsSupported)
            BlockedProduct<Lanes512<T>, Vector512<T>, T>.Multiply(operands);
        else if (Vector256.IsHardwareAccelerated && Fma.IsSupported)
            BlockedProduct<Lanes256<T>, Vector256<T>, T>.Multiply(operands);
        else if (Vector128.IsHardwareAccelerated)
            BlockedProduct<Lanes128<T>, Vector128<T>, T>.Multiply(operands);
        else
            BlockedProduct<LanesScalar<T>, T, T>.Multiply(operands);
    }

    private static void Scale<T>(nint m, nint n, T beta, T* c, nint ldc)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (beta == T.One)
            return;
        for (nint i = 0; i < m; i++)
        {
            for (nint j = 0; j < n; j++)
                c[(i * ldc) + j] = beta == T.Zero ? T.Zero : beta * c[(i * ldc) + j];
        }
    }
}
