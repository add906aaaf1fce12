using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>
/// The largest eigenvalue of AᵀA by block Lanczos (the Golub–Kahan process on A, two products taken as one), stopped by
/// <see cref="LanczosCertificate"/>.
/// </summary>
internal sealed unsafe class BlockLanczos
{
    /// <summary>Z ← V·AᵀA for the row vectors of a block; <c>step</c> counts the calls.</summary>
    public delegate void GramStep(double* v, double* z, int step);

    /// <summary>
    /// What the leading Ritz vectors (<see cref="Block"/> rows, overwritten) and the numbers that at most p = 0, 1, … eigenvalues exceed tell about another matrix near by.
    /// </summary>
    public delegate SpectralNormResult Transfer(double* vectors, double[] ceilings, int steps);

    /// <summary>Vectors in a block.</summary>
    public const int Block = GramProduct.Vectors;

    private const int FirstCheck = 8;

    // So many steps ahead, what is needed can be told.
    private const double Near = 4;

    // The loosest tolerance is orthogonalized in full.
    private const double LocalTolerance = 1e-6;

    private readonly int _n;
    private readonly GramStep _gram;
    private readonly SpectralNormOptions _options;
    private readonly double _overlapAllowed;

    /// <param name="n">Length of the vectors.</param>
    /// <param name="gram">The product.</param>
    /// <param name="options">Tolerance, probability and seed.</param>
    /// <param name="maxSteps">The most steps, unless memory allows fewer.</param>
    /// <param name="single">The product is rounded to float.</param>
    public BlockLanczos(int n, GramStep gram, SpectralNormOptions options, int maxSteps, bool single = false)
    {
        _n = n;
        _gram = gram;
        _options = options;
        _overlapAllowed = options.Tolerance < LocalTolerance ? 0 : single ? 1e-4 : 1e-10;

        // The basis stays below 2²⁶ values (512 MB), unless so few steps would fit that nothing came of them.
        int affordable = Math.Max(24, (1 << 26) / (Block * n));
        MaxSteps = Math.Max(1, Math.Min(Math.Min(maxSteps, affordable), (n + Block - 1) / Block));
    }

    /// <summary>The most steps.</summary>
    public int MaxSteps { get; }

    /// <summary>Runs until certified or out of steps; values are those of AᵀA's square root.</summary>
    /// <param name="progress">Told the steps done, as "Lanczos".</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <param name="distance">For the matrix B asked about in place of A: no more singular values of B exceed ν + distance than of A exceed ν.</param>
    /// <param name="transfer">From A to B, tried as soon as its certificate can be expected to hold; its result, or that of A where it never did, not converged.</param>
    public SpectralNormResult Run(IProgress<SolverProgress>? progress, CancellationToken cancellationToken, double distance = 0, Transfer? transfer = null)
    {
        using LanczosBasis basis = new(_n, MaxSteps, _overlapAllowed);
        // Not the draw that weights of the same seed are: the matrix must not depend on the start.
        RandomFill.Normal(new Span<double>(basis[0], Block * _n), 0, 1, Seeds.Derive(_options.Seed, "start"));
        double[] start = basis.Start();

        // Where A is only near the matrix asked about, a flat spectrum, which the difference blurs, shows at once.
        int nextCheck = distance > 0 ? 2 : FirstCheck;
        double previousError = 1, counting = LanczosCertificate.CountToBound(_options.FailureProbability);
        int previousCheck = 0;
        for (int step = 0; ; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _gram(basis[step], basis[step + 1], step);
            double[] coupling = basis.Append(step, out bool exhausted);
            progress?.Report(new SolverProgress("Lanczos", step + 1, null));
            if (exhausted || step + 1 >= nextCheck || step + 1 == MaxSteps)
            {
                SpectralNormResult result = Check(basis, step + 1, coupling, start, exhausted, distance, transfer, out double gap, out bool hopeless);
                if (result.Iterations > step + 1)
                    progress?.Report(new SolverProgress("Lanczos", result.Iterations, null));
                if (result.Converged || exhausted || hopeless || step + 1 == MaxSteps)
                    return result;

                // The certified error falls geometrically, and somewhat faster, until the leading values can be counted, and then at once: over random and decaying matrices
                // when it comes to about 0.02·√gap, by how much less certain a count is than a bound. Look again at three quarters of the way, and where that is short, at its end.
                double error = Math.Min(1, result.RelativeError), target = Math.Max(0.018 * Math.Sqrt(gap) * counting, _options.Tolerance);
                double rate = Math.Log(previousError / error) / (step + 1 - previousCheck);
                double needed = rate > 0 ? Math.Log(error / target) / rate : 0;
                nextCheck = Math.Max(FirstCheck, step + 1 + (int)Math.Clamp(Math.Round(needed < Near ? needed : 0.75 * needed), 1, Math.Max(2, step + 1)));
                (previousError, previousCheck) = (error, step + 1);
            }
        }
    }

