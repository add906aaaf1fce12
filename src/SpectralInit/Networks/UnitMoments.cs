namespace SpectralInit;

/// <summary>Means and variances of a layer's units over rows.</summary>
internal readonly record struct UnitMoments(double[] Means, double[] Variances)
{
    /// <summary>Variance of all outputs together: within the units and between their means.</summary>
    public double Pooled
    {
        get
        {
            double mean = Means.Average();
            return Variances.Average() + Means.Average(value => (value - mean) * (value - mean));
        }
    }

    public static UnitMoments Of(ReadOnlySpan<double> values, int count, int units)
    {
        double[] means = RowMajor.Mean(values, count, units), variances = new double[units];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < units; j++)
            {
                double gap = values[(i * units) + j] - means[j];
                variances[j] += gap * gap / count;
            }
        }

        return new(means, variances);
    }

    public UnitMoments Centered() => new(new double[Means.Length], Variances);
}
