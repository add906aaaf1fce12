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
/// If λ is an eigenvalue with unit vector x then Vᵀx = (λ − T)⁻¹E_kBᵀy, y = Qᵀx, so Gᵀx = RᵀE₁ᵀ(λ − T)⁻¹E_kBᵀ·y. With ‖Vᵀx‖² + ‖y‖² ≤ 1 that bounds ‖Gᵀx‖ by a
/// reach h(λ). But G is random and x is not: ‖Gᵀx‖ is not small. An eigenvalue where h is too small for that does not exist.
/// </para>
/// <para>
/// The same for p + 1 eigenvalues above ν: a combination of their vectors is orthogonal to the first p Ritz vectors, so the reach loses its first p terms and ν may lie below
/// the p-th Ritz value; Gᵀ times p + 1 orthonormal vectors is a b×(p+1) Gaussian matrix, whose smallest singular value is bounded below with probability 1 − δ (Edelman 1988;
/// Chen and Dongarra 2005, Lemma 3.3). The i-th largest eigenvalue is no less than the i-th Ritz value, so only one of the p + 1 need be sought as far down as ν.
/// </para>
/// <para>
/// Then at most p eigenvalues exceed ν, as many as Ritz values do, so A − ν has a Schur complement ⪯ 0 on T − ν, and Lehmann's bound holds: the largest eigenvalue is at most
/// the μ &gt; θ₁ where Σ_{j≤p} r_j²/((θ_j − ν)(μ − θ_j)) = 1, r_j the residuals: quadratic in them, where the first bound is linear.
/// </para>
/// <para>h falls like the reciprocal of a Krylov polynomial beyond ν; its maximum over λ ≥ ν is taken on a geometric grid. Rounding errors of the products are not part of the bound.</para>
/// </remarks>
internal sealed class LanczosCertificate
{
    /// <summary>The most eigenvalues counted.</summary>
    public const int MostCounted = 3;

    // Of the failure probability, by the number of eigenvalues counted: 1 is what mostly decides, and more than 3 cost certainty and bring nothing.
    private static readonly double[] s_shares = [0.05, 0.8, 0.12, 0.03];

    // Of the gap below θ_p: ν is not sought nearer to it, lest it spoils the divisions.
    private const double NearestCeiling = 0.02;

    // b, the vectors in a block.
    private const int Block = BlockLanczos.Block;

    private readonly double[] _values;
    private readonly double[] _start;
    private readonly double[] _last;
    private readonly double[] _pencil;

    /// <param name="startFactor">R, b×b.</param>
    /// <param name="values">Ritz values, descending.</param>
    /// <param name="first">m×b: the first entries of the Ritz vectors, row j of the one of value j.</param>
    /// <param name="last">m×b: row j is s_jᵀE_kBᵀ, whose norm is the residual of Ritz pair j.</param>
    public LanczosCertificate(double[] startFactor, double[] values, double[] first, double[] last)
    {
        int m = values.Length;
        _values = values;
        _last = last;
        _pencil = new double[3 * Block * Block];
        _start = new double[Block * m];
        for (int i = 0; i < Block; i++)
        {
            for (int k = 0; k < Block; k++)
            {
                for (int j = 0; j < m; j++)
                    _start[(j * Block) + i] += startFactor[(k * Block) + i] * first[(j * Block) + k];
            }
        }
    }

