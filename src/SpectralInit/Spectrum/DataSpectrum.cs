namespace SpectralInit;

/// <summary>The principal components of data: mean, leading eigenvalues and directions of the covariance.</summary>
public sealed class DataSpectrum
{
    private DataSpectrum(long count, double[] mean, EigenPairs components, double totalVariance)
    {
        Count = count;
        Mean = mean;
        Components = components;
        TotalVariance = totalVariance;
    }

    /// <summary>Rows seen, n.</summary>
    public long Count { get; }

    /// <summary>Features, d.</summary>
    public int Dimension => Mean.Length;

    /// <summary>The mean row, d values.</summary>
    public double[] Mean { get; }

    /// <summary>Leading eigenpairs of the covariance.</summary>
    public EigenPairs Components { get; }

    /// <summary>Trace of the covariance: the variance of all features together.</summary>
    public double TotalVariance { get; }

    /// <summary>Fitted directions the data vary along: eigenvalues above d·2⁻⁵²·λ₁; 0 for constant data.</summary>
    public int Rank
    {
        get
        {
            double threshold = Components.Count == 0 ? 0 : Dimension * Math.ScaleB(Components.Values[0], -52);
            return Components.Values.Count(value => value > threshold);
        }
    }

    /// <summary>True when no direction with variance is missing: <see cref="Rank"/> is the rank of the data, not a limit of the fit.</summary>
    public bool IsExhausted => Rank < Components.Count || Components.Count >= Math.Min(Dimension, Count - 1);

    /// <summary>Fits the spectrum of streamed rows.</summary>
    /// <param name="rows">n × d rows.</param>
    /// <param name="options">Components, solver, shrinkage; defaults when null.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    public static DataSpectrum Fit(IRowSource rows, DataSpectrumOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        MomentAccumulator moments = new(rows.Columns);
        moments.Add(rows, null, cancellationToken);
        return Fit(moments.ToCovariance(), options);
    }

    /// <summary>Fits the spectrum of a finished covariance.</summary>
    /// <param name="covariance">The covariance.</param>
    /// <param name="options">Components; defaults when null.</param>
    public static DataSpectrum Fit(CovarianceEstimate covariance, DataSpectrumOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(covariance);
        int d = covariance.Dimension;
        double trace = 0;
        for (int i = 0; i < d; i++)
            trace += covariance.Values[(i * d) + i];
        return new DataSpectrum(covariance.Count, covariance.Mean, SymmetricEigen.Decompose(covariance.Values, d, options?.Components), trace);
    }
}
