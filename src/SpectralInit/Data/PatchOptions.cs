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

    /// <summary>Step between the pixels of a patch, in both directions. Default: 1, neighbors.</summary>
    public int Dilation { get; init; } = 1;

    /// <summary>Pixels added on every side of the image. Default: 0, patches lie inside.</summary>
    public int Padding { get; init; }

    /// <summary>What lies in the padding. Default: zeros.</summary>
    public ConvolutionBoundary Boundary { get; init; }

    /// <summary>Equal parts into which the channels are cut, as in a convolution with groups; divides <see cref="Channels"/>. Default: 1.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>The one group whose patches are taken, 0 … <see cref="Groups"/> − 1; null (default) for all of them, one after the other at every position.</summary>
    public int? Group { get; init; }

    /// <summary>How an image lies in its row: true (default) for [height, width, channels], as photographs are stored; false for [channels, height, width].</summary>
    public bool ChannelsLast { get; init; } = true;

    internal void Check(string parameter)
    {
        if (Height < 1 || Width < 1 || Channels < 1 || PatchHeight < 1 || PatchWidth < 1 || Stride < 1 || Dilation < 1 || Groups < 1)
            throw new ArgumentException("Height, width, channels, patch sizes, stride, dilation and groups must be at least 1.", parameter);
        if (Padding < 0 || !Enum.IsDefined(Boundary))
            throw new ArgumentException($"Padding {Padding} must be at least 0, and the boundary Zero or Circular.", parameter);
        if (Channels % Groups != 0)
            throw new ArgumentException($"{Channels} channels do not divide into {Groups} groups.", parameter);
        if (PatchHeight > Height + (2L * Padding) || PatchWidth > Width + (2L * Padding))
            throw new ArgumentException($"A patch of {PatchHeight}×{PatchWidth} exceeds the image of {Height}×{Width} with padding {Padding}.", parameter);
    }
}
