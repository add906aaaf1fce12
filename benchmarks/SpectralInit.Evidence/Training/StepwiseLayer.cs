namespace SpectralInit.Evidence;

/// <summary>The same W·x + b at every step of a sequence; steps lie one after the other in a row.</summary>
internal sealed class StepwiseLayer(int steps, int inputs, int outputs) : WeightLayer(steps * inputs, steps * outputs, WeightShape.Dense(inputs, outputs))
{
    public override void Forward(ReadOnlySpan<float> input, Span<float> output, int rows) => Affine(input, output, rows * steps);

    public override void Backward(ReadOnlySpan<float> input, ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, Span<float> inputGradient, int rows) =>
        AffineBackward(input, outputGradient, inputGradient, rows * steps);
}
