namespace SpectralInit.Evidence;

/// <summary>How features are centered and scaled, always by the training rows alone.</summary>
internal enum Standardization
{
    /// <summary>As they are.</summary>
    None,

    /// <summary>One mean and one standard deviation over all features: images, where a dark pixel means something.</summary>
    Global,

    /// <summary>Each feature by its own; constant features are only centered.</summary>
    Feature,
}
