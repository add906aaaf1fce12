namespace SpectralInit;

/// <summary>A spectral norm σ₁ with the bounds that enclose it.</summary>
public sealed record SpectralNormResult
{
    /// <summary>The computed σ₁, a lower bound of the true one apart from rounding (a Ritz value never exceeds the eigenvalue it approximates).</summary>
    public required double Value { get; init; }

    /// <summary>An upper bound of σ₁, wrong with at most <see cref="FailureProbability"/> over the random draws; infinite when nothing could be certified.</summary>
    public required double Upper { get; init; }

    /// <summary>(<see cref="Upper"/> − <see cref="Value"/>) ÷ <see cref="Value"/>: the certified relative error; 0 for a zero matrix.</summary>
    public double RelativeError => Value == 0 ? 0 : (Upper - Value) / Value;

    /// <summary>‖AᵀA·v − σ₁²·v‖₂ ÷ σ₁² for the computed right singular vector v: σ₁ is within half of this, relatively, of <em>some</em> singular value.</summary>
    public required double Residual { get; init; }

    /// <summary>Passes over the matrix, or over a 16-bit copy of it; each multiplies a block of vectors by A and by Aᵀ.</summary>
    public required int Iterations { get; init; }

    /// <summary>The method that gave the answer.</summary>
    public required SpectralNormMethod Method { get; init; }

    /// <summary>Probability that <see cref="Upper"/> is too small: 0 for the direct method.</summary>
    public required double FailureProbability { get; init; }

    /// <summary>True when <see cref="RelativeError"/> met the tolerance asked for.</summary>
    public required bool Converged { get; init; }

    /// <summary>The norm, its bound and the method.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"spectral norm {Value:G10}, at most {Upper:G10}, by {Method}{(Converged ? "" : ", not converged")}");

    /// <exception cref="ArgumentException">The norm exceeds the largest double.</exception>
    internal SpectralNormResult ScaledBy(int exponent, string parameter = "matrix")
    {
        SpectralNormResult scaled = this with { Value = Math.ScaleB(Value, exponent), Upper = Math.ScaleB(Upper, exponent) };
        return double.IsFinite(scaled.Value) ? scaled : throw DenseArgument.TooLarge(parameter);
    }
}
