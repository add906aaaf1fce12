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

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(PatchHeight, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(PatchWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Stride, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Dilation, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Padding);
        if (!Enum.IsDefined(Boundary))
            throw new ArgumentOutOfRangeException(nameof(Boundary), Boundary, "Choose Zero or Circular.");
        if (Groups < 1 || Channels % Groups != 0)
            throw new ArgumentOutOfRangeException(nameof(Groups), Groups, $"Choose at least 1 group, a divisor of the {Channels} channels.");
        if (Group is { } one && (one < 0 || one >= Groups))
            throw new ArgumentOutOfRangeException(nameof(Group), one, $"The group must be 0 … {Groups - 1}.");
        CheckFits(nameof(PatchHeight), PatchHeight, Height);
        CheckFits(nameof(PatchWidth), PatchWidth, Width);
    }

    private void CheckFits(string property, int patch, int image)
    {
        if (((long)Dilation * (patch - 1)) + 1 > image + (2L * Padding))
            throw new ArgumentOutOfRangeException(property, patch, $"A patch of {patch} pixels with dilation {Dilation} exceeds an image of {image} with padding {Padding}.");
    }
}
