using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>Chooses between the direct solver and block Krylov, and turns either's answer into <see cref="EigenPairs"/>.</summary>
internal static unsafe class LeadingEigenSolver
{
    /// <summary>Below this size the direct solver has finished before a Krylov basis is worth building.</summary>
    private const int DirectBelow = 192;

    /// <summary>By measurement: n²/FlatScale leading pairs of a Wishart matrix take block Krylov as long as the direct solver, n = 256 … 2048.</summary>
    private const int FlatScale = 23_000;

    private const long BasisBytes = 512L << 20;

    public static EigenPairs Solve(ReadOnlySpan<double> matrix, int n, int count, double asymmetry, LeadingEigenOptions options, IProgress<SolverProgress>? progress, CancellationToken cancellationToken)
    {
        Check(options);
        int basis = BasisLimit(n, count, options);
        string reason = Refusal(n, count, basis, options.Solver);
        if (reason.Length > 0)
            return Direct(matrix, n, count, reason, progress, cancellationToken);

        int exponent = SymmetricInput.Exponent(matrix, n);
        using PanelOperator scaled = new(matrix, n, exponent, asymmetry);
        KrylovSettings settings = Settings(n, count, basis, options, progress, cancellationToken) with
        {
            // A basis of 0.6·n costs what the direct solver does, which is then cheaper than the rest of a long way; a spectrum so flat that the residuals
            // hardly fall takes a basis of that size for more than about n²/FlatScale pairs, and tells so early.
            GiveUpAt = options.Solver == EigenSolver.Krylov ? int.MaxValue : (int)(0.75 * n),
            HopelessAt = options.Solver == EigenSolver.Krylov || count <= (long)n * n / FlatScale ? double.PositiveInfinity : 1.25 * n,
        };
        using BlockKrylov solver = new(scaled, settings);
        KrylovResult result = solver.Run();
        if (!result.Converged && options.Solver == EigenSolver.Auto)
            return Direct(matrix, n, count, $"Krylov had not converged after {result.Steps} block steps; the direct solver is cheaper than going on.", progress, cancellationToken);
        EigenPairs pairs = Wrap(n, result, exponent, $"{count} of {n} pairs: block Krylov.");
        return TensorPrimitives.IsFiniteAll<double>(pairs.Values)
            ? pairs
            : throw DenseArgument.TooLarge(nameof(matrix));
    }

    public static EigenPairs Solve(ILinearOperator symmetric, int count, LeadingEigenOptions options, IProgress<SolverProgress>? progress, CancellationToken cancellationToken)
    {
        Check(options);
        int n = symmetric.Rows, basis = BasisLimit(n, count, options);
        string reason = Refusal(n, count, basis, options.Solver);
        if (reason.Length == 0)
        {
            RangedOperator ranged = new(symmetric);
            using BlockKrylov solver = new(ranged, Settings(n, count, basis, options, progress, cancellationToken));
            KrylovResult result = solver.Run();
            ranged.Restore(result.Values, result.Residuals, nameof(symmetric));
            return Wrap(n, result, 0, $"{count} of {n} pairs: block Krylov.");
        }

        return Direct(DenseArgument.WriteOut(symmetric, cancellationToken), n, count, reason, progress, cancellationToken);
    }

    /// <summary>True when a Krylov method would not be used for an operator of this size.</summary>
    public static bool PrefersDirect(int n, int count, LeadingEigenOptions options)
    {
        Check(options);
        return Refusal(n, count, BasisLimit(n, count, options), options.Solver).Length > 0;
    }

    private static EigenPairs Direct(ReadOnlySpan<double> matrix, int n, int count, string reason, IProgress<SolverProgress>? progress, CancellationToken cancellationToken) =>
        SymmetricEigen.Decompose(matrix, n, count, DirectProgress.Of(progress), cancellationToken).With(reason);

