namespace SpectralInit;

/// <summary>How <see cref="ClassDirections"/> are fitted.</summary>
public sealed class ClassDirectionsOptions
{
    /// <summary>Which directions; default between-class.</summary>
    public ClassDirectionsKind Kind { get; init; } = ClassDirectionsKind.BetweenClass;

    /// <summary>Shrinkage of the within-class scatter towards a multiple of the identity, 0 &lt; s ≤ 1; default 0.1. Discriminants only.</summary>
    public double Shrinkage { get; init; } = 0.1;

    /// <summary>Most rows used, ≥ 2; default 5000, chosen by class.</summary>
    public int MaxRows { get; init; } = 5000;

    /// <summary>Seed of that choice.</summary>
    public ulong Seed { get; init; }

    internal void Check()
    {
        if (!Enum.IsDefined(Kind))
            throw new ArgumentOutOfRangeException(nameof(Kind), Kind, "Choose BetweenClass or Discriminant.");
        if (!(Shrinkage is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(Shrinkage), Shrinkage, "The shrinkage must be above 0 and at most 1.");
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRows, 2);
    }
}
