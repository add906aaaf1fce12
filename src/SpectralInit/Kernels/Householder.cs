using System.Numerics;
using System.Numerics.Tensors;

namespace SpectralInit.Kernels;

/// <summary>
/// Reflectors H = I − τ·v·vᵀ stored one per row (row j has its leading 1 in column j and zeros before it), and their products in compact
/// WY form H₁⋯H_k = I − Vᵀ·T·V (Schreiber and Van Loan, "A storage-efficient WY representation", 1989). float or double.
/// </summary>
internal static unsafe class Householder
{
    /// <summary>Reflectors joined in one block at most.</summary>
    public const int Block = 96;

    /// <summary>
    /// Turns x (length n ≥ 1, entries of the order of 1) into the reflector v, v₀ = 1, with H·x = β·e₁; returns β. A tail whose squares would
    /// vanish counts as zero.
    /// </summary>
    public static T Reflect<T>(T* x, nint n, out T tau)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T alpha = x[0];
        Span<T> rest = new(x + 1, (int)(n - 1));
        T tail = Triangular.Dot(x + 1, x + 1, n - 1);
        x[0] = T.One;
        if (tail < T.ScaleB(T.One, sizeof(T) == sizeof(float) ? -100 : -1000))
        {
            rest.Clear();
            tau = T.Zero;
            return alpha;
        }

        T beta = -T.CopySign(T.Sqrt(T.FusedMultiplyAdd(alpha, alpha, tail)), alpha);
        tau = (beta - alpha) / beta;
        TensorPrimitives.Multiply(rest, T.One / (alpha - beta), rest);
        return beta;
    }

    /// <summary>The upper triangular T (k×k, leading dimension <see cref="Block"/>) of k ≤ <see cref="Block"/> reflectors.</summary>
    public static void JoinBlock<T>(T* v, nint k, nint length, nint ldv, T* tau, T* t)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* gram = stackalloc T[Block * Block];
        MatrixProduct.Multiply(false, true, k, k, length, T.One, v, ldv, v, ldv, T.Zero, gram, Block);
        for (nint j = 0; j < k; j++)
        {
            for (nint i = 0; i < j; i++)
            {
                T sum = T.Zero;
                for (nint p = i; p < j; p++)
                    sum += t[(i * Block) + p] * gram[(p * Block) + j];
                t[(i * Block) + j] = -tau[j] * sum;
                t[(j * Block) + i] = T.Zero;
            }

            t[(j * Block) + j] = tau[j];
        }
    }

    /// <summary>C ← (I − Vᵀ·T·V)·C, or with Tᵀ for the inverse; C is length×columns, work holds 2·<see cref="Block"/>·columns.</summary>
    public static void Apply<T>(bool inverse, T* v, nint k, nint length, nint ldv, T* t, T* c, nint columns, nint ldc, T* work)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (columns == 0)
            return;
        T* scaled = work + (Block * columns);
        MatrixProduct.Multiply(false, false, k, columns, length, T.One, v, ldv, c, ldc, T.Zero, work, columns);
        MatrixProduct.Multiply(inverse, false, k, columns, k, T.One, t, Block, work, columns, T.Zero, scaled, columns);
        MatrixProduct.Multiply(true, false, length, columns, k, -T.One, v, ldv, scaled, columns, T.One, c, ldc);
    }

    /// <summary>Q ← the first n columns of H₁⋯H_n for n reflectors of length m ≥ n: m×n with orthonormal columns.</summary>
    public static void FormQ<T>(T* v, T* tau, nint m, nint n, nint ldv, T* q, nint ldq)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (nint row = 0; row < m; row++)
        {
            new Span<T>(q + (row * ldq), (int)n).Clear();
            if (row < n)
                q[(row * ldq) + row] = T.One;
        }

        using Scratch<T> work = Scratch.Rent<T>(2 * Block * n);
        T* t = stackalloc T[Block * Block];
        for (nint start = (n - 1) / Block * Block; start >= 0; start -= Block)
        {
            nint k = nint.Min(Block, n - start);
            T* block = v + (start * ldv) + start;
            JoinBlock(block, k, m - start, ldv, tau + start, t);
            Apply(false, block, k, m - start, ldv, t, q + (start * ldq) + start, n - start, ldq, work.Pointer);
        }
    }
}
