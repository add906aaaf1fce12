namespace SpectralInit;

/// <summary>How <see cref="SpectralNorm"/> works.</summary>
public sealed record SpectralNormOptions
{
    internal static SpectralNormOptions Default { get; } = new();

    /// <summary>Relative error certified at the end: <see cref="SpectralNormResult.Upper"/> ≤ (1 + tolerance)·<see cref="SpectralNormResult.Value"/>; 1e-14 to 0.5, default 1e-4.</summary>
    public double Tolerance { get; init; } = 1e-4;

    /// <summary>Probability, over the random start and for the worst matrix, that the certificate is wrong; default 1e-4. 1e-6 takes about an eighth more passes.</summary>
    public double FailureProbability { get; init; } = 1e-4;

    /// <summary>The method; default automatic.</summary>
    public SpectralNormMethod Method { get; init; }

    /// <summary>Largest shorter side that the automatic choice solves directly at once; default 192.</summary>
    public int DirectLimit { get; init; } = 192;

    /// <summary>Seed of the random start, which is another draw than that of weights with the same seed; default 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>All of them, with their values.</summary>
    public override string ToString() => InvariantText.Of(nameof(SpectralNormOptions), PrintMembers);

    internal void Check()
    {
        if (!Enum.IsDefined(Method))
            throw new ArgumentOutOfRangeException(nameof(Method), Method, "Choose Automatic, Direct or Lanczos.");
        ArgumentOutOfRangeException.ThrowIfNegative(DirectLimit);
        if (!(Tolerance is >= 1e-14 and <= 0.5))
            throw new ArgumentOutOfRangeException(nameof(Tolerance), Tolerance, "The relative tolerance is 1e-14 to 0.5.");
        if (!(FailureProbability is >= 1e-30 and <= 0.1))
            throw new ArgumentOutOfRangeException(nameof(FailureProbability), FailureProbability, "The failure probability is 1e-30 to 0.1.");
    }
}
