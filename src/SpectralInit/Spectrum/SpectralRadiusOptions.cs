namespace SpectralInit;

/// <summary>How <see cref="SpectralRadius"/> works.</summary>
public sealed record SpectralRadiusOptions
{
    internal static SpectralRadiusOptions Default { get; } = new();

    /// <summary>The method; default automatic.</summary>
    public SpectralRadiusMethod Method { get; init; }

    /// <summary>Largest n that the automatic choice solves directly; default 384.</summary>
    public int DirectLimit { get; init; } = 384;

    /// <summary>Arnoldi stops when ‖A·x − λ·x‖₂ ≤ tolerance·|λ|·‖x‖₂; default 1e-10.</summary>
    public double Tolerance { get; init; } = 1e-10;

    /// <summary>The most products of A with a vector that Arnoldi spends, checked at its restarts; default 100,000. A sparse random matrix of 10,000 rows takes 3,000 to 10,000.</summary>
    public int MaxProducts { get; init; } = 100_000;

    /// <summary>Vectors of Arnoldi's space; null (default) for 96, or n if that is less. At least 4. Up to four of them start: an eighth.</summary>
    public int? BasisSize { get; init; }

    /// <summary>Seed of the random start vectors; default 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>All of them, with their values.</summary>
    public override string ToString() => InvariantText.Of(nameof(SpectralRadiusOptions), PrintMembers);

    internal void Check()
    {
        if (!Enum.IsDefined(Method))
            throw new ArgumentOutOfRangeException(nameof(Method), Method, "Choose Automatic, Direct or Arnoldi.");
        ArgumentOutOfRangeException.ThrowIfNegative(DirectLimit);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxProducts, 1);
        if (BasisSize is < 4)
            throw new ArgumentOutOfRangeException(nameof(BasisSize), BasisSize, "Arnoldi needs a basis of at least 4 vectors.");
        if (!(Tolerance is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(Tolerance), Tolerance, "The tolerance is relative: above 0 and below 1.");
    }
}
