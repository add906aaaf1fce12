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
    public void Layers_too_large_for_an_array_or_without_units_are_refused()
    {
        // More inputs than there are integers; no outputs; fewer weights than pre-activations.
        foreach ((WeightShape shape, int rows) in new[] { (WeightShape.Convolution(1 << 16, 0, [256, 256], groups: 4), 1), (WeightShape.Dense(3, 0), 1), (WeightShape.Dense(1, 1_000_000), 4096) })
        {
            DelegateNetwork network = new([(shape, LayerActivation.Identity)], _ => RowSource.From(new double[rows], 1), _ => (new double[shape.Count], new double[shape.Outputs]), (_, _, _) => { });
            FluentActions.Invoking(() => LayerSequentialUnitVariance.Apply(network)).Should().Throw<ArgumentException>($"{shape}").WithParameterName("network");
        }

        // Rows so wide that blocks of many exceed an array.
        FluentActions.Invoking(() => ArrivingRows.Take(new NoRows(9_000_000), 10, 0, default)).Should().Throw<ArgumentException>().WithMessage("No rows arrive*");
    }

    [Fact]
    public void A_convolution_needs_targets()
    {
        DelegateNetwork network = new(
            [(WeightShape.Convolution(1, 2, [2]), LayerActivation.Relu), (WeightShape.Dense(2, 2), LayerActivation.Identity)],
            layer => RowSource.From(new double[6], 2), layer => (new double[4], new double[2]), (_, _, _) => { });
        FluentActions.Invoking(() => SpectralWarmStart.Apply(network, Targets.Classes([]))).Should().Throw<ArgumentException>();
    }

    private sealed class NoRows(int columns) : IRowSource, IRowReader
    {
        public int Columns => columns;

        public long? RowCount => null;

        public bool IsSingle => false;

        public IRowReader Open() => this;

        public int Read(Span<double> rows) => 0;

        public int Read(Span<float> rows) => 0;

        public void Dispose()
        {
        }
    }
}
