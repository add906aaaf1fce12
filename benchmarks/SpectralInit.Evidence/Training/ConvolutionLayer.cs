namespace SpectralInit.Evidence;

/// <summary>3 × 3 convolution, stride 1, zero padding 1, as one matrix product over the patches of a batch (im2col).</summary>
internal sealed class ConvolutionLayer : WeightLayer
{
    private const int Side = 3;
    private readonly ImageSize _input;
    private float[] _patches = [];
    private float[] _patchGradient = [];

    public ConvolutionLayer(ImageSize input, int outChannels)
        : base(input.Count, input.Height * input.Width * outChannels, WeightShape.Convolution(input.Channels, outChannels, [Side, Side]))
    {
        _input = input;
        Output = input with { Channels = outChannels };
    }

    public ImageSize Output { get; }

    public override void Forward(ReadOnlySpan<float> input, Span<float> output, int rows)
    {
        int positions = rows * _input.Height * _input.Width;
        EnsureLength(ref _patches, positions * Shape.Columns);
        Gather(input, _patches, rows, _input);
        Affine(_patches, output, positions);
    }

    public override void Backward(ReadOnlySpan<float> input, ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, Span<float> inputGradient, int rows)
    {
        int positions = rows * _input.Height * _input.Width;
        if (inputGradient.IsEmpty)
        {
            AffineBackward(_patches, outputGradient, [], positions);
            return;
        }

        EnsureLength(ref _patchGradient, positions * Shape.Columns);
        AffineBackward(_patches, outputGradient, _patchGradient, positions);
        Scatter(_patchGradient, inputGradient, rows, _input);
    }

    /// <summary>Every 3 × 3 patch as one row of channels × 9 values in the order of the weights, [channel, ky, kx]; zero outside the image.</summary>
    public static void Gather(ReadOnlySpan<float> images, Span<float> patches, int rows, ImageSize size)
    {
        int channels = size.Channels, rowLength = size.Width * channels, to = 0;
        for (int image = 0; image < rows; image++)
        {
            ReadOnlySpan<float> pixels = images.Slice(image * size.Count, size.Count);
            for (int y = 0; y < size.Height; y++)
            {
                for (int x = 0; x < size.Width; x++, to += channels * Side * Side)
                {
                    Span<float> patch = patches.Slice(to, channels * Side * Side);
                    for (int tap = 0; tap < Side * Side; tap++)
                    {
                        int sourceY = y + (tap / Side) - 1, sourceX = x + (tap % Side) - 1;
                        bool inside = (uint)sourceY < (uint)size.Height && (uint)sourceX < (uint)size.Width;
                        int from = (sourceY * rowLength) + (sourceX * channels);
                        for (int c = 0, at = tap; c < channels; c++, at += Side * Side)
                            patch[at] = inside ? pixels[from + c] : 0;
                    }
                }
            }
        }
    }

    /// <summary>Patches per image.</summary>
    public int Positions => _input.Height * _input.Width;

    /// <summary>How many of the images fill about <paramref name="most"/> patches.</summary>
    public int ImagesFor(int most, int images) => Math.Clamp(most / Positions, 1, images);

    /// <summary>All patches of the images, cut while they are read.</summary>
    public IRowSource Patches(float[] images) => PatchSource.Of(RowSource.From(images, _input.Count), Shape, new ConvolutionGeometry(_input.Height, _input.Width), channelsLast: true);

    /// <summary>The patches of the first images, whole images only, about <paramref name="most"/> patches.</summary>
    public float[] SamplePatches(float[] images, int most)
    {
        int rows = ImagesFor(most, images.Length / _input.Count);
        float[] patches = new float[rows * Positions * Shape.Columns];
        Gather(images, patches, rows, _input);
        return patches;
    }

    // The adjoint of Gather.
    private static void Scatter(ReadOnlySpan<float> patches, Span<float> images, int rows, ImageSize size)
    {
        int channels = size.Channels, rowLength = size.Width * channels, at = 0;
        images[..(rows * size.Count)].Clear();
        for (int image = 0; image < rows; image++)
        {
            Span<float> pixels = images.Slice(image * size.Count, size.Count);
            for (int y = 0; y < size.Height; y++)
            {
                for (int x = 0; x < size.Width; x++, at += channels * Side * Side)
                {
                    ReadOnlySpan<float> patch = patches.Slice(at, channels * Side * Side);
                    for (int tap = 0; tap < Side * Side; tap++)
                    {
                        int targetY = y + (tap / Side) - 1, targetX = x + (tap % Side) - 1;
                        if ((uint)targetY >= (uint)size.Height || (uint)targetX >= (uint)size.Width)
                            continue;
                        int target = (targetY * rowLength) + (targetX * channels);
                        for (int c = 0, from = tap; c < channels; c++, from += Side * Side)
                            pixels[target + c] += patch[from];
                    }
                }
            }
        }
    }

    private static void EnsureLength(ref float[] buffer, int length)
    {
        if (buffer.Length < length)
            buffer = GC.AllocateUninitializedArray<float>(length);
    }
}
