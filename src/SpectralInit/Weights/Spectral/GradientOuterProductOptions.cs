namespace SpectralInit;

/// <summary>How a <see cref="GradientOuterProduct"/> is fitted.</summary>
public sealed class GradientOuterProductOptions
{
    /// <summary>Most rows used as kernel centres, ≥ 2; default 1500. Time grows with its cube, memory with its square (four m×m matrices of doubles).</summary>
    public int MaxCenters { get; init; } = 1500;

    /// <summary>Ridge λ added to the kernel matrix, whose diagonal is 1; default 10⁻³.</summary>
    public double Ridge { get; init; } = 1e-3;

    /// <summary>Bandwidth L of the kernel, &gt; 0; null (default) for the median distance between centres.</summary>
    public double? Bandwidth { get; init; }

    /// <summary>Seed of the choice of centres when there are more rows than <see cref="MaxCenters"/>.</summary>
    public ulong Seed { get; init; }

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxCenters, 2);
        if (!(Ridge > 0) || !double.IsFinite(Ridge))
            throw new ArgumentOutOfRangeException(nameof(Ridge), Ridge, "The ridge must be positive and finite.");
        if (Bandwidth is { } bandwidth && (!(bandwidth > 0) || !double.IsFinite(bandwidth)))
            throw new ArgumentOutOfRangeException(nameof(Bandwidth), bandwidth, "The bandwidth must be positive and finite.");
    }
}
