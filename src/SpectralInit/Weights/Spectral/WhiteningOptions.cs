namespace SpectralInit;

/// <summary>How a <see cref="Whitening"/> is fitted.</summary>
public sealed class WhiteningOptions
{
    /// <summary>Which whitening; default principal components.</summary>
    public WhiteningKind Kind { get; init; } = WhiteningKind.PrincipalComponents;

    /// <summary>ε ≥ 0 added to every eigenvalue, relative to their mean tr Σ / d; default 0. With ε &gt; 0 the outputs' variances are λ/(λ + ε·tr Σ/d).</summary>
    public double Regularization { get; init; }

    internal void Check()
    {
        if (!Enum.IsDefined(Kind))
            throw new ArgumentOutOfRangeException(nameof(Kind), Kind, "Choose PrincipalComponents, ZeroPhase or Cholesky.");
        if (!(Regularization >= 0) || !double.IsFinite(Regularization))
            throw new ArgumentOutOfRangeException(nameof(Regularization), Regularization, "The regularization must be finite and not negative.");
    }
}