    /// <summary>For p = 0, 1, … a number that at most p eigenvalues exceed, infinite where none was found; all together wrong with probability at most <paramref name="failure"/>.</summary>
    /// <param name="failure">The probability.</param>
    /// <param name="tolerance">Relative error of the largest root to be certified by them: as far below the Ritz values as Lehmann's bound needs for that.</param>
    /// <param name="distance">What will be added to their roots, and does as much to the residuals, where another matrix is asked about.</param>
    /// <param name="residuals">Squared residuals of the Ritz pairs.</param>
    public double[] Ceilings(double failure, double tolerance, double distance, ReadOnlySpan<double> residuals)
    {
        int most = Math.Min(MostCounted, _values.Length - 1);
        double top = _values[0], change = 2 * Math.Sqrt(top) * distance, error = 0;
        double[] ceilings = new double[most + 1];
        Array.Fill(ceilings, double.PositiveInfinity);
        for (int p = 0; p <= most; p++)
        {
            double limit = SmallestSingularValue(Block, p, failure * s_shares[p]);
            double low = p == 0 ? top : _values[p], high = p == 0 ? 2 * top : _values[p - 1];
            double probe = high;
            if (p > 0)
            {
                // ν as far up as it may lie, where it shows first: Lehmann's bound at half the tolerance.
                error += residuals[p - 1] + (change * change);
                probe -= Math.Max(NearestCeiling * (high - low), change + (error / (tolerance * top)));
            }

            if (!(probe > low) || !Excluded(probe))
                continue;
            if (p > 0)
            {
                // What the other p eigenvalues may contribute, the i-th from θ_i on.
                double reach = 0, taken = 0;
                for (int octave = 0; octave <= 24; octave += 3)
                    reach = Math.Max(reach, Reach(p, top + Math.ScaleB(top, -octave)));
                for (int j = 0; j < p; j++)
                {
                    for (int octave = 6; octave <= 26; octave += 2)
                        reach = Math.Max(reach, Reach(p, _values[j] + Math.ScaleB(top, -octave)));
                    taken += reach * reach;
                }

                limit = Math.Sqrt(Math.Max(0, (limit * limit) - taken));
                if (!Excluded(probe))
                    continue;
            }

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
            if (beyond)
                ceilings[p] = to;

            bool Excluded(double lambda) => Reach(p, lambda) < limit;
        }

        return ceilings;
    }

    /// <summary>An upper bound of the largest eigenvalue of any positive semidefinite A, given numbers that at most p of its eigenvalues exceed.</summary>
    /// <param name="ceilings">For p = 0, 1, …</param>
    /// <param name="values">Ritz values of A for one subspace, descending.</param>
    /// <param name="residuals">Squared residuals of the Ritz pairs.</param>
    public static double Upper(ReadOnlySpan<double> ceilings, ReadOnlySpan<double> values, ReadOnlySpan<double> residuals)
    {
        double best = ceilings[0];
        for (int p = 1; p < ceilings.Length; p++)
            best = Math.Min(best, Lehmann(values[..p], residuals, ceilings[p]));
        return best;
    }

    // μ > θ₁ with Σ_{j<p} r_j²/((θ_j − ν)(μ − θ_j)) = 1: between θ₁ and θ₁ + Σ r_j²/(θ_j − ν).
    private static double Lehmann(ReadOnlySpan<double> values, ReadOnlySpan<double> residuals, double nu)
    {
        double top = values[0], width = 0;
        Span<double> weights = stackalloc double[values.Length];
        for (int j = 0; j < values.Length; j++)
        {
            if (!(values[j] > nu))
                return double.PositiveInfinity;
            weights[j] = residuals[j] / (values[j] - nu);
            width += weights[j];
        }

        double below = 0;
        for (int i = 0; i < 60 && width > 0; i++)
        {
            double middle = (below + width) / 2, sum = 0;
            for (int j = 0; j < values.Length; j++)
                sum += weights[j] / (top - values[j] + middle);
            if (sum <= 1)
                width = middle;
            else
                below = middle;
        }

        return top + width;
    }

    /// <summary>What a count of one eigenvalue may reach beside what a bound of the largest may.</summary>
    public static double CountToBound(double failure) => SmallestSingularValue(Block, 1, failure * s_shares[1]) / SmallestSingularValue(Block, 0, failure * s_shares[0]);

