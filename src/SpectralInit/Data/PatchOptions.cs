namespace SpectralInit;

/// <summary>How images are cut into patches.</summary>
public sealed class PatchOptions
{
    /// <summary>Rows of pixels in an image.</summary>
    public required int Height { get; init; }

    /// <summary>Columns of pixels in an image.</summary>
    public required int Width { get; init; }

    /// <summary>Values per pixel. Default: 1.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Rows of pixels in a patch.</summary>
    public required int PatchHeight { get; init; }

    /// <summary>Columns of pixels in a patch.</summary>
    public required int PatchWidth { get; init; }

    /// <summary>Step between patches, in both directions. Default: 1, every position.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>How an image lies in its row: true (default) for [height, width, channels], as photographs are stored; false for [channels, height, width].</summary>
    public bool ChannelsLast { get; init; } = true;
}
