namespace SpectralInit;

/// <summary>
/// The average gradient outer product (AGOP) M = 1/m Σⱼ Σ_c ∇f_c(xⱼ)∇f_c(xⱼ)ᵀ of a kernel ridge predictor f fitted to labelled rows: the directions
/// of the input along which the answer changes. Radhakrishnan, Beaglehole, Pandit and Belkin, "Mechanism for feature learning in neural networks and
/// backpropagation-free machine learning models", Science 383 (2024).
/// </summary>
/// <remarks>
/// The kernel is exp(−‖x − z‖/L) with L the median distance between centres; classes are one-hot, all targets centred. Where there are no more
/// rows than features everything is computed in the span of the rows, so no d×d matrix appears. A large source is subsampled, each class keeping its share.
/// </remarks>
public sealed class GradientOuterProduct
{
    private const int MostCovarianceFeatures = 4096;

    private GradientOuterProduct(double[] mean, EigenPairs components, InputScale inputs, int centers, double bandwidth, double leaveOneOutError, IReadOnlyList<string> warnings)
    {
        Mean = mean;
        Components = components;
        Inputs = inputs;
        Centers = centers;
        Bandwidth = bandwidth;
        LeaveOneOutError = leaveOneOutError;
        Warnings = warnings;
    }

    /// <summary>Features, d.</summary>
    public int Dimension => Mean.Length;

    /// <summary>The mean of the rows, d values; of the centres alone where there are more than 4096 features or the rows can be read once only.</summary>
    public double[] Mean { get; }

    /// <summary>
    /// Eigenpairs of M, divided by its trace: the eigenvalues are the shares of the predictor's sensitivity and sum to 1. Only the span of the rows is
    /// covered where n ≤ d; M is zero outside.
    /// </summary>
    public EigenPairs Components { get; }

    /// <summary>Rows used as kernel centres, m.</summary>
    public int Centers { get; }

    /// <summary>Bandwidth L of the kernel.</summary>
    public double Bandwidth { get; }

    /// <summary>Exact leave-one-out squared error of the kernel ridge fit, relative to the variance of the targets: 0 is perfect, 1 no better than the mean.</summary>
    public double LeaveOneOutError { get; }

    /// <summary>What a reader of the result should know: a fallback taken, classes absent.</summary>
    public IReadOnlyList<string> Warnings { get; }

    internal InputScale Inputs { get; }

    /// <summary>Centres, features and leave-one-out error.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"gradient outer product of {Centers:N0} centres, {Dimension} features, leave-one-out error {LeaveOneOutError:F3}");

    /// <summary>Fits the predictor and its average gradient outer product.</summary>
    /// <param name="rows">n×d rows, finite.</param>
    /// <param name="targets">n classes or regression targets.</param>
    /// <param name="options">Centres, ridge, bandwidth, seed; defaults when null.</param>
    /// <param name="progress">Told of rows read ("rows") where more are sampled from, the steps of the kernel fit ("kernel") and the percent of each decomposition done ("direct").</param>
    /// <param name="cancellationToken">Stops between blocks of rows, steps of the kernel fit and of the decompositions.</param>
    /// <exception cref="ArgumentException">There are fewer than two rows, rows and targets differ in number, or a value is NaN or infinite.</exception>
    /// <remarks>
    /// Constant targets, or rows that all coincide, have no gradient: M falls back to the covariance of the rows (to nothing when that is zero too), and
    /// <see cref="Warnings"/> says so.
    /// </remarks>
    public static GradientOuterProduct Fit(IRowSource rows, Targets targets, GradientOuterProductOptions? options = null, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new();
        options.Check();
        RowSample sample = RowSample.Take(rows, targets, options.MaxCenters, options.Seed, cancellationToken);
        if (sample.Count < 2)
            throw new ArgumentException($"A gradient needs at least two rows, not {sample.Count}.", nameof(rows));

        // Directions come from the centres; mean and scale, which cost one more pass, from all rows.
        bool all = sample.Count < sample.Total && !rows.IsSingle && rows.Columns <= MostCovarianceFeatures;
        return Fit(sample, options, all ? Covariance.Of(rows, progress: RowProgress.Of(progress, rows.RowCount), cancellationToken: cancellationToken) : null, progress, cancellationToken);
    }

    /// <param name="sample">At least two rows.</param>
    /// <param name="options">Checked options.</param>
    /// <param name="all">Mean and covariance of the rows that were sampled; null for those of the sample.</param>
    /// <param name="progress">Told of steps and decompositions.</param>
    /// <param name="cancellationToken">Stops between them.</param>
    internal static GradientOuterProduct Fit(RowSample sample, GradientOuterProductOptions options, CovarianceEstimate? all = null, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        int m = sample.Count, c = sample.Outputs;

        SpanCoordinates coordinates = SpanCoordinates.Of(sample.Rows, m, sample.Dimension, progress, cancellationToken);
        InputScale inputs = new(coordinates, all);
        double[] wanted = [.. sample.TargetValues];
        RowMajor.Center(wanted, m, c);
        double total = Energy(wanted);
        List<string> warnings = [];

        (double[] Product, double Bandwidth, double[] Residuals)? fit = null;
        if (!(total > 1e-24 * Energy(sample.TargetValues)))
            warnings.Add("The targets are constant: the directions are those of the covariance of the rows.");
        else if (coordinates.Dimension == 0 || (fit = LaplaceKernel.Fit(coordinates, wanted, c, options.Ridge, options.Bandwidth, progress, cancellationToken)) is null)
            warnings.Add("All rows coincide: there are no directions.");

        double[] product = fit?.Product ?? inputs.Covariance;
        int r = coordinates.Dimension;
        EigenPairs pairs = SymmetricEigen.Decompose(product, r, null, DirectProgress.Of(progress), cancellationToken);
        double trace = 0;
        foreach (ref double value in pairs.Values.AsSpan())
            trace += value = Math.Max(0, value);
        if (trace > 0)
        {
            foreach (ref double value in pairs.Values.AsSpan())
                value /= trace;
        }

        double error = fit is { } done ? Energy(done.Residuals) / total : 1;
        EigenPairs ambient = coordinates.Basis is null ? pairs : new EigenPairs(coordinates.Ambient, pairs.Values, coordinates.ToAmbient(pairs.Vectors, r));
        return new(all?.Mean ?? coordinates.Mean, ambient, inputs, m, fit?.Bandwidth ?? 0, error, warnings);
    }

    private static double Energy(ReadOnlySpan<double> values) => System.Numerics.Tensors.TensorPrimitives.SumOfSquares(values);
}
