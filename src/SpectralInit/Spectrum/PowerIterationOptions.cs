namespace SpectralInit;

/// <summary>How <see cref="PowerIteration"/> runs.</summary>
public sealed record PowerIterationOptions
{
    internal static PowerIterationOptions Default { get; } = new();

    /// <summary>The most steps t; default 1,000.</summary>
    public int MaxIterations { get; init; } = 1000;

    /// <summary>Settled when ‖A·x − λ·x‖₂ ≤ tolerance·|λ| for a unit x (for a pair: the same for its two-dimensional space); default 1e-10.</summary>
    public double Tolerance { get; init; } = 1e-10;

    /// <summary>Stop when settled (default), or go on to <see cref="MaxIterations"/> for the whole trajectory.</summary>
    public bool StopWhenSettled { get; init; } = true;

    /// <summary>When the iteration does not settle, compute the spectral radius with <see cref="SpectralRadius"/> too; default true.</summary>
    public bool ResolveUnsettled { get; init; } = true;

    /// <summary>Start vector; null (default) for a standard normal one drawn with <see cref="Seed"/>. A start without a component along the dominant eigenvector can hide it.</summary>
    public IReadOnlyList<double>? Start { get; init; }

    /// <summary>Seed of the random start vector; default 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>All of them, with their values.</summary>
    public override string ToString() => InvariantText.Of(nameof(PowerIterationOptions), PrintMembers);

    internal void Check(int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxIterations, 1);
        if (!(Tolerance is > 0 and < 1))
            throw Wrong("The tolerance is relative: above 0 and below 1.", nameof(Tolerance));
        if (Start is null)
            return;
        if (Start.Count != dimension)
            throw Wrong($"The start vector has {Start.Count} values, the matrix {dimension} columns.", nameof(Start));
        if (Start.Any(value => !double.IsFinite(value)) || (dimension > 0 && Start.All(value => value == 0)))
            throw Wrong("The start vector must be finite and not zero.", nameof(Start));
    }

    private static ArgumentException Wrong(string message, string parameter) => new(message, parameter);
}