    /// <summary>τ with P(σ_min(b×(p+1) Gaussian) &lt; τ) ≤ δ.</summary>
    // The density of λ = σ_min² is at most L·λ^(e/2 − 1), e = b − p and L = 2^(e/2 − 1)·Γ((b + 1)/2)/(Γ((p + 1)/2)·Γ(e)).
    public static double SmallestSingularValue(int block, int p, double failure)
    {
        double e = block - p;
        double logarithm = (((e / 2) - 1) * Math.Log(2)) + SpecialFunctions.GammaLn((block + 1) / 2.0) - SpecialFunctions.GammaLn((p + 1) / 2.0) - SpecialFunctions.GammaLn(e);
        return Math.Exp((Math.Log(failure * e / 2) - logarithm) / e);
    }

    /// <summary>
    /// At least the largest ‖M·y‖ under yᵀN·y ≤ 1, with M = Σ_{j≥p} Rᵀf_j·l_jᵀ/(λ − θ_j) and N = I + Σ_j l_j·l_jᵀ/(λ − θ_j)²: the 2-norm of M·K⁻ᵀ, N = KKᵀ, bounded from
    /// above by its Schatten 16-norm.
    /// </summary>
    private double Reach(int p, double lambda)
    {
        int m = _values.Length, b = Block;
        Span<double> image = _pencil.AsSpan(0, b * b), metric = _pencil.AsSpan(b * b, b * b), square = _pencil.AsSpan(2 * b * b, b * b);
        ref double rows = ref MemoryMarshal.GetArrayDataReference(_last);
        image.Clear();
        metric.Clear();
        for (int j = 0; j < m; j++)
        {
            double inverse = 1 / (lambda - _values[j]);
            Vector256<double> row = Vector256.LoadUnsafe(ref rows, (nuint)(j * b)) * inverse;
            for (int i = 0; i < b; i++)
            {
                ref double weighted = ref metric[i * b], sum = ref image[i * b];
                (Vector256.LoadUnsafe(ref weighted) + (row * (_last[(j * b) + i] * inverse))).StoreUnsafe(ref weighted);
                if (j >= p)
                    (Vector256.LoadUnsafe(ref sum) + (row * _start[(j * b) + i])).StoreUnsafe(ref sum);
            }
        }

        for (int i = 0; i < b; i++)
            metric[(i * b) + i] += 1;

        // K in the lower triangle of N, and every row of M solved with it: rows of M·K⁻ᵀ.
        for (int j = 0; j < b; j++)
        {
            for (int i = j; i < b; i++)
            {
                double rest = metric[(i * b) + j];
                for (int k = 0; k < j; k++)
                    rest -= metric[(i * b) + k] * metric[(j * b) + k];
                metric[(i * b) + j] = i == j ? Math.Sqrt(Math.Max(1, rest)) : rest / metric[(j * b) + j];
            }
        }

        double trace = 0;
        for (int i = 0; i < b; i++)
        {
            for (int j = 0; j < b; j++)
            {
                double rest = image[(i * b) + j];
                for (int k = 0; k < j; k++)
                    rest -= image[(i * b) + k] * metric[(j * b) + k];
                image[(i * b) + j] = rest / metric[(j * b) + j];
                trace += image[(i * b) + j] * image[(i * b) + j];
            }
        }

        if (!(trace > 0) || !double.IsFinite(trace))
            return trace == 0 ? 0 : double.PositiveInfinity;

        // S = M·N⁻¹·Mᵀ ÷ trace, S², S⁴: λ_max(S)⁸ ≤ tr S⁸ = ‖S⁴‖²_F.
        OuterProduct(image, square, 1 / trace);
        OuterProduct(square, metric, 1);
        OuterProduct(metric, square, 1);
        double frobenius = 0;
        foreach (double value in square)
            frobenius += value * value;
        return Math.Sqrt(trace * Math.Pow(frobenius, 0.125));
    }

    // target ← factor·A·Aᵀ.
    private static void OuterProduct(ReadOnlySpan<double> a, Span<double> target, double factor)
    {
        int b = Block;
        for (int i = 0; i < b; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int k = 0; k < b; k++)
                    sum += a[(i * b) + k] * a[(j * b) + k];
                target[(i * b) + j] = target[(j * b) + i] = factor * sum;
            }
        }
    }
}
