using System.Numerics;
using System.Numerics.Tensors;

namespace SpectralInit.Kernels;

/// <summary>Thin QR factors A = Q·R of m×n matrices, m ≥ n, row-major, float or double; R has a non-negative diagonal, which makes the factors of a full-rank A unique.</summary>
internal static unsafe class QrFactorization
{
    // Columns of a panel: wider ones move work from matrix products to reflectors.
    private const int Panel = 32;

    /// <summary>
    /// Overwrites A with Q and, unless null, r (n×n) with R. Blocked Householder reflectors: Q has orthonormal columns whatever the rank of A. A must be finite.
    /// </summary>
    public static void Householder<T>(T* a, nint m, nint n, nint lda, T* r, nint ldr)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (n == 0)
            return;
        int exponent = Scale(a, m, n, lda);
        using Scratch<T> reflectors = Scratch.RentCleared<T>(n * m), taus = Scratch.Rent<T>(n), signs = Scratch.Rent<T>(n), work = Scratch.Rent<T>(2 * Kernels.Householder.Block * n);
        T* v = reflectors.Pointer;
        T* t = stackalloc T[Kernels.Householder.Block * Kernels.Householder.Block];
        for (nint start = 0; start < n; start += Panel)
        {
            nint k = nint.Min(Panel, n - start);
            nint end = start + k;
            nint length = m - start;
            FactorPanel(a + (start * lda) + start, length, k, lda, v + (start * m) + start, m, taus.Pointer + start, signs.Pointer + start);
            Kernels.Householder.JoinBlock(v + (start * m) + start, k, length, m, taus.Pointer + start, t);
            Kernels.Householder.Apply(true, v + (start * m) + start, k, length, m, t, a + (start * lda) + end, n - end, lda, work.Pointer);
        }

        if (r is not null)
        {
            for (nint i = 0; i < n; i++)
            {
                new Span<T>(r + (i * ldr), (int)i).Clear();
                for (nint j = i; j < n; j++)
                    r[(i * ldr) + j] = a[(i * lda) + j] * signs.Pointer[i];
                PowerOfTwo.Scale(new Span<T>(r + (i * ldr), (int)n), exponent);
            }
        }

        Kernels.Householder.FormQ(v, taus.Pointer, m, n, m, a, lda);
        ReadOnlySpan<T> flips = new(signs.Pointer, (int)n);
        for (nint i = 0; i < m; i++)
        {
            Span<T> row = new(a + (i * lda), (int)n);
            TensorPrimitives.Multiply(row, flips, row);
        }
    }

    /// <summary>
    /// CholeskyQR2 (Yamamoto et al., "Roundoff error analysis of the Cholesky QR2 algorithm", 2015): Gram, Cholesky, triangular solve, twice. Mostly matrix
    /// products, so the faster choice for tall matrices whose condition is well below 1/√ε (1e7 in double). False when Cholesky fails or the first
    /// pass leaves more than a mild correction to the second; A and r are then destroyed.
    /// </summary>
    public static bool CholeskyTwice<T>(T* a, nint m, nint n, nint lda, T* r, nint ldr)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (n == 0)
            return true;
        using Scratch<T> first = Scratch.Rent<T>(n * n), second = Scratch.Rent<T>(n * n);
        MatrixProduct.Multiply(true, false, n, n, m, T.One, a, lda, a, lda, T.Zero, first.Pointer, n);
        if (!Cholesky.Factor(first.Pointer, n, n))
            return false;
        Triangular.SolveRightTransposed(first.Pointer, n, n, a, m, lda);
        MatrixProduct.Multiply(true, false, n, n, m, T.One, a, lda, a, lda, T.Zero, second.Pointer, n);
        if (!NearIdentity(second.Pointer, n) || !Cholesky.Factor(second.Pointer, n, n))
            return false;
        Triangular.SolveRightTransposed(second.Pointer, n, n, a, m, lda);
        if (r is not null)
        {
            // R = L₂ᵀ·L₁ᵀ, whose product is upper triangular: clear the rounding below.
            MatrixProduct.Multiply(true, true, n, n, n, T.One, second.Pointer, n, first.Pointer, n, T.Zero, r, ldr);
            for (nint i = 0; i < n; i++)
                new Span<T>(r + (i * ldr), (int)i).Clear();
        }

        return true;
    }

    // Each column of the panel is copied to a row, where reflectors are long contiguous streams; the upper triangle of R goes back.
    private static void FactorPanel<T>(T* a, nint m, nint k, nint lda, T* v, nint ldv, T* tau, T* signs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (nint i = 0; i < m; i++)
        {
            for (nint j = 0; j < k; j++)
                v[(j * ldv) + i] = a[(i * lda) + j];
        }

        for (nint j = 0; j < k; j++)
        {
            T* x = v + (j * ldv) + j;
            T beta = Kernels.Householder.Reflect(x, m - j, out tau[j]);
            for (nint other = j + 1; other < k; other++)
            {
                T* y = v + (other * ldv) + j;
                Triangular.AddScaled(-tau[j] * Triangular.Dot(x, y, m - j), x, y, m - j);
            }

            signs[j] = T.CopySign(T.One, beta);
            a[(j * lda) + j] = beta;
            for (nint i = 0; i < j; i++)
            {
                a[(i * lda) + j] = v[(j * ldv) + i];
                v[(j * ldv) + i] = T.Zero;
            }
        }
    }

    // Divides A by the power of two that brings its largest entry to [1, 2), so that norms neither overflow nor vanish; returns the exponent.
    private static int Scale<T>(T* a, nint m, nint n, nint lda)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T largest = T.Zero;
        for (nint i = 0; i < m; i++)
            largest = T.Max(largest, T.Abs(TensorPrimitives.MaxMagnitude(new ReadOnlySpan<T>(a + (i * lda), (int)n))));
        int exponent = largest == T.Zero ? 0 : T.ILogB(largest);
        for (nint i = 0; i < m && exponent != 0; i++)
            PowerOfTwo.Scale(new Span<T>(a + (i * lda), (int)n), -exponent);
        return exponent;
    }

    private static bool NearIdentity<T>(T* gram, nint n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T tolerance = T.CreateTruncating(0.1) / T.Sqrt(T.CreateTruncating(n));
        for (nint i = 0; i < n; i++)
        {
            for (nint j = 0; j < n; j++)
            {
                if (!(T.Abs(gram[(i * n) + j] - (i == j ? T.One : T.Zero)) < tolerance))
                    return false;
            }
        }

        return true;
    }
}
