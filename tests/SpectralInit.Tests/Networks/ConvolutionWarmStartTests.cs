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

    [Theory]
    [InlineData(ConvolutionFilters.Clusters, WeightLayout.OutputsFirst)]
    [InlineData(ConvolutionFilters.Clusters, WeightLayout.InputsFirst)]
    [InlineData(ConvolutionFilters.Recipe, WeightLayout.OutputsFirst)]
    public void Groups_padding_and_stride_are_those_of_the_net(ConvolutionFilters filters, WeightLayout layout)
    {
        int[] labels = [.. Enumerable.Range(0, 90).Select(i => i % 3)];
        GroupedConvolutionNet net = new(Shapes(labels), 3, layout);
        SpectralWarmStart warm = SpectralWarmStart.Apply(net.Network, Targets.Classes(labels), new() { Filters = filters });
        warm.Report.Should().HaveCount(3);
        for (int layer = 0; layer < 2; layer++)
        {
            warm.Report[layer].Method.Should().Contain("patches");
            (double mean, double variance) = Moments(net.Convolved(layer), net.Shapes[layer].Outputs);
            if (filters == ConvolutionFilters.Clusters)
            {
                // All patches are in the sample.
                variance.Should().BeApproximately(1, 1e-9);
                mean.Should().BeApproximately(0, 1e-9);
                warm.Report[layer].Variance.Should().BeApproximately(1, 1e-9);
            }
            else
            {
                variance.Should().BeInRange(0.8, 1.25);
            }
        }

        double[] outputs = net.Outputs();
        Enumerable.Range(0, 90).Average(i => outputs.AsSpan(i * 3, 3).IndexOf(outputs.AsSpan(i * 3, 3).ToArray().Max()) == labels[i] ? 1.0 : 0).Should().BeGreaterThan(0.9);
        double[][] first = [.. Enumerable.Range(0, 3).Select(net.Weights)];
        foreach (int threads in (int[])[1, 3])
        {
            using (Parallelism.Limit(threads))
                SpectralWarmStart.Apply(net.Network, Targets.Classes(labels), new() { Filters = filters });
            for (int layer = 0; layer < 3; layer++)
                net.Weights(layer).Should().Equal(first[layer]);
        }
    }

    [Fact]
    public void Unit_variance_and_layerwise_spectra_reach_into_groups()
    {
        int[] labels = [.. Enumerable.Range(0, 40).Select(i => i % 3)];
        GroupedConvolutionNet net = new(Shapes(labels), 3);
        LayerwiseInitializer.Apply(net.Network, (rows, layer) => layer < 2
            ? new PerGroupInitializer(new SpectralPowerInitializer(DataSpectrum.Fit(rows), 1))
            : new HeInitializer());
        IReadOnlyList<LayerChange> changes = LayerSequentialUnitVariance.Apply(net.Network, new() { PerUnit = true, Center = true, Tolerance = 1e-9 });
        changes.Should().OnlyContain(change => change.Warning == null);
        for (int layer = 0; layer < 2; layer++)
        {
            (double mean, double variance) = Moments(net.Convolved(layer), net.Shapes[layer].Outputs);
            variance.Should().BeApproximately(1, 1e-8);
            mean.Should().BeApproximately(0, 1e-8);
        }
    }

    [Fact]
    public void Images_without_patches_to_cluster_still_get_filters()
    {
        foreach (int count in (int[])[1, 2, 5])
        {
            GroupedConvolutionNet blank = new(new double[count * 64], 2);
            SpectralWarmStart warm = SpectralWarmStart.Apply(blank.Network, Targets.Classes([.. Enumerable.Range(0, count).Select(i => i % 2)], 2));
            warm.Report[0].Method.Should().Be("isotropic draws of patches");
            blank.Weights(0).Should().NotContain(0).And.OnlyContain(value => double.IsFinite(value));
            blank.Outputs().Should().OnlyContain(value => double.IsFinite(value));
        }

        // One pixel that is not zero: fewer patches with a direction than clusters.
        double[] nearlyBlank = new double[2 * 64];
        nearlyBlank[9] = 1;
        GroupedConvolutionNet net = new(nearlyBlank, 2);
        SpectralWarmStart.Apply(net.Network, Targets.Classes([0, 1]));
        net.Weights(0).Concat(net.Outputs()).Should().OnlyContain(value => double.IsFinite(value));
    }

    [Fact]
    public void Patches_that_are_not_whole_samples_or_groups_are_refused()
    {
        GroupedConvolutionNet net = new(new double[4 * 64], 2);
        net.Network.Invoking(network => SpectralWarmStart.Apply(network, Targets.Classes([0, 1, 0], 2))).Should().Throw<ArgumentException>().WithParameterName("network").WithMessage("*equally many*");
        double[] broken = new double[4 * 64];
        broken[70] = double.NaN;
        new GroupedConvolutionNet(broken, 2).Network.Invoking(network => SpectralWarmStart.Apply(network, Targets.Classes([0, 1, 0, 1]))).Should().Throw<ArgumentException>().WithParameterName("network").WithMessage("*NaN*");
        net.Network.Invoking(network => SpectralWarmStart.Apply(network, Targets.Classes([0, 1, 0, 1]), new() { Filters = (ConvolutionFilters)9 })).Should().Throw<ArgumentOutOfRangeException>();
    }

    /// <summary>Horizontal bars, vertical bars and squares in noise, 8 × 8.</summary>
    private static double[] Shapes(int[] labels)
    {
        const int Side = GroupedConvolutionNet.Size;
        double[] images = new double[labels.Length * Side * Side];
        RandomFill.Normal<double>(images, 0, 0.2, 4);
        for (int i = 0; i < labels.Length; i++)
        {
            Span<double> image = images.AsSpan(i * Side * Side, Side * Side);
            int at = i / 3 % (Side - 2);
            for (int j = 0; j < Side; j++)
            {
                if (labels[i] == 2)
                    image[((at + (j / 3)) * Side) + at + (j % 3)] += 2;
                else
                    image[labels[i] == 0 ? (at * Side) + j : (j * Side) + at] += 2;
            }
        }

        return images;
    }

    /// <summary>Mean, and mean over the channels of the variance, of [image, channel, position] values.</summary>
    private static (double Mean, double Variance) Moments(double[] pre, int channels)
    {
        int positions = pre.Length / channels;
        int inside = GroupedConvolutionNet.Size * GroupedConvolutionNet.Size;
        if (pre.Length / channels % inside != 0 || channels == GroupedConvolutionNet.Second)
            inside = GroupedConvolutionNet.Half * GroupedConvolutionNet.Half;
        double variance = 0;
        for (int channel = 0; channel < channels; channel++)
        {
            double[] own = [.. Enumerable.Range(0, pre.Length).Where(i => i / inside % channels == channel).Select(i => pre[i])];
            own.Should().HaveCount(positions);
            double mean = own.Average();
            variance += own.Average(value => (value - mean) * (value - mean)) / channels;
        }

        return (pre.Average(), variance);
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
