namespace SpectralInit.Kernels;

/// <summary>The standard normal distribution in double, by fixed sequences of IEEE operations: the same bits on every platform, which no libm promises.</summary>
internal static class NormalTail
{
    private static ReadOnlySpan<double> Nodes => [0.1488743389816312, 0.4333953941292472, 0.6794095682990244, 0.8650633666889845, 0.9739065285171717];

    private static ReadOnlySpan<double> NodeWeights => [0.2955242247147529, 0.2692667193099964, 0.2190863625159820, 0.1494513491505806, 0.0666713443086881];

    /// <summary>P(Z &gt; x), accurate in relative terms for x ≥ 0.</summary>
    public static double Upper(double x)
    {
        if (x < 0)
            return 1 - Upper(-x);
        if (x > 38)
            return 0;
        if (x < 2)
        {
            // ½ − φ(x)·(x + x³/3 + x⁵/(3·5) + …)
            double term = x, sum = x;
            for (int k = 3; k < 120; k += 2)
            {
                term *= x * x / k;
                sum += term;
            }

            return 0.5 - (Density(x) * sum);
        }

        // Laplace's continued fraction φ(x)/(x + 1/(x + 2/(x + 3/…))).
        double fraction = x;
        for (int k = 200; k >= 1; k--)
            fraction = x + (k / fraction);
        return Density(x) / fraction;
    }

    /// <summary>φ(x).</summary>
    public static double Density(double x) => Exp(-0.5 * x * x) * 0.39894228040143267794;

    /// <summary>
    /// Mean and variance of Z given a &lt; Z &lt; b, by 10-point Gauss–Legendre quadrature over 64 panels of the part that carries the mass:
    /// the textbook formula cancels for narrow or far intervals.
    /// </summary>
    public static (double Mean, double Variance) Truncated(double a, double b)
    {
        double mode = Math.Clamp(0, a, b);
        double low = Math.Max(a, mode - 9), high = Math.Min(b, mode + 9), width = (high - low) / 64;
        double mass = 0, first = 0, second = 0;
        for (int panel = 0; panel < 64; panel++)
        {
            double middle = low + ((panel + 0.5) * width);
            for (int i = 0; i < 10; i++)
            {
                double z = middle + ((i < 5 ? 0.5 : -0.5) * width * Nodes[i % 5]);
                double density = NodeWeights[i % 5] * Exp(-0.5 * (z - mode) * (z + mode));
                mass += density;
                first += density * (z - mode);
                second += density * (z - mode) * (z - mode);
            }
        }

        double shift = first / mass;
        return (mode + shift, (second / mass) - (shift * shift));
    }

    /// <summary>eˣ for x ≤ 0.</summary>
    public static double Exp(double x)
    {
        if (x < -745)
            return 0;
        double k = Math.Round(x * 1.4426950408889634);
        double r = Math.FusedMultiplyAdd(k, -2.3190468138462996e-17, Math.FusedMultiplyAdd(k, -0.6931471805599453, x));
        double sum = 1;
        for (int i = 18; i >= 1; i--)
            sum = Math.FusedMultiplyAdd(sum, r / i, 1);
        return Math.ScaleB(sum, (int)k);
    }
}
