namespace SpectralInit.Tests.Networks;

public class ActivationTests
{
    // From PyTorch 1.13: relu, leaky_relu, tanh, sigmoid, gelu(approximate='tanh'), silu, elu in double at −800, −2, −0.5, 0, 0.5, 2, 800.
    [Fact]
    public void Activations_are_those_of_PyTorch()
    {
        Dictionary<LayerActivation, double[]> expected = Golden();
        foreach (LayerActivation activation in Enum.GetValues<LayerActivation>())
        {
            double[] x = [-800, -2, -0.5, 0, 0.5, 2, 800];
            double[] values = Pass(activation, x);
            for (int i = 0; i < x.Length; i++)
                values[i].Should().BeApproximately(expected[activation][i], 1e-14 * Math.Max(1, Math.Abs(expected[activation][i])), $"{activation} of {x[i]}");
        }
    }

    [Fact]
    public void Parameters_are_copied_in_either_layout_and_refused_where_they_overflow()
    {
        DenseNetwork network = new(DenseLayer.Stack([2, 3], LayerActivation.Relu), RowSource.From([1.0, 2], 2));
        network.Write(0, [1.0, 2, 3, 4, 5, 1e60], [7.0, 8, 1e9]);
        double[] weights = new double[6];
        network.Parameters[0].CopyWeights<double>(weights, WeightLayout.InputsFirst);
        weights.Should().Equal(1, 3, 5, 2, 4, 1e60);
        float[] narrow = [.. Enumerable.Repeat(-77f, 6)], bias = new float[3];
        network.Parameters[0].Invoking(it => it.CopyWeights<float>(narrow)).Should().Throw<ArgumentException>().WithMessage("*not finite in Single*");
        narrow.Should().OnlyContain(value => value == -77);
        network.Parameters[0].CopyBias<float>(bias);
        bias.Should().Equal(7, 8, 1e9f);
        network.Parameters[0].Invoking(it => it.CopyBias<Half>(new Half[3])).Should().Throw<ArgumentException>().WithMessage("*not finite in Half*");
        network.Parameters[0].Invoking(it => it.CopyBias<Half>(new Half[2])).Should().Throw<ArgumentException>();
        (network.LayerCount, network.ActivationOf(0)).Should().Be((1, LayerActivation.Identity));
    }

    // One layer that passes its input on, with the activation behind it.
    private static double[] Pass(LayerActivation activation, double[] x)
    {
        DenseNetwork network = new([new DenseLayer(1, 1, activation)], RowSource.From(x, 1));
        network.Write(0, [1.0], [0.0]);
        return network.Outputs().ToArray<double>();
    }

    private static Dictionary<LayerActivation, double[]> Golden() => new()
    {
        [LayerActivation.Identity] = [-800, -2, -0.5, 0, 0.5, 2, 800],
        [LayerActivation.Relu] = [0, 0, 0, 0, 0.5, 2, 800],
        [LayerActivation.LeakyRelu] = [-8, -0.02, -0.005, 0, 0.5, 2, 800],
        [LayerActivation.Tanh] = [-1, -0.9640275800758169, -0.46211715726000974, 0, 0.46211715726000974, 0.9640275800758169, 1],
        [LayerActivation.Sigmoid] = [0, 0.11920292202211755, 0.3775406687981454, 0.5, 0.6224593312018546, 0.8807970779778823, 1],
        [LayerActivation.Gelu] = [-0, -0.04540230591222494, -0.15428599017485606, 0, 0.34571400982514394, 1.954597694087775, 800],
        [LayerActivation.Silu] = [-0, -0.2384058440442351, -0.1887703343990727, 0, 0.3112296656009273, 1.7615941559557646, 800],
        [LayerActivation.Elu] = [-1, -0.8646647167633873, -0.3934693402873666, 0, 0.5, 2, 800],
    };
}
