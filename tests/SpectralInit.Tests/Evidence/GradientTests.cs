using SpectralInit.Kernels;

namespace SpectralInit.Evidence.Tests;

public class GradientTests
{
    public static TheoryData<string> Networks => ["relu", "tanh", "convolution relu", "convolution tanh", "odd image", "embedding tanh", "bag tanh", "recurrent", "recurrent last step"];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Gradients_of_every_layer_agree_with_central_differences(string name)
    {
        foreach (bool regression in (bool[])[false, true])
        {
            Activation activation = name.EndsWith("tanh", StringComparison.Ordinal) ? Activation.Tanh : Activation.Relu;
            ImageSize image = name == "odd image" ? new ImageSize(7, 5, 2) : new ImageSize(6, 6, 1);
            Network network = name switch
            {
                "embedding tanh" => Network.NextWord(6, 5, image.Count, [8], 3, activation),
                "bag tanh" => Network.BagOfWords(6, 5, image.Count, [8], 3, activation),
                "recurrent" => Network.Recurrent(6, 3, 6, 5, 1),
                "recurrent last step" => Network.Recurrent(9, 1, 4, 5, 3),
                "relu" or "tanh" => Network.Perceptron(image.Count, [9, 7], 3, activation),
                _ => Network.Convolutional(image, [3, 4], [7], 3, activation),
            };
            Fill(network.Parameters, 0.3, 1);
            const int Rows = 5;
            float[] features = Fill(new float[Rows * image.Count], 1, 2);
            if (name == "embedding tanh")
                features = [.. features.Select(value => MathF.Floor(Math.Abs(value) * 100) % 6)];
            if (name == "bag tanh")
                features = [.. features.Select((value, i) => i % image.Count > 5 ? -1 : MathF.Floor(Math.Abs(value) * 100) % 6)];
            LabeledRows data = regression
                ? LabeledRows.Regression(features, image.Count, Fill(new float[Rows * 3], 1, 3), 3)
                : LabeledRows.Classes(features, image.Count, [0, 1, 2, 1, 0], 3);
            Loss loss = Loss.For(data);
            int[] samples = [0, 1, 2, 3, 4];

            double Value()
            {
                data.Gather(samples, network.Input);
                return loss.Gradient(network.Forward(Rows), data, samples, network.OutputGradient) / Rows;
            }

            Value();
            network.Backward(Rows);
            float[] gradient = [.. network.Gradients];
            int offset = 0;
            for (int layer = 0; layer < network.WeightLayers.Length; layer++)
            {
                // Along a few random directions of one layer's weights and biases.
                int count = network.WeightLayers[layer].ParameterCount;
                for (int trial = 0; trial < 4; trial++)
                {
                    float[] direction = Fill(new float[count], 1 / Math.Sqrt(count), (ulong)(10 + trial));
                    float[] at = [.. network.Parameters];
                    const float Step = 2e-3f;
                    double[] values = new double[2];
                    for (int side = 0; side < 2; side++)
                    {
                        for (int i = 0; i < count; i++)
                            network.Parameters[offset + i] = at[offset + i] + ((side == 0 ? Step : -Step) * direction[i]);
                        values[side] = Value();
                    }

                    at.CopyTo(network.Parameters, 0);
                    double numeric = (values[0] - values[1]) / (2 * Step), analytic = 0;
                    for (int i = 0; i < count; i++)
                        analytic += gradient[offset + i] * direction[i];
                    analytic.Should().BeApproximately(numeric, 5e-4 + (5e-3 * Math.Abs(numeric)), $"layer {layer} of '{name}', regression {regression}");
                }

                offset += count;
            }

            gradient.Max(MathF.Abs).Should().BeGreaterThan(0.01f);
        }
    }

    [Fact]
    public void A_convolution_is_the_sum_it_is_defined_as()
    {
        ImageSize image = new(5, 4, 2);
        ConvolutionLayer layer = new(image, 3);
        Network network = new(layer);
        Fill(network.Parameters, 1, 4);
        float[] input = Fill(new float[2 * image.Count], 1, 5), output = new float[2 * layer.OutputSize];
        layer.Forward(input, output, 2);
        for (int n = 0; n < 2; n++)
        {
            for (int y = 0; y < 5; y++)
            {
                for (int x = 0; x < 4; x++)
                {
                    for (int o = 0; o < 3; o++)
                    {
                        double sum = layer.Bias[o];
                        for (int c = 0; c < 2; c++)
                        {
                            for (int ky = 0; ky < 3; ky++)
                            {
                                for (int kx = 0; kx < 3; kx++)
                                {
                                    int sy = y + ky - 1, sx = x + kx - 1;
                                    if (sy is >= 0 and < 5 && sx is >= 0 and < 4)
                                        sum += layer.Weights[(((((o * 2) + c) * 3) + ky) * 3) + kx] * (double)input[(n * 40) + (((sy * 4) + sx) * 2) + c];
                                }
                            }
                        }

                        output[(n * 60) + (((y * 4) + x) * 3) + o].Should().BeApproximately((float)sum, 1e-4f);
                    }
                }
            }
        }
    }

    [Fact]
    public void An_embedding_puts_the_rows_of_its_words_side_by_side_and_adds_up_the_gradients_of_repeated_words()
    {
        EmbeddingLayer layer = new(2, 4, 3);
        Network network = new(layer);
        Fill(network.Parameters, 1, 4);
        network.Parameters.Should().HaveCount(12, "an embedding has no bias");
        float[] output = new float[12], gradient = [1, 2, 3, 10, 20, 30, 100, 200, 300, 1000, 2000, 3000];
        layer.Forward([3, 1, 1, 1], output, 2);
        output.Should().Equal([.. layer.Weights[9..], .. layer.Weights[3..6], .. layer.Weights[3..6], .. layer.Weights[3..6]]);
        layer.Backward([3, 1, 1, 1], output, gradient, [], 2);
        network.Gradients.Should().Equal([0, 0, 0, 1110, 2220, 3330, 0, 0, 0, 1, 2, 3]);
    }

    [Fact]
    public void A_bag_is_the_mean_of_the_rows_of_its_words_and_shares_the_gradient_among_them()
    {
        BagLayer layer = new(3, 4, 2);
        Network network = new(layer);
        Fill(network.Parameters, 1, 4);
        float[] output = new float[6], words = [2, 1, -1, 1, 1, 0, -1, -1, -1];
        layer.Forward(words, output, 3);
        float[] table = [.. layer.Weights];
        for (int j = 0; j < 2; j++)
        {
            output[j].Should().BeApproximately((table[4 + j] + table[2 + j]) / 2, 1e-6f);
            output[2 + j].Should().BeApproximately(((2 * table[2 + j]) + table[j]) / 3, 1e-6f);
            output[4 + j].Should().Be(0, "no word, nothing");
        }

        layer.Backward(words, output, [2, 4, 3, 6, 100, 100], [], 3);
        network.Gradients.Should().Equal([1, 2, 1 + 2, 2 + 4, 1, 2, 0, 0]);
    }

    private static float[] Fill(float[] values, double scale, ulong seed)
    {
        RandomFill.Normal(values.AsSpan(), 0, scale, seed);
        return values;
    }
}
