namespace SpectralInit;

/// <summary>A mean and a d×d covariance, exactly symmetric.</summary>
public sealed class CovarianceEstimate
{
    internal CovarianceEstimate(long count, double[] mean, double[] values)
    {
        Count = count;
        Mean = mean;
        Values = values;
    }

    /// <summary>Rows the estimate was made from.</summary>
    public long Count { get; }

    /// <summary>Dimension d.</summary>
    public int Dimension => Mean.Length;

    /// <summary>The mean, d values.</summary>
    public double[] Mean { get; }

    /// <summary>The covariance, d×d row-major, symmetric to the bit. Owned by this object; do not change it.</summary>
    public double[] Values { get; }
}
