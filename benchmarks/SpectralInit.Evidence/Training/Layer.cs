namespace SpectralInit.Evidence;

/// <summary>One step of a network: rows of <see cref="InputSize"/> values in, rows of <see cref="OutputSize"/> values out.</summary>
internal abstract class Layer(int inputSize, int outputSize)
{
    public int InputSize { get; } = inputSize;

    public int OutputSize { get; } = outputSize;

    /// <summary>output ← layer(input), both row-major with one sample per row.</summary>
    public abstract void Forward(ReadOnlySpan<float> input, Span<float> output, int rows);

    /// <summary>
    /// From ∂loss/∂output: overwrites the gradients of the layer's own parameters, and <paramref name="inputGradient"/> unless it is empty
    /// (the first layer's inputs need none). <paramref name="input"/> and <paramref name="output"/> are those of the last <see cref="Forward"/>.
    /// </summary>
    public abstract void Backward(ReadOnlySpan<float> input, ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, Span<float> inputGradient, int rows);
}
