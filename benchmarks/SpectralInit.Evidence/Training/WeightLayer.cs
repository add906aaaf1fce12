using SpectralInit.Kernels;

namespace SpectralInit.Evidence;

/// <summary>A layer with a weight matrix and, but for embeddings, one bias per row of it; the network owns the memory of both.</summary>
internal abstract class WeightLayer(int inputSize, int outputSize, WeightShape shape, bool hasBias = true) : Layer(inputSize, outputSize)
{
    private Memory<float> _weights;
    private Memory<float> _bias;
    private Memory<float> _weightGradient;
    private Memory<float> _biasGradient;

    /// <summary>What the weights are, for the initializers.</summary>
    public WeightShape Shape { get; } = shape;

    public int ParameterCount => Shape.Count + (hasBias ? Shape.Rows : 0);

    /// <summary>What the layer's learning rate is multiplied by; an initializer that scales updates too sets it.</summary>
    public double RateFactor { get; set; } = 1;

    public Span<float> Weights => _weights.Span;

    public Span<float> Bias => _bias.Span;

    public Span<float> WeightGradient => _weightGradient.Span;

    public Span<float> BiasGradient => _biasGradient.Span;

    /// <summary>Takes the layer's slices, <see cref="ParameterCount"/> values each: weights first, then bias.</summary>
    public void Bind(Memory<float> parameters, Memory<float> gradients)
    {
        _weights = parameters[..Shape.Count];
        _bias = parameters[Shape.Count..];
        _weightGradient = gradients[..Shape.Count];
        _biasGradient = gradients[Shape.Count..];
    }

    /// <summary>output (rows × outputs) ← input (rows × fan_in) · Wᵀ + b.</summary>
    protected unsafe void Affine(ReadOnlySpan<float> input, Span<float> output, int rows)
    {
        int outputs = Shape.Rows, inputs = Shape.Columns;
        for (int i = 0; i < rows; i++)
            Bias.CopyTo(output.Slice(i * outputs, outputs));
        fixed (float* x = input, w = Weights, y = output)
            MatrixProduct.Multiply(false, true, rows, outputs, inputs, 1f, x, inputs, w, inputs, 1f, y, outputs);
    }

    /// <summary>The gradients of W and b from ∂loss/∂output, and of the input unless its span is empty.</summary>
    protected unsafe void AffineBackward(ReadOnlySpan<float> input, ReadOnlySpan<float> outputGradient, Span<float> inputGradient, int rows)
    {
        int outputs = Shape.Rows, inputs = Shape.Columns;
        Span<float> bias = BiasGradient;
        bias.Clear();
        for (int i = 0; i < rows; i++)
            System.Numerics.Tensors.TensorPrimitives.Add(bias, outputGradient.Slice(i * outputs, outputs), bias);
        fixed (float* x = input, w = Weights, dy = outputGradient, dw = WeightGradient, dx = inputGradient)
        {
            MatrixProduct.Multiply(true, false, outputs, inputs, rows, 1f, dy, outputs, x, inputs, 0f, dw, inputs);
            if (!inputGradient.IsEmpty)
                MatrixProduct.Multiply(false, false, rows, inputs, outputs, 1f, dy, outputs, w, inputs, 0f, dx, inputs);
        }
    }
}
