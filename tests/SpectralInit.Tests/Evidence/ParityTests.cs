using System.Text.Json;

namespace SpectralInit.Evidence.Tests;

/// <summary>The trainer against PyTorch in float64: same weights, rows and batches, step by step. Golden file by benchmarks/SpectralInit.Evidence/parity/reference.py.</summary>
public class ParityTests
{
    private const int Rows = 64, Side = 6, Batch = 16;

    [Fact]
    public void Losses_follow_those_of_PyTorch_at_every_step()
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "Evidence", "parity.json")));
        foreach (JsonElement item in golden.RootElement.EnumerateArray())
        {
            bool regression = item.GetProperty("regression").GetBoolean(), convolution = item.GetProperty("network").GetString() == "convolution";
            Activation activation = item.GetProperty("activation").GetString() == "tanh" ? Activation.Tanh : Activation.Relu;
            OptimizerKind kind = item.GetProperty("optimizer").GetString() == "adam" ? OptimizerKind.Adam : OptimizerKind.Sgd;
            int outputs = regression ? 2 : 4;
            bool recurrent = item.GetProperty("network").GetString() == "recurrent";
            Network network = recurrent ? Network.Recurrent(Side, 1, Side, 10, outputs)
                : convolution ? Network.Convolutional(new ImageSize(Side, Side, 1), [4, 6], [8], outputs, activation)
                : Network.Perceptron(Side * Side, [24, 16], outputs, activation);
            int salt = 10;
            foreach (WeightLayer layer in network.WeightLayers)
            {
                Hashed(layer.Shape.Count, salt, 2 * Math.Sqrt(6.0 / layer.Shape.FanIn)).CopyTo(layer.Weights);
                Hashed(layer.Bias.Length, salt + 1, 0.1).CopyTo(layer.Bias);
                salt += 2;
            }

            float[] features = Hashed(Rows * Side * Side, 1, 4);
            LabeledRows data = regression
                ? LabeledRows.Regression(features, Side * Side, Hashed(Rows * 2, 2, 2), 2)
                : LabeledRows.Classes(features, Side * Side, Array.ConvertAll(Hashed(Rows, 3, 1), u => (int)Math.Floor((u + 0.5) * 4)), 4);
            Optimizer optimizer = Optimizer.Create(kind, network.Parameters.Length, item.GetProperty("rate").GetDouble());
            Loss loss = Loss.For(data);
            double[] expected = [.. item.GetProperty("losses").EnumerateArray().Select(value => value.GetDouble())];
            for (int step = 0; step < expected.Length; step++)
            {
                int[] samples = [.. Enumerable.Range(0, Batch).Select(j => ((step * Batch) + j) * 7 % Rows)];
                double actual = Trainer.Step(network, optimizer, loss, data, samples) / Batch;
                actual.Should().BeApproximately(expected[step], 1e-5 + (1e-3 * expected[step]), $"step {step} of {item.GetProperty("network")} {activation} {kind}");
            }

            expected[^1].Should().BeLessThan(expected[0], "the golden run trains");
        }
    }

    // SplitMix64 of (salt·2³² + i), the top 24 bits, in scale·[−½, ½).
    private static float[] Hashed(int count, int salt, double scale)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            ulong z = (((ulong)salt << 32) + (ulong)i + 1) * 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            z ^= z >> 31;
            values[i] = (float)((((z >> 40) / 16777216.0) - 0.5) * scale);
        }

        return values;
    }
}
