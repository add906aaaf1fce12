namespace SpectralInit.Kernels;

/// <summary>Where the probability of a standard normal truncated to [a, b] lies.</summary>
internal readonly record struct TruncatedNormalTails
{
    /// <summary>Beyond this many deviations on one side of the mean there is nothing left to draw from.</summary>
    public const double Farthest = 30;

    private TruncatedNormalTails(double left, double right, double leftMass, double rightMass, bool reflected)
    {
        Left = left;
        Right = right;
        Mass = leftMass + rightMass;
        LeftShare = leftMass / Mass;
        Reflected = reflected;
    }

    /// <summary>P(Z &lt; a).</summary>
    public double Left { get; }

    /// <summary>P(Z &gt; b).</summary>
    public double Right { get; }

    /// <summary>P(a &lt; Z &lt; b).</summary>
    public double Mass { get; }

    /// <summary>Share of <see cref="Mass"/> below 0.</summary>
    public double LeftShare { get; }

    /// <summary>The interval lay below 0 and was mirrored to lie above.</summary>
    public bool Reflected { get; }

    /// <summary>The smallest tail probability a draw inverts, for 32-bit words.</summary>
    public double Smallest => Math.Min(LeftShare > 0 ? Left : Right, Right) + (Mass / 8589934592);

    public static TruncatedNormalTails Of(double a, double b)
    {
        if (a >= 0)
        {
            double right = NormalTail.Upper(b);
            return new(0, right, 0, NormalTail.Upper(a) - right, false);
        }

        if (b <= 0)
        {
            double right = NormalTail.Upper(-a);
            return new(0, right, 0, NormalTail.Upper(-b) - right, true);
        }

        double below = NormalTail.Upper(-a), above = NormalTail.Upper(b);
        return new(below, above, 0.5 - below, 0.5 - above, false);
    }
}
