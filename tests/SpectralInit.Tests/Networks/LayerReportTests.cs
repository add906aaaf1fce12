namespace SpectralInit.Tests.Networks;

public class LayerReportTests
{
    [Theory]
    [InlineData(3, 5, 1)]
    [InlineData(7, 4, 1e-170)]
    [InlineData(4, 7, 1e-300)]
    [InlineData(4, 7, 1e150)]
    public void The_norm_is_the_largest_singular_value_whatever_the_scale(int inputs, int units, double deviation)
    {
        WeightShape shape = WeightShape.Dense(inputs, units);
        NormalInitializer initializer = new(0, deviation);
        DenseNetwork network = new([new DenseLayer(inputs, units, LayerActivation.Tanh)], RowSource.From(new double[2 * inputs], inputs));
        LayerReport report = LayerwiseInitializer.Apply(network, (_, _) => initializer, 1)[0];
        double expected = SingularValueDecomposition.Decompose(network.Parameters[0].Weights, units, inputs).Values[0];
        report.SpectralNorm.Should().BeApproximately(expected, 1e-12 * expected);
        expected.Should().BePositive();
    }

    [Fact]
    public void Groups_report_the_largest_of_their_norms()
    {
        double[] weights = [1, 0, 0, 1, 3, 4, 0, 0];
        DelegateNetwork network = new(
            [(WeightShape.Convolution(4, 4, [1], groups: 2), LayerActivation.Identity)],
            _ => RowSource.From(new double[8], 2), _ => (weights, new double[4]), (_, w, _) => w.CopyTo(weights, 0));
        LayerwiseInitializer.Apply(network, (_, _) => new ConstantInitializer(0.5))[0].SpectralNorm.Should().BeApproximately(1, 1e-12);
    }

    [Fact]
    public void A_convolution_needs_targets()
    {
        DelegateNetwork network = new(
            [(WeightShape.Convolution(1, 2, [2]), LayerActivation.Relu), (WeightShape.Dense(2, 2), LayerActivation.Identity)],
            layer => RowSource.From(new double[6], 2), layer => (new double[4], new double[2]), (_, _, _) => { });
        FluentActions.Invoking(() => SpectralWarmStart.Apply(network, Targets.Classes([]))).Should().Throw<ArgumentException>();
    }
}