    private static KrylovSettings Settings(int n, int count, int basis, LeadingEigenOptions options, IProgress<SolverProgress>? progress, CancellationToken cancellationToken) =>
        new(count, options.Tolerance, basis, options.MaxProducts ?? (20L * n) + 1000, options.Seed) { Progress = progress, CancellationToken = cancellationToken };

    private static int BasisLimit(int n, int count, LeadingEigenOptions options) =>
        options.BasisSize ?? (int)Math.Clamp(Math.Min((12L * count) + 64, BasisBytes / (8L * Math.Max(1, n))), Math.Min((2L * count) + 64, n), int.MaxValue);

    private static string Refusal(int n, int count, int basis, EigenSolver solver)
    {
        if (solver == EigenSolver.Direct)
            return "The direct solver was asked for.";
        if (count == 0 || !BlockKrylov.Suits(n, count, basis))
            return $"{count} of {n} pairs leave no room for a Krylov basis.";
        if (solver == EigenSolver.Krylov)
            return "";
        if (n < DirectBelow)
            return $"A matrix of {n} is small for a Krylov method.";
        return count > n / 6 ? $"{count} of {n} pairs are too many for a Krylov method to pay." : "";
    }

    private static void Check(LeadingEigenOptions options)
    {
        if (!(options.Tolerance > 0 && options.Tolerance < 1))
            throw OptionError.Of(nameof(options.Tolerance), options.Tolerance, "The tolerance must lie between 0 and 1.");
        if (!Enum.IsDefined(options.Solver))
            throw OptionError.Of(nameof(options.Solver), options.Solver, "Choose Auto, Direct or Krylov.");
        if (options.BasisSize < 1)
            throw OptionError.Of(nameof(options.BasisSize), options.BasisSize, "The basis size must be positive.");
        if (options.MaxProducts < 1)
            throw OptionError.Of(nameof(options.MaxProducts), options.MaxProducts, "The number of products must be positive.");
    }

    private static EigenPairs Wrap(int n, KrylovResult result, int exponent, string reason)
    {
        for (int i = 0; i < result.Values.Length; i++)
        {
            result.Values[i] = Math.ScaleB(result.Values[i], exponent);
            result.Residuals[i] = Math.ScaleB(result.Residuals[i], exponent);
            Span<double> vector = result.Vectors.AsSpan(i * n, n);
            if (SignRule.WantsNegation(vector))
                TensorPrimitives.Negate(vector, vector);
        }

        return new EigenPairs(n, result.Values, result.Vectors)
        {
            Residuals = result.Residuals,
            Method = EigenMethod.BlockKrylov,
            MethodReason = result.Converged ? reason : reason + " The limit of products was reached before every residual met the tolerance.",
            Converged = result.Converged,
            Products = result.Products,
            Iterations = result.Steps,
        };
    }

    /// <summary>2⁻ᵉ·A, checked and packed once for the many products to come.</summary>
    private sealed class PanelOperator : ILinearOperator, IDisposable
    {
        private readonly SymmetricPanels _panels;

        public PanelOperator(ReadOnlySpan<double> matrix, int n, int exponent, double asymmetry)
        {
            Rows = n;
            _panels = new SymmetricPanels(matrix, n, exponent);
            if (_panels.Asymmetry <= 2 * asymmetry)
                return;
            _panels.Dispose();
            throw SymmetricInput.NotSymmetric(matrix, n);
        }

        public int Rows { get; }

        public int Columns => Rows;

        public void Apply(ReadOnlySpan<double> x, Span<double> y) => ApplyBlock(1, x, y);

        public void ApplyTranspose(ReadOnlySpan<double> x, Span<double> y) => ApplyBlock(1, x, y);

        public void ApplyBlock(int count, ReadOnlySpan<double> x, Span<double> y)
        {
            fixed (double* px = x, py = y)
                _panels.Multiply(count, px, py);
        }

        public void Dispose() => _panels.Dispose();
    }
}
