namespace SpectralInit.Kernels;

/// <summary>What became of a chunk of rows.</summary>
internal enum PackOutcome
{
    /// <summary>Centered and packed.</summary>
    Centered,

    /// <summary>Float rows whose products would overflow or underflow: pack them as double.</summary>
    NeedsDouble,

    /// <summary>A value is infinite or not a number.</summary>
    NotFinite,
}
