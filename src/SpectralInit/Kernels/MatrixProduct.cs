using System.Numerics;
using System.Runtime.Intrinsics;

namespace SpectralInit.Kernels;

/// <summary>General matrix products over row-major memory.</summary>
/// <remarks>
/// Every element of C is one sum over k in ascending order, cut into blocks by the shape alone: results do not depend on
/// <see cref="Parallelism.MaxThreads"/>. A long k behind a small C is cut into slabs that are added up in order, so that threads have something to share.
/// </remarks>
internal static unsafe class MatrixProduct
{
    /// <summary>Slabs of k: at least so long, at most so many, for C of at most so many rows and columns.</summary>
    private const int LeastSlab = 2048, MostSlabs = 16, SmallSide = 384;

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

        if (n == 1)
        {
            VectorProduct.Multiply(transposeA, m, k, alpha, a, lda, b, transposeB ? 1 : ldb, beta, c, ldc);
            return;
        }

        if (m == 1)
        {
            VectorProduct.Multiply(!transposeB, n, k, alpha, b, ldb, a, transposeA ? lda : 1, beta, c, 1);
            return;
        }

        if (m <= SmallSide && n <= SmallSide && k >= 2 * LeastSlab)
        {
            Slabs(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
            return;
        }

        Whole(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    }

    private static void Slabs<T>(bool transposeA, bool transposeB, nint m, nint n, nint k, T alpha, T* a, nint lda, T* b, nint ldb, T beta, T* c, nint ldc)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int slabs = (int)Math.Min(MostSlabs, k / LeastSlab);
        nint length = (k + slabs - 1) / slabs, size = m * n;
        using Scratch<T> memory = Scratch.Rent<T>(slabs * size);
        T* parts = memory.Pointer;
        Parallelism.Run(slabs, slab =>
        {
            nint from = slab * length;
            Whole(transposeA, transposeB, m, n, Math.Min(length, k - from), alpha, a + (transposeA ? from * lda : from), lda, b + (transposeB ? from : from * ldb), ldb, T.Zero, parts + (slab * size), n);
        });
        for (nint i = 0; i < m; i++)
        {
            for (nint j = 0; j < n; j++)
            {
                T sum = parts[(i * n) + j];
                for (nint slab = 1; slab < slabs; slab++)
                    sum += parts[(slab * size) + (i * n) + j];
                c[(i * ldc) + j] = beta == T.Zero ? sum : sum + (beta * c[(i * ldc) + j]);
            }
        }
    }

    private static void Whole<T>(bool transposeA, bool transposeB, nint m, nint n, nint k, T alpha, T* a, nint lda, T* b, nint ldb, T beta, T* c, nint ldc)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
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
        switch (Lane.Width)
        {
            case 8: BlockedProduct<Lanes512<T>, Vector512<T>, T>.Multiply(operands); break;
            case 4: BlockedProduct<Lanes256<T>, Vector256<T>, T>.Multiply(operands); break;
            case 2: BlockedProduct<Lanes128<T>, Vector128<T>, T>.Multiply(operands); break;
            default: BlockedProduct<LanesScalar<T>, T, T>.Multiply(operands); break;
        }
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
