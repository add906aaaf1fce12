using System.Numerics.Tensors;

namespace SpectralInit.Evidence;

/// <summary>The mean of the rows of a table that the words of a passage name: each input is the number of a word, or −1 for none.</summary>
internal sealed class BagLayer(int words, int vocabulary, int dimension)
    : WeightLayer(words, dimension, WeightShape.Embedding(vocabulary, dimension), hasBias: false)
{
    public override void Forward(ReadOnlySpan<float> input, Span<float> output, int rows)
    {
        ReadOnlySpan<float> table = Weights;
        output[..(rows * OutputSize)].Clear();
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<float> passage = input.Slice(i * InputSize, InputSize);
            Span<float> mean = output.Slice(i * OutputSize, OutputSize);
            foreach (float word in passage)
            {
                if (word >= 0)
                    TensorPrimitives.Add(mean, table.Slice((int)word * OutputSize, OutputSize), mean);
            }

            TensorPrimitives.Multiply(mean, Share(passage), mean);
        }
    }

    public override void Backward(ReadOnlySpan<float> input, ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, Span<float> inputGradient, int rows)
    {
        // There is no gradient to a whole number.
        inputGradient.Clear();
        Span<float> gradient = WeightGradient;
        gradient.Clear();
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<float> passage = input.Slice(i * InputSize, InputSize), mean = outputGradient.Slice(i * OutputSize, OutputSize);
            float share = Share(passage);
            foreach (float word in passage)
            {
                if (word < 0)
                    continue;
                Span<float> row = gradient.Slice((int)word * OutputSize, OutputSize);
                TensorPrimitives.MultiplyAdd(mean, share, row, row);
            }
        }
    }

    private static float Share(ReadOnlySpan<float> passage)
    {
        int count = 0;
        foreach (float word in passage)
            count += word >= 0 ? 1 : 0;
        return 1f / Math.Max(1, count);
    }
}
