namespace SpectralInit;

/// <summary>How <see cref="DynamicModes"/> are fitted.</summary>
public sealed record DynamicModesOptions
{
    internal static DynamicModesOptions Default { get; } = new();

    /// <summary>Hidden units k: principal coordinates of the windows kept, 1 … features·window; default 32, or fewer when there are fewer.</summary>
    public int? Components { get; init; }

    /// <summary>Time steps in one input window, newest first, ≥ 1; default 1: the network is fed one row at a time.</summary>
    public int Window { get; init; } = 1;

    /// <summary>Spectral radius of the recurrence, finite, ≥ 0; default 0.5. The fitted modes are scaled to it. Larger ones keep more of the past, and of its noise.</summary>
    public double Radius { get; init; } = 0.5;

    /// <summary>Ridge of the lag-one regression, relative to the mean variance of the coordinates, ≥ 0; default 1e-3.</summary>
    public double Ridge { get; init; } = 1e-3;

    /// <summary>All of them, with their values.</summary>
    public override string ToString() => InvariantText.Of(nameof(DynamicModesOptions), PrintMembers);

    internal void Check(int features)
    {
        if (Window < 1)
            throw OptionError.Of(nameof(Window), Window, $"A window has at least one step, not {Window}.");
        if (Components < 1 || Components > (long)features * Window)
            throw OptionError.Of(nameof(Components), Components, $"Components are 1 … {(long)features * Window} (features × window), not {Components}.");
        if (!double.IsFinite(Radius) || Radius < 0)
            throw OptionError.Of(nameof(Radius), Radius, "A spectral radius is finite and not negative.");
        if (!double.IsFinite(Ridge) || Ridge < 0)
            throw OptionError.Of(nameof(Ridge), Ridge, "The ridge is finite and not negative.");
    }
}
