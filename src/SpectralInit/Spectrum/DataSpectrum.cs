using System.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace SpectralInit;

/// <summary>The principal components of data: mean, leading eigenvalues and directions of the covariance.</summary>
public sealed class DataSpectrum
{
    private readonly double _rankTolerance;

    internal DataSpectrum(long count, double[] mean, EigenPairs components, double totalVariance, SpectrumSolver solver, string reason, int passes, double rankTolerance)
    {
        Count = count;
        Mean = mean;
        Components = components;
        TotalVariance = totalVariance;
        Solver = solver;
        SolverReason = reason;
        Passes = passes;
        _rankTolerance = rankTolerance;
    }

    /// <summary>Rows seen, n.</summary>
    public long Count { get; }

    /// <summary>Features, d.</summary>
    public int Dimension => Mean.Length;

    /// <summary>The mean row, d values.</summary>
    public double[] Mean { get; }

    /// <summary>
    /// Leading eigenpairs of the covariance. Residuals are in its units: measured by the covariance and matrix-free solvers on what they
    /// multiplied with, bounded through the Gram matrix where n ≤ d.
    /// </summary>
    public EigenPairs Components { get; }

    /// <summary>Trace of the covariance: the variance of all features together.</summary>
    public double TotalVariance { get; }

    /// <summary>The solver used.</summary>
    public SpectrumSolver Solver { get; }

    /// <summary>Why this solver, in words.</summary>
    public string SolverReason { get; }

    /// <summary>Passes over the rows; 0 for a given covariance.</summary>
    public int Passes { get; }

    /// <summary>λᵢ ÷ total variance of each component; zeros for constant data.</summary>
    public double[] ExplainedVarianceRatio => [.. Components.Values.Select(value => TotalVariance > 0 ? Math.Max(0, value) / TotalVariance : 0)];

    /// <summary>Mean variance of the directions not fitted, of which there are min(d, n−1) − k; 0 where there are none (probabilistic PCA, Tipping and Bishop 1999).</summary>
    public double NoiseVariance
    {
        get
        {
            long rest = Math.Min(Dimension, Count - 1) - Components.Count;
            return rest > 0 ? Math.Max(0, TotalVariance - Components.Values.Sum()) / rest : 0;
        }
    }

    /// <summary>
    /// Fitted directions the data vary along: eigenvalues above d·2⁻⁵²·λ₁, or 10⁻⁶·λ₁ where products of floats were the way to them; 0 for constant data.
    /// </summary>
    public int Rank
    {
        get
        {
            double threshold = Components.Count == 0 ? 0 : _rankTolerance * Components.Values[0];
            return Components.Values.Count(value => value > threshold);
        }
    }

    /// <summary>True when no direction with variance is missing: <see cref="Rank"/> is the rank of the data, not a limit of the fit.</summary>
    public bool IsExhausted => Rank < Components.Count || Components.Count >= Math.Min(Dimension, Count - 1);

    /// <summary>Counts, components and the share of the variance they hold.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Components.Count} of {Dimension} components of {Count:N0} rows, {ExplainedVarianceRatio.Sum():P1} of the variance, by {Solver} (SpectrumReport tells more)");

    /// <summary>Projects rows onto the components: (x − μ)·V, the scores of principal component analysis.</summary>
    /// <param name="rows">A whole number n of rows of d features, row-major; they need not be those fitted.</param>
    /// <param name="destination">n × k scores, row-major, k = <see cref="Components"/>.Count; overwritten.</param>
    /// <exception cref="ArgumentException">A length does not fit; then nothing is written.</exception>
    public void Transform(ReadOnlySpan<double> rows, Span<double> destination) => CenteredProduct.Of(rows, Mean, Components.Vectors, Components.Count, destination);

    /// <summary>Fits the spectrum of streamed rows.</summary>
    /// <param name="rows">n × d finite rows, n ≥ 2 (1 under <see cref="CovarianceNormalization.MaximumLikelihood"/>). Gram and matrix-free solvers open the source more than once.</param>
    /// <param name="options">Components, solver, memory; defaults when null.</param>
    /// <param name="progress">Told of rows read ("rows") and components found ("Krylov") or the percent done ("direct").</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    /// <exception cref="ArgumentNullException"><paramref name="rows"/> is null.</exception>
    /// <exception cref="ArgumentException">There are too few rows, a value is not finite, or sums of squares overflow.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range for these rows.</exception>
    public static DataSpectrum Fit(IRowSource rows, DataSpectrumOptions? options = null, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RowReading.Check(rows);
        return DataSpectrumSolver.Solve(rows, options ?? new(), progress, cancellationToken);
    }

    /// <summary>Fits the spectrum of rows in an array.</summary>
    /// <typeparam name="T">float, double or Half.</typeparam>
    /// <param name="values">n·d values, row-major.</param>
    /// <param name="columns">Features per row, d ≥ 1.</param>
    /// <param name="options">Components, solver, memory; defaults when null.</param>
    /// <param name="progress">Told of rows read ("rows") and components found ("Krylov") or the percent done ("direct").</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    /// <inheritdoc cref="Fit(IRowSource, DataSpectrumOptions?, IProgress{SolverProgress}, CancellationToken)" path="/exception"/>
    public static DataSpectrum Fit<T>(T[] values, int columns, DataSpectrumOptions? options = null, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Fit(RowSource.From(values, columns), options, progress, cancellationToken);

    /// <summary>Fits the spectrum of the rows of a MathNet matrix.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="rows">n × d values.</param>
    /// <param name="options">Components, solver, memory; defaults when null.</param>
    /// <param name="progress">Told of rows read ("rows") and components found ("Krylov") or the percent done ("direct").</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    /// <inheritdoc cref="Fit(IRowSource, DataSpectrumOptions?, IProgress{SolverProgress}, CancellationToken)" path="/exception"/>
    public static DataSpectrum Fit<T>(Matrix<T> rows, DataSpectrumOptions? options = null, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Fit(RowSource.From(rows), options, progress, cancellationToken);

    /// <summary>Fits the spectrum of a finished covariance.</summary>
    /// <param name="covariance">The covariance.</param>
    /// <param name="options">Components, tolerance, seed; <see cref="DataSpectrumOptions.Normalization"/> is the covariance's own. Defaults when null.</param>
    /// <param name="progress">Told of components found ("Krylov") or the percent done ("direct").</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <exception cref="ArgumentNullException"><paramref name="covariance"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">More components than features, or an option out of range.</exception>
    public static DataSpectrum Fit(CovarianceEstimate covariance, DataSpectrumOptions? options = null, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(covariance);
        return DataSpectrumSolver.Solve(covariance, options ?? new(), 0, "A covariance was given.", progress, cancellationToken);
    }
}
