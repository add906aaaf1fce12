namespace SpectralInit;

/// <summary>How a <see cref="PrincipalComponentInitializer"/> makes weights of directions.</summary>
public sealed record PrincipalComponentOptions
{
    /// <summary>Scale of the principal rows. Default: <see cref="ComponentScaling.Orthonormal"/>.</summary>
    public ComponentScaling Scaling { get; init; }

    /// <summary>Mean variance of the principal pre-activations on the data under <see cref="ComponentScaling.Proportional"/>; positive. Default 1.</summary>
    public double TargetVariance { get; init; } = 1;

    /// <summary>Rows beyond the rank of the data. Default: <see cref="ComponentCompletion.OrthogonalComplement"/>.</summary>
    public ComponentCompletion Completion { get; init; }

    /// <summary>All of them, with their values.</summary>
    public override string ToString() => InvariantText.Of(nameof(PrincipalComponentOptions), PrintMembers);
}
