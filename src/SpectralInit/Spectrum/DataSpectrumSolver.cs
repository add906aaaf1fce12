namespace SpectralInit;

/// <summary>Chooses how to fit a spectrum, as a pure function of (n, d, k) and the options, and runs it.</summary>
internal static class DataSpectrumSolver
{
    /// <summary>The widest covariance and the tallest Gram matrix an array holds.</summary>
    private const int LargestSquare = 46_340;

    public static DataSpectrum Solve(IRowSource rows, DataSpectrumOptions options, IProgress<SolverProgress>? progress, CancellationToken cancellationToken)
    {
        Check(options, rows.Columns);
        if (rows.RowCount is { } known)
            CheckRows(known, options, nameof(rows));
        (SpectrumSolver solver, string reason) = Choose(rows, options);
        return solver switch
        {
            SpectrumSolver.Gram => FromGram(rows, options, reason, progress, cancellationToken),
            SpectrumSolver.MatrixFree => MatrixFreeSpectrum.Solve(rows, options, reason, progress, cancellationToken),
            _ => FromCovariance(rows, options, reason, progress, cancellationToken),
        };
    }

    public static DataSpectrum Solve(CovarianceEstimate covariance, DataSpectrumOptions options, int passes, string reason, IProgress<SolverProgress>? progress, CancellationToken cancellationToken)
    {
        int d = covariance.Dimension;
        Check(options, d);
        int k = options.Components ?? d;
        double trace = 0;
        for (int i = 0; i < d; i++)
            trace += covariance.Values[(i * d) + i];
        LeadingEigenOptions search = new() { Tolerance = options.Tolerance, Seed = options.Seed };
        EigenPairs pairs = SymmetricEigen.Leading(covariance.Values, d, k, search, progress, cancellationToken);
        return new DataSpectrum(covariance.Count, covariance.Mean, pairs, trace, SpectrumSolver.Covariance, $"{reason} {pairs.MethodReason}", passes, Math.ScaleB(d, -52));
    }

    public static void CheckRows(long count, DataSpectrumOptions options, string parameter)
    {
        int least = options.Normalization == CovarianceNormalization.Unbiased ? 2 : 1;
        if (count < least)
            throw new ArgumentException($"A spectrum needs at least {least} rows under {options.Normalization}; there {(count == 1 ? "is 1" : $"are {count}")}.", parameter);
    }

    public static double Divisor(long count, DataSpectrumOptions options) => options.Normalization == CovarianceNormalization.Unbiased ? count - 1 : count;

    /// <summary>
    /// n &lt; d: the Gram matrix costs n²·d instead of n·d². n ≥ d: the covariance, unless few components of many features are wanted: block Krylov
    /// then needs fewer operations than n·d². What does not fit the memory goes matrix-free.
    /// </summary>
    private static (SpectrumSolver Solver, string Reason) Choose(IRowSource rows, DataSpectrumOptions options)
    {
        int d = rows.Columns;
        long? n = rows.RowCount;
        string size = $"{(n is null ? "?" : n)} rows × {d} features, {(options.Components is { } wanted ? wanted : "all")} components:";
        if (options.Solver != SpectrumSolver.Auto)
            return (options.Solver, $"{size} {options.Solver} was asked for.");

        bool covarianceFits = d <= LargestSquare && 24.0 * d * d <= options.MemoryBudget;
        int k = options.Components ?? d;
        bool nullSpace = options.Components is { } asked && n <= asked;
        if (n is { } count && count > 1 && count <= d && !nullSpace)
        {
            double bytes = (24.0 * count * count) + ((rows.IsSingle ? 4.0 : 8.0) * count * d);
            if (count <= LargestSquare && bytes <= options.MemoryBudget)
                return (SpectrumSolver.Gram, $"{size} fewer rows than features, so the n×n Gram matrix is the smaller one.");
            return (SpectrumSolver.MatrixFree, $"{size} neither covariance nor Gram matrix is within the memory budget.");
        }

        if (!covarianceFits)
            return (SpectrumSolver.MatrixFree, $"{size} the covariance would exceed the memory budget.");
        if (n is not null && d > 8192 && k < d / 200)
            return (SpectrumSolver.MatrixFree, $"{size} so few components cost less by products with the rows than the covariance alone.");
        return (SpectrumSolver.Covariance, $"{size} the covariance is made in one pass and fits the memory.");
    }

    private static DataSpectrum FromGram(IRowSource rows, DataSpectrumOptions options, string reason, IProgress<SolverProgress>? progress, CancellationToken cancellationToken)
    {
        RowMoments moments = RowMoments.Of(rows, progress, cancellationToken);
        CheckRows(moments.Count, options, nameof(rows));
        int k = GramSpectrum.Components(rows, moments, options);
        if (options.Solver == SpectrumSolver.Auto && WideSpectrum.Pays(moments.Count, k) && WideSpectrum.Suits(rows, moments.Count, k))
        {
            if (WideSpectrum.Solve(rows, moments, k, options, $"{reason} So few components cost less by products with the rows than that matrix alone.", mayGiveUp: true, progress, cancellationToken) is { } spectrum)
                return spectrum;
            reason += " Products with the rows alone would not have been cheaper: the spectrum decays slowly, or the mean dwarfs the spread.";
        }

        return GramSpectrum.Solve(rows, moments, options, reason, progress, cancellationToken);
    }

    private static DataSpectrum FromCovariance(IRowSource rows, DataSpectrumOptions options, string reason, IProgress<SolverProgress>? progress, CancellationToken cancellationToken)
    {
        CovarianceEstimate covariance = Covariance.Of(rows, options.Normalization, RowProgress.Of(progress, rows.RowCount), cancellationToken);
        return Solve(covariance, options, 1, reason, progress, cancellationToken);
    }

    private static void Check(DataSpectrumOptions options, int columns)
    {
        if (options.Components is < 1 || options.Components > columns)
            throw OptionError.Of(nameof(options.Components), options.Components, $"Components must lie between 1 and the {columns} features.");
        if (!Enum.IsDefined(options.Solver))
            throw OptionError.Of(nameof(options.Solver), options.Solver, "Choose Auto, Covariance, Gram or MatrixFree.");
        if (!Enum.IsDefined(options.Normalization))
            throw OptionError.Of(nameof(options.Normalization), options.Normalization, "Choose Unbiased or MaximumLikelihood.");
        if (!(options.Tolerance > 0 && options.Tolerance < 1))
            throw OptionError.Of(nameof(options.Tolerance), options.Tolerance, "The tolerance must lie between 0 and 1.");
        if (options.MemoryBudget < 0)
            throw OptionError.Of(nameof(options.MemoryBudget), options.MemoryBudget, "The memory budget must not be negative.");
    }
}
