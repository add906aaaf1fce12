namespace SpectralInit;

/// <summary>A linear map that makes features uncorrelated and of unit variance: y = W·(x − μ), cov(y) = I on the directions the data vary along.</summary>
public sealed class Whitening
{
    private Whitening(WhiteningKind kind, double[] mean, double[] matrix, int rank)
    {
        Kind = kind;
        Mean = mean;
        Matrix = matrix;
        Rank = rank;
    }

    /// <summary>Which whitening.</summary>
    public WhiteningKind Kind { get; }

    /// <summary>Features, d.</summary>
    public int Dimension => Mean.Length;

    /// <summary>The mean row μ, d values.</summary>
    public double[] Mean { get; }

    /// <summary>W, <see cref="Outputs"/> × d, row-major.</summary>
    public double[] Matrix { get; }

    /// <summary>Rows of W: <see cref="Rank"/> for principal components, d otherwise.</summary>
    public int Outputs => Matrix.Length / Dimension;

    /// <summary>Directions kept: eigenvalues above d·2⁻⁵²·λ₁. The others carry no variance and are mapped to zero.</summary>
    public int Rank { get; }

    /// <summary>Kind, shape and rank.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Kind} whitening, {Dimension} → {Outputs}, rank {Rank}");

    /// <summary>Fits the whitening of streamed rows.</summary>
    /// <param name="rows">n×d rows, n ≥ 2.</param>
    /// <param name="options">Kind and regularization; defaults when null.</param>
    /// <param name="progress">Told of rows read ("rows") and the percent of the decomposition done ("direct").</param>
    /// <param name="cancellationToken">Stops between blocks of rows.</param>
    /// <exception cref="ArgumentException">There are fewer than two rows, a value is not finite, an option is out of its range, or Cholesky whitening meets a covariance that is not positive definite after regularization.</exception>
    public static Whitening Fit(IRowSource rows, WhiteningOptions? options = null, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        options ??= new();
        options.Check();
        if (options.Kind != WhiteningKind.Cholesky)
            return Fit(DataSpectrum.Fit(rows, null, progress, cancellationToken), options);
        return Fit(Covariance.Of(rows, progress: RowProgress.Of(progress, rows.RowCount), cancellationToken: cancellationToken), options, progress, cancellationToken);
    }

    /// <summary>The whitening of a finished covariance, of any kind.</summary>
    /// <param name="covariance">Mean and covariance.</param>
    /// <param name="options">Kind and regularization; defaults when null.</param>
    /// <param name="progress">Told the percent of the decomposition done ("direct").</param>
    /// <param name="cancellationToken">Stops between steps of the decomposition.</param>
    /// <exception cref="ArgumentException">Cholesky whitening of a covariance that is not positive definite after regularization.</exception>
    public static Whitening Fit(CovarianceEstimate covariance, WhiteningOptions? options = null, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(covariance);
        options ??= new();
        options.Check();
        if (options.Kind != WhiteningKind.Cholesky)
            return Fit(DataSpectrum.Fit(covariance, null, progress, cancellationToken), options);

        int d = covariance.Dimension;
        double[] regularized = [.. covariance.Values];
        double trace = 0, largest = 0;
        for (int i = 0; i < d; i++)
        {
            trace += covariance.Values[(i * d) + i];
            largest = Math.Max(largest, covariance.Values[(i * d) + i]);
        }

        for (int i = 0; i < d; i++)
            regularized[(i * d) + i] += options.Regularization * trace / d;
        double[] inverse = new double[d * d];
        bool definite = RowMajor.TryInvertCholesky(regularized, inverse, d);
        for (int i = 0; i < d && definite; i++)
            definite = inverse[(i * d) + i] * inverse[(i * d) + i] * largest * d < 1 / double.ScaleB(1, -52);
        if (!definite)
            throw new ArgumentException("The covariance is not positive definite to working accuracy; set Regularization, or choose another kind, which keeps the rank there is.", nameof(covariance));
        return new(WhiteningKind.Cholesky, covariance.Mean, inverse, d);
    }

    /// <summary>The whitening of the fitted components of a spectrum: principal components or zero-phase.</summary>
    /// <param name="spectrum">The spectrum; components that were not fitted are dropped.</param>
    /// <param name="options">Kind and regularization; defaults when null.</param>
    /// <exception cref="ArgumentException">The kind is Cholesky, which needs the covariance itself.</exception>
    public static Whitening Fit(DataSpectrum spectrum, WhiteningOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(spectrum);
        options ??= new();
        options.Check();
        if (options.Kind == WhiteningKind.Cholesky)
            throw OptionError.Of(nameof(options.Kind), options.Kind, "Cholesky whitening needs the covariance; pass a CovarianceEstimate or the rows.");

        int d = spectrum.Dimension, rank = spectrum.Rank;
        double floor = options.Regularization * spectrum.TotalVariance / d;
        ReadOnlySpan<double> directions = spectrum.Components.Vectors.AsSpan(0, rank * d);
        double[] scaled = directions.ToArray();
        for (int i = 0; i < rank; i++)
        {
            double factor = 1 / Math.Sqrt(spectrum.Components.Values[i] + floor);
            for (int j = 0; j < d; j++)
                scaled[(i * d) + j] *= factor;
        }

        if (options.Kind == WhiteningKind.PrincipalComponents)
            return new(options.Kind, spectrum.Mean, scaled, rank);
        double[] matrix = new double[checked(d * d)];
        RowMajor.TransposedMultiply(directions, scaled, matrix, d, d, rank);
        RowMajor.Symmetrize(matrix, d);
        return new(options.Kind, spectrum.Mean, matrix, rank);
    }

    /// <summary>Whitens rows.</summary>
    /// <param name="rows">A whole number of rows of d features.</param>
    /// <param name="destination"><see cref="Outputs"/> values per row, overwritten.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public void Transform(ReadOnlySpan<double> rows, Span<double> destination) => CenteredProduct.Of(rows, Mean, Matrix, Outputs, destination);
}
