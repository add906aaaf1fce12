namespace SpectralInit.Evidence;

/// <summary>2 × 2 maximum pooling with stride 2; an odd last row or column is dropped.</summary>
internal sealed class PoolingLayer : Layer
{
    private readonly ImageSize _input;

    public PoolingLayer(ImageSize input)
        : base(input.Count, input.Height / 2 * (input.Width / 2) * input.Channels)
    {
        _input = input;
        Output = new ImageSize(input.Height / 2, input.Width / 2, input.Channels);
    }

    public ImageSize Output { get; }

    public override void Forward(ReadOnlySpan<float> input, Span<float> output, int rows)
    {
        for (int image = 0; image < rows; image++)
        {
            ReadOnlySpan<float> from = input.Slice(image * InputSize, InputSize);
            Span<float> to = output.Slice(image * OutputSize, OutputSize);
            for (int i = 0; i < OutputSize; i++)
                to[i] = from[Winner(from, i)];
        }
    }

    public override void Backward(ReadOnlySpan<float> input, ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, Span<float> inputGradient, int rows)
    {
        if (inputGradient.IsEmpty)
            return;
        inputGradient[..(rows * InputSize)].Clear();
        for (int image = 0; image < rows; image++)
        {
            ReadOnlySpan<float> from = input.Slice(image * InputSize, InputSize);
            ReadOnlySpan<float> gradient = outputGradient.Slice(image * OutputSize, OutputSize);
            Span<float> to = inputGradient.Slice(image * InputSize, InputSize);
            for (int i = 0; i < OutputSize; i++)
                to[Winner(from, i)] += gradient[i];
        }
    }

    // The input index whose value output i takes; the first of equals, as in PyTorch.
    private int Winner(ReadOnlySpan<float> image, int i)
    {
        int channels = _input.Channels, rowLength = _input.Width * channels;
        int channel = i % channels, x = i / channels % Output.Width, y = i / channels / Output.Width;
        int best = (2 * y * rowLength) + (2 * x * channels) + channel;
        foreach (int other in (ReadOnlySpan<int>)[best + channels, best + rowLength, best + rowLength + channels])
        {
            if (image[other] > image[best])
                best = other;
        }

        return best;
    }
}
