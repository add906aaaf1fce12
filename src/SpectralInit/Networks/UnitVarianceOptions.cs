namespace SpectralInit;

/// <summary>How <see cref="LayerSequentialUnitVariance"/> rescales.</summary>
public sealed class UnitVarianceOptions
{
    /// <summary>Variance wanted, &gt; 0; default 1.</summary>
    public double TargetVariance { get; init; } = 1;

    /// <summary>Relative deviation of the variance that is good enough; default 10⁻³.</summary>
    public double Tolerance { get; init; } = 1e-3;

    /// <summary>Most rounds per layer, ≥ 1; default 10.</summary>
    public int MaxIterations { get; init; } = 10;

    /// <summary>Scale every unit (channel) to the variance by itself, and not the layer as a whole. Default false.</summary>
    public bool PerUnit { get; init; }

    /// <summary>Also set the bias so that every unit's mean is zero. Default false: the bias stays.</summary>
    public bool Center { get; init; }

    /// <summary>Most rows measured per layer, ≥ 2; default 4096, taken evenly over as many batches as the source has.</summary>
    public int MaxRows { get; init; } = 4096;

    internal void Check()
    {
        if (!(TargetVariance > 0) || !double.IsFinite(TargetVariance))
            throw new ArgumentOutOfRangeException(nameof(TargetVariance), TargetVariance, "The target variance must be a positive number.");
        if (!(Tolerance > 0))
            throw new ArgumentOutOfRangeException(nameof(Tolerance), Tolerance, "The tolerance must be positive.");
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxIterations, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRows, 2);
    }
}
