using SpectralInit.Kernels;

namespace SpectralInit.Tests.Networks;

public class ConvolutionWarmStartTests
{
    private const int Size = 6, Kernel = 3, Places = 16, Channels = 8, Samples = 120;

    [Fact]
    public void A_convolution_net_owned_elsewhere_answers_before_training()
    {
        // Images hold a horizontal or a vertical bar at a random place, in noise: no single pixel tells which.
        double[] images = new double[Samples * Size * Size];
        RandomFill.Normal<double>(images, 0, 0.3, 1);
        int[] labels = [.. Enumerable.Range(0, Samples).Select(i => i % 2)];
        for (int i = 0; i < Samples; i++)
        {
            for (int j = 0; j < Size; j++)
                images[(i * Size * Size) + (labels[i] == 0 ? (i / 2 % Size * Size) + j : (j * Size) + (i / 2 % Size))] += 2;
        }

        double[] filters = new double[Channels * 9], filterBias = new double[Channels], dense = new double[2 * Channels * Places], denseBias = new double[2];
        DelegateNetwork network = new(
            [(WeightShape.Convolution(1, Channels, [Kernel, Kernel]), LayerActivation.Relu), (WeightShape.Dense(Channels * Places, 2), LayerActivation.Identity)],
            layer => RowSource.From(layer == 0 ? Patches(images) : Activations(images, filters, filterBias), layer == 0 ? 9 : Channels * Places),
            layer => layer == 0 ? (filters, filterBias) : (dense, denseBias),
            (layer, weights, bias) =>
            {
                weights.CopyTo(layer == 0 ? filters : dense, 0);
                bias.CopyTo(layer == 0 ? filterBias : denseBias, 0);
            });
        SpectralWarmStart warm = SpectralWarmStart.Apply(network, Targets.Classes(labels));
        warm.Report.Should().HaveCount(2);
        warm.Report[0].Method.Should().Contain("patches");
        warm.Report[0].Variance.Should().BeApproximately(1, 1e-6);
        warm.Readout.LeaveOneOutAccuracy.Should().BeGreaterThan(0.9);
        warm.ToString().Should().Contain("ridge readout");

        double[] rows = Activations(images, filters, filterBias);
        double accuracy = Enumerable.Range(0, Samples).Average(i => labels[i] == (Logit(rows, i, 1, dense, denseBias) > Logit(rows, i, 0, dense, denseBias) ? 1 : 0) ? 1.0 : 0);
        accuracy.Should().BeGreaterThan(0.9);
    }

    private static double Logit(double[] rows, int i, int k, double[] weights, double[] bias) =>
        bias[k] + System.Numerics.Tensors.TensorPrimitives.Dot(rows.AsSpan(i * Channels * Places, Channels * Places), weights.AsSpan(k * Channels * Places, Channels * Places));

    private static double[] Patches(double[] images)
    {
        double[] patches = new double[Samples * Places * 9];
        for (int p = 0; p < Samples * Places; p++)
        {
            for (int t = 0; t < 9; t++)
                patches[(p * 9) + t] = images[(p / Places * Size * Size) + (((p % Places / 4) + (t / 3)) * Size) + (p % 4) + (t % 3)];
        }

        return patches;
    }

    private static double[] Activations(double[] images, double[] filters, double[] bias)
    {
        double[] patches = Patches(images), activations = new double[Samples * Places * Channels];
        for (int p = 0; p < Samples * Places; p++)
        {
            for (int c = 0; c < Channels; c++)
                activations[(p * Channels) + c] = Math.Max(0, bias[c] + System.Numerics.Tensors.TensorPrimitives.Dot(patches.AsSpan(p * 9, 9), filters.AsSpan(c * 9, 9)));
        }

        return activations;
    }
}
