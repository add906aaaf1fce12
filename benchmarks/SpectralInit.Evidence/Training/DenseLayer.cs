namespace SpectralInit.Evidence;

/// <summary>y = W·x + b.</summary>
internal sealed class DenseLayer(int inputs, int outputs) : WeightLayer(inputs, outputs, WeightShape.Dense(inputs, outputs))
{
    public override void Forward(ReadOnlySpan<float> input, Span<float> output, int rows) => Affine(input, output, rows);

    public override void Backward(ReadOnlySpan<float> input, ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, Span<float> inputGradient, int rows) =>
        AffineBackward(input, outputGradient, inputGradient, rows);
}
