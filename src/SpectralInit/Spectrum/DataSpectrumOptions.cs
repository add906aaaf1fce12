namespace SpectralInit;

/// <summary>How a <see cref="DataSpectrum"/> is fitted.</summary>
public sealed class DataSpectrumOptions
{
    /// <summary>Leading components wanted, 1 … d; null (default) for all.</summary>
    public int? Components { get; init; }
}
