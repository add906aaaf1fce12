namespace SpectralInit.Evidence;

/// <summary>Looks words up in a table: each input is the number of a word, and the outputs are their rows side by side.</summary>
internal sealed class EmbeddingLayer(int context, int vocabulary, int dimension)
    : WeightLayer(context, context * dimension, WeightShape.Embedding(vocabulary, dimension), hasBias: false)
{
    public override void Forward(ReadOnlySpan<float> input, Span<float> output, int rows)
    {
        ReadOnlySpan<float> table = Weights;
        int width = Shape.Columns;
        for (int i = 0; i < rows * InputSize; i++)
            table.Slice((int)input[i] * width, width).CopyTo(output[(i * width)..]);
    }

    public override void Backward(ReadOnlySpan<float> input, ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, Span<float> inputGradient, int rows)
    {
        // There is no gradient to a whole number.
        inputGradient.Clear();
        Span<float> gradient = WeightGradient;
        gradient.Clear();
        int width = Shape.Columns;
        for (int i = 0; i < rows * InputSize; i++)
        {
            Span<float> row = gradient.Slice((int)input[i] * width, width);
            System.Numerics.Tensors.TensorPrimitives.Add(row, outputGradient.Slice(i * width, width), row);
        }
    }
}
