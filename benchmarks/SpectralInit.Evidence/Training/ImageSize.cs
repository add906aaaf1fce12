namespace SpectralInit.Evidence;

/// <summary>Images as they pass through convolutions: height × width × channels, channels fastest.</summary>
internal sealed record ImageSize(int Height, int Width, int Channels)
{
    public int Count => Height * Width * Channels;
}
