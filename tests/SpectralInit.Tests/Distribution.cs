namespace SpectralInit.Tests;

/// <summary>Exact distributions and the Kolmogorov–Smirnov test, on MathNet's special functions.</summary>
internal static class Distribution
{
    public static double NormalCdf(double x) => 0.5 * MathNet.Numerics.SpecialFunctions.Erfc(-x / Math.Sqrt(2));

    /// <summary>x ↦ P(Z ≤ x | a &lt; Z &lt; b), from the nearer tail; the bounds are evaluated once.</summary>
    public static Func<double, double> TruncatedNormalCdf(double a, double b)
    {
        // The upper tail of a positive interval keeps its digits: it is the lower tail of the mirrored interval.
        double sign = a >= 0 ? -1 : 1, first = NormalCdf(sign * a), mass = NormalCdf(sign * b) - first;
        return x => (NormalCdf(sign * Math.Clamp(x, a, b)) - first) / mass;
    }

    public static double UniformCdf(double x, double low, double high) => Math.Clamp((x - low) / (high - low), 0, 1);

    /// <summary>The p-value of the two-sided test, by Kolmogorov's limit with Stephens' small-sample term.</summary>
    public static double KolmogorovSmirnov(double[] sample, Func<double, double> cdf)
    {
        double[] sorted = [.. sample];
        Array.Sort(sorted);
        int n = sorted.Length;
        double d = 0;
        for (int i = 0; i < n; i++)
        {
            double f = cdf(sorted[i]);
            d = Math.Max(d, Math.Max(((i + 1.0) / n) - f, f - ((double)i / n)));
        }

        double root = Math.Sqrt(n), t = (root + 0.12 + (0.11 / root)) * d, p = 0;
        for (int k = 1; k <= 100; k++)
            p += (k % 2 == 1 ? 2 : -2) * Math.Exp(-2.0 * k * k * t * t);
        return t < 0.2 ? 1 : Math.Clamp(p, 0, 1);
    }
}
