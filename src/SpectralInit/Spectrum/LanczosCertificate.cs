using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MathNet.Numerics;

namespace SpectralInit;

/// <summary>
/// An upper bound for the largest eigenvalue of a symmetric positive semidefinite A after k steps of block Lanczos from a Gaussian start G = Q₁R:
/// A·V = V·T + Q·B·E_kᵀ.
/// </summary>
/// <remarks>
/// <para>
/// The idea is that of van Dorsselaer, Hochstenbach and van der Vorst (SIAM J. Matrix Anal. Appl. 22, 2000; Hochstenbach 2013 for the norm), here for blocks.
/// If λ is an eigenvalue with unit vector x then Vᵀx = (λ − T)⁻¹E_kBᵀQᵀx, so the start block sees x with ‖Q₁ᵀx‖ ≤ ‖H(λ)‖, H(λ) = E₁ᵀ(λ − T)⁻¹E_kBᵀ.
/// But G is random and x is not: ‖Q₁ᵀx‖ ≥ ‖Gᵀx‖/‖R‖ is not small. An eigenvalue where ‖H‖ is too small for that does not exist.
/// </para>
/// <para>
/// The same for p + 1 eigenvalues above ν: a combination of their vectors is orthogonal to the first p Ritz vectors, so H loses its first p terms and ν may lie below the p-th
/// Ritz value; Gᵀ times p + 1 orthonormal vectors is a b×(p+1) Gaussian matrix, whose smallest singular value is bounded below with probability 1 − δ (Edelman 1988; Chen and
/// Dongarra 2005, Lemma 3.3). The i-th largest eigenvalue is no less than the i-th Ritz value, so only one of the p + 1 need be sought as far down as ν. Then at most p eigenvalues exceed ν, and Temple's and Lehmann's inequality bounds the largest by
/// θ₁ + Σ_{j≤p} r_j²/(θ_j − ν), r_j the residuals: quadratic in them, where the first bound is linear.
/// </para>
/// <para>‖H(λ)‖ falls like the reciprocal of a Krylov polynomial beyond ν; its maximum over λ ≥ ν is taken on a geometric grid. Rounding errors of the products are not part of the bound.</para>
/// </remarks>
internal static class LanczosCertificate
{
    /// <param name="block">b = 8, the block size.</param>
    /// <param name="startNorm">‖R‖₂ of the start block.</param>
    /// <param name="values">Ritz values, descending.</param>
    /// <param name="first">b×m: the first block of rows of the Ritz vectors (column j belongs to value j).</param>
    /// <param name="last">m×b: row j is s_jᵀE_kBᵀ, whose norm is the residual of Ritz pair j.</param>
    /// <param name="failure">δ.</param>
    /// <returns>An upper bound of the largest eigenvalue, or infinity.</returns>
    public static double Upper(int block, double startNorm, double[] values, double[] first, double[] last, double failure)
    {
        int m = values.Length, most = Math.Min(block / 2, m - 1);
        double top = values[0], best = double.PositiveInfinity, residuals = 0;
        double share = failure / (most + 1);
        for (int p = 0; p <= most; p++)
        {
            double limit = SmallestSingularValue(block, p, share) / startNorm;
            double low = p == 0 ? top : values[p], high = p == 0 ? 2 * top : values[p - 1];
            if (p > 0)
            {
                for (int i = 0; i < block; i++)
                    residuals += last[((p - 1) * block) + i] * last[((p - 1) * block) + i];
            }

            if (p > 0)
            {
                if (!(high > low))
                    continue;

                // What the other p eigenvalues may contribute, the i-th from θ_i on.
                double reach = 0, taken = 0;
                for (int octave = 0; octave <= 24; octave += 3)
                    reach = Math.Max(reach, CouplingNorm(block, values, first, last, p, top + Math.ScaleB(top, -octave)));
                for (int j = 0; j < p; j++)
                {
                    reach = Math.Max(reach, CouplingNorm(block, values, first, last, p, values[j]));
                    taken += reach * reach;
                }

                limit = Math.Sqrt(Math.Max(0, (limit * limit) - taken));
            }

            // ν as far up as it must be, and no higher; at p ≥ 1 a ν close to θ_p spoils the division below.
            double probe = p == 0 ? high : low + (0.9 * (high - low));
            if (!(high > low) || !Excluded(probe))
                continue;
            // Halve the distance to the bottom of the interval while that still excludes, then bisect; relative to the interval, so that tight bounds show.
            const int Halvings = 50, Bisections = 4;
            (double from, double to) = (low, probe);
            for (int i = 0; i < Halvings && Excluded(low + ((to - low) / 2)); i++)
                to = low + ((to - low) / 2);
            from += (to - low) / 2;
            for (int i = 0; i < Bisections; i++)
            {
                double middle = (from + to) / 2;
                if (Excluded(middle))
                    to = middle;
                else
                    from = middle;
            }

            // Beyond ν too: a geometric grid up to twice the norm.
            bool beyond = true;
            for (int octave = 0; beyond && octave <= 24; octave += 3)
                beyond = Excluded(to + Math.ScaleB(top, -octave));
            if (!beyond)
                continue;

            double upper = to;
            if (p > 0)
            {
                upper = top;
                for (int j = 0; j < p; j++)
                {
                    double square = 0;
                    for (int i = 0; i < block; i++)
                        square += last[(j * block) + i] * last[(j * block) + i];
                    upper += square == 0 ? 0 : values[j] > to ? square / (values[j] - to) : double.PositiveInfinity;
                }
            }

            best = Math.Min(best, upper);

            bool Excluded(double lambda) => CouplingNorm(block, values, first, last, p, lambda) < limit;
        }

        return best;
    }

    // τ with P(σ_min(b×(p+1) Gaussian) < τ) ≤ δ: the density of λ = σ_min² is at most L·λ^(e/2 − 1), e = b − p and
    // L = 2^(e/2 − 1)·Γ((b + 1)/2)/(Γ((p + 1)/2)·Γ(e)).
    private static double SmallestSingularValue(int block, int p, double failure)
    {
        double e = block - p;
        double logarithm = (((e / 2) - 1) * Math.Log(2)) + SpecialFunctions.GammaLn((block + 1) / 2.0) - SpecialFunctions.GammaLn((p + 1) / 2.0) - SpecialFunctions.GammaLn(e);
        return Math.Exp((Math.Log(failure * e / 2) - logarithm) / e);
    }

    // A bound of ‖H_p(λ)‖₂: the Frobenius norm of the b×b matrix Σ_{j>p} f_j·l_jᵀ/(λ − θ_j).
    private static double CouplingNorm(int block, double[] values, double[] first, double[] last, int p, double lambda)
    {
        int m = values.Length;
        Vector512<double> square = Vector512<double>.Zero;
        ref double rows = ref MemoryMarshal.GetArrayDataReference(last);
        for (int i = 0; i < block; i++)
        {
            Vector512<double> sum = Vector512<double>.Zero;
            for (int j = p; j < m; j++)
                sum += Vector512.LoadUnsafe(ref rows, (nuint)(j * block)) * (first[(i * m) + j] / (lambda - values[j]));
            square += sum * sum;
        }

        return Math.Sqrt(Vector512.Sum(square));
    }
}