    private SpectralNormResult Check(LanczosBasis basis, int steps, double[] coupling, double[] start, bool exhausted, double distance, Transfer? transfer, out double gap, out bool hopeless)
    {
        int m = steps * Block;
        using Scratch<double> projected = Scratch.Rent<double>((long)m * m);
        basis.Projected(projected.Pointer);
        ProjectedSpectrum pairs = new(projected.Pointer, m);
        double[] last = new double[m * Block], residuals = new double[m];
        for (int j = 0; j < m; j++)
        {
            for (int i = 0; i < Block; i++)
            {
                double sum = 0;
                for (int k = 0; k < Block; k++)
                    sum += coupling[(i * Block) + k] * pairs.Last[(j * Block) + k];
                last[(j * Block) + i] = sum;
                residuals[j] += sum * sum;
            }
        }

        double theta = Math.Max(0, pairs.Values[0]), sigma = Math.Sqrt(theta);
        gap = theta == 0 || m < 2 ? 0 : (theta - Math.Max(0, pairs.Values[1])) / (2 * theta);
        hopeless = distance > _options.Tolerance * sigma && !SeparatesBy(distance, pairs.Values);
        double[] ceilings = theta > 0 ? new LanczosCertificate(start, pairs.Values, pairs.First, last).Ceilings(_options.FailureProbability, _options.Tolerance, distance, residuals) : [exhausted ? 0 : double.PositiveInfinity];

        for (int p = 0; p < ceilings.Length; p++)
            ceilings[p] = distance == 0 ? ceilings[p] : Math.Pow(Math.Sqrt(ceilings[p]) + distance, 2);
        SpectralNormResult result = new()
        {
            Value = sigma,
            Upper = Math.Max(sigma, Math.Sqrt(LanczosCertificate.Upper(ceilings, pairs.Values, residuals))),
            Residual = theta == 0 ? 0 : Math.Sqrt(residuals[0]) / theta,
            Iterations = steps,
            Method = SpectralNormMethod.Lanczos,
            FailureProbability = _options.FailureProbability,
            Converged = false,
        };
        if (result.RelativeError > _options.Tolerance)
            return result;
        if (transfer == null)
            return result with { Converged = true };
        using Scratch<double> vectors = Scratch.RentCleared<double>(Block * (long)_n);
        basis.Combine(pairs.Vectors(Block), vectors.Pointer);
        return transfer(vectors.Pointer, ceilings, steps);
    }

    // Whether any of the leading singular values lies farther above the next than a matrix near by may be: otherwise there is nothing to count that would hold for that.
    private static bool SeparatesBy(double distance, double[] values)
    {
        for (int p = 1; p <= Math.Min(LanczosCertificate.MostCounted, values.Length - 1); p++)
        {
            if (Math.Sqrt(Math.Max(0, values[p - 1])) - Math.Sqrt(Math.Max(0, values[p])) > distance)
                return true;
        }

        return false;
    }
}
