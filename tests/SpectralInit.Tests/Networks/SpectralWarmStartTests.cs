using SpectralInit.Tests.Weights;

namespace SpectralInit.Tests.Networks;

public class SpectralWarmStartTests
{
    [Fact]
    public void A_warm_started_network_already_answers()
    {
        (double[] rows, int[] labels) = Samples.Sign(300, 10, seed: 21);
        (double[] fresh, int[] wanted) = Samples.Sign(500, 10, seed: 22);
        SpectralWarmStart warm = SpectralWarmStart.Fit(DenseLayer.Stack([10, 64, 32, 2], LayerActivation.Relu), RowSource.From(rows, 10), Targets.Classes(labels));
        double[] logits = Forward(warm, fresh);
        double accuracy = Enumerable.Range(0, 500).Average(i => (logits[2 * i] < logits[(2 * i) + 1] ? 1 : 0) == wanted[i] ? 1.0 : 0);
        accuracy.Should().BeGreaterThan(0.85);
        warm.CrossFittedAccuracy.Should().BeApproximately(accuracy, 0.06);
        warm.Warnings.Should().BeEmpty();
    }

    [Theory]
    [InlineData(LayerActivation.Relu)]
    [InlineData(LayerActivation.Tanh)]
    [InlineData(LayerActivation.Gelu)]
    [InlineData(LayerActivation.Sigmoid)]
    public void Every_layer_is_centered_and_scaled_on_what_arrives(LayerActivation activation)
    {
        (double[] rows, int[] labels) = Samples.Sign(200, 8, seed: 23);
        SpectralWarmStart warm = SpectralWarmStart.Fit(DenseLayer.Stack([8, 40, 30, 20, 2], activation), RowSource.From(rows, 8), Targets.Classes(labels), new() { BiasDeviation = 0 });
        warm.Report.Should().HaveCount(4);
        foreach (LayerReport layer in warm.Report.Take(3))
        {
            layer.Mean.Should().BeApproximately(0, 1e-9);
            layer.Variance.Should().BeApproximately(1, 1e-6);
            layer.SpectralNorm.Should().BePositive();
        }
    }

    [Theory]
    [InlineData(LayerActivation.Relu, 1e-12)]
    [InlineData(LayerActivation.Tanh, 0.1)]
    public void Depth_costs_nothing_at_the_start(LayerActivation activation, double tolerance)
    {
        (double[] rows, int[] labels) = Samples.Sign(200, 8, seed: 28);
        IRowSource source = RowSource.From(rows, 8);
        WarmStartOptions options = new() { ReadoutNorm = double.PositiveInfinity };
        SpectralWarmStart shallow = SpectralWarmStart.Fit(DenseLayer.Stack([8, 32, 24, 2], activation), source, Targets.Classes(labels), options);
        SpectralWarmStart deep = SpectralWarmStart.Fit(DenseLayer.Stack([8, 32, 24, .. Enumerable.Repeat(24, 20), 2], activation), source, Targets.Classes(labels), options);
        deep.Readout.LeaveOneOutError.Should().BeApproximately(shallow.Readout.LeaveOneOutError, tolerance);
        deep.Report[10].Method.Should().Be("transport");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Few_rows_are_enough(int n)
    {
        (double[] rows, int[] labels) = Samples.Sign(n, 3000, seed: 24);
        SpectralWarmStart warm = SpectralWarmStart.Fit(DenseLayer.Stack([3000, 16, 2], LayerActivation.Relu), RowSource.From(rows, 3000), Targets.Classes(labels, 2));
        warm.Layers.SelectMany(layer => layer.Weights.Concat(layer.Bias)).Should().OnlyContain(value => double.IsFinite(value));
    }

    [Fact]
    public void More_classes_than_units_one_logit_and_regression_work()
    {
        (double[] rows, int[] labels) = Samples.Sign(120, 5, seed: 25);
        IRowSource source = RowSource.From(rows, 5);
        int[] many = [.. Enumerable.Range(0, 120).Select(i => i % 30)];
        SpectralWarmStart.Fit(DenseLayer.Stack([5, 4, 30], LayerActivation.Tanh), source, Targets.Classes(many)).Layers[1].Weights.Should().HaveCount(120);

        SpectralWarmStart pair = SpectralWarmStart.Fit(DenseLayer.Stack([5, 24, 2], LayerActivation.Relu), source, Targets.Classes(labels));
        SpectralWarmStart single = SpectralWarmStart.Fit(DenseLayer.Stack([5, 24, 1], LayerActivation.Relu), source, Targets.Classes(labels));
        double[] both = Forward(pair, rows), one = Forward(single, rows);
        for (int i = 0; i < 120; i++)
            one[i].Should().BeApproximately(both[(2 * i) + 1] - both[2 * i], 1e-9);

        double[] values = [.. Enumerable.Range(0, 120).Select(i => Math.Tanh(2 * rows[i * 5]) + 10)];
        SpectralWarmStart regression = SpectralWarmStart.Fit(DenseLayer.Stack([5, 64, 1], LayerActivation.Relu), source, Targets.Values(values));
        regression.LogitScale.Should().Be(1);
        regression.Readout.LeaveOneOutError.Should().BeLessThan(0.7);
        Forward(regression, rows).Average().Should().BeApproximately(values.Average(), 1e-9);
    }

    [Fact]
    public void Constant_labels_predict_the_constant_and_say_why()
    {
        (double[] rows, _) = Samples.Sign(40, 5, seed: 26);
        SpectralWarmStart warm = SpectralWarmStart.Fit(DenseLayer.Stack([5, 8, 3], LayerActivation.Relu), RowSource.From(rows, 5), Targets.Classes([.. Enumerable.Repeat(1, 40)], 3));
        warm.Warnings.Should().NotBeEmpty();
        warm.Layers[1].Weights.Should().OnlyContain(weight => weight == 0);
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        (double[] rows, int[] labels) = Samples.Sign(700, 20, seed: 27);
        double[][] runs = [.. new[] { 1, 2, 3, 7 }.Select(threads =>
        {
            using IDisposable limit = Parallelism.Limit(threads);
            SpectralWarmStart warm = SpectralWarmStart.Fit(DenseLayer.Stack([20, 30, 20, 2], LayerActivation.Relu), RowSource.From(rows, 20), Targets.Classes(labels), new() { MaxCenters = 200, Seed = 4 });
            return warm.Layers.SelectMany(layer => layer.Weights.Concat(layer.Bias)).ToArray();
        })];
        foreach (double[] run in runs)
            run.Should().Equal(runs[0]);
    }

    [Fact]
    public void A_network_owned_elsewhere_gets_the_same_weights()
    {
        (double[] rows, int[] labels) = Samples.Sign(150, 9, seed: 29);
        IReadOnlyList<DenseLayer> layers = DenseLayer.Stack([9, 20, 20, 10, 2], LayerActivation.Relu);
        SpectralWarmStart own = SpectralWarmStart.Fit(layers, RowSource.From(rows, 9), Targets.Classes(labels), new() { Seed = 5 });
        DenseNetwork network = new(layers, RowSource.From(rows, 9));
        SpectralWarmStart other = SpectralWarmStart.Apply(network, Targets.Classes(labels), new() { Seed = 5 });
        for (int i = 0; i < 4; i++)
        {
            network.Parameters[i].Weights.Should().Equal(own.Layers[i].Weights);
            network.Parameters[i].Bias.Should().Equal(own.Layers[i].Bias);
        }

        other.CrossFittedError.Should().Be(own.CrossFittedError);
        other.Readout.Weights.Should().Equal(own.Readout.Weights);
    }

    [Fact]
    public void The_readout_is_no_longer_than_asked()
    {
        // Noise as features: a readout that fits it has long weights.
        (double[] rows, _) = Samples.Sign(60, 30, seed: 31);
        int[] labels = [.. Enumerable.Range(0, 60).Select(i => i % 3)];
        foreach (double norm in new[] { 0.2, 1, 5 })
        {
            SpectralWarmStart warm = SpectralWarmStart.Fit(DenseLayer.Stack([30, 64, 32, 3], LayerActivation.Relu), RowSource.From(rows, 30), Targets.Classes(labels), new() { ReadoutNorm = norm });
            (System.Numerics.Tensors.TensorPrimitives.Norm<double>(warm.Layers[2].Weights) / Math.Sqrt(3)).Should().BeLessThanOrEqualTo(norm * 1.0000001);
        }

        SpectralWarmStart asked = SpectralWarmStart.Fit(DenseLayer.Stack([30, 64, 32, 3], LayerActivation.Relu), RowSource.From(rows, 30), Targets.Classes(labels), new() { LogitScale = 7 });
        asked.LogitScale.Should().Be(7);
    }

    [Fact]
    public void Part_of_many_rows_is_enough_for_the_readout()
    {
        (double[] rows, int[] labels) = Samples.Sign(5000, 6, seed: 32);
        SpectralWarmStart warm = SpectralWarmStart.Fit(DenseLayer.Stack([6, 48, 24, 2], LayerActivation.Relu), RowSource.From(rows, 6), Targets.Classes(labels));
        double[] logits = Forward(warm, rows);
        double accuracy = Enumerable.Range(0, 5000).Average(i => (logits[2 * i] < logits[(2 * i) + 1] ? 1 : 0) == labels[i] ? 1.0 : 0);
        accuracy.Should().BeGreaterThan(0.88);
        warm.Readout.LeaveOneOutAccuracy.Should().BeApproximately(accuracy, 0.03);
    }

    [Fact]
    public void Wrong_networks_are_refused()
    {
        IRowSource rows = RowSource.From(new double[12], 3);
        Targets targets = Targets.Classes([0, 1, 0, 2]);
        FluentActions.Invoking(() => SpectralWarmStart.Fit([], rows, targets)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => SpectralWarmStart.Fit(DenseLayer.Stack([4, 3], LayerActivation.Relu), rows, targets)).Should().Throw<ArgumentException>().WithMessage("*4 inputs*3 features*");
        FluentActions.Invoking(() => SpectralWarmStart.Fit(DenseLayer.Stack([3, 2], LayerActivation.Relu), rows, targets)).Should().Throw<ArgumentException>().WithMessage("*2 outputs*3*");
        FluentActions.Invoking(() => SpectralWarmStart.Fit([new(3, 5, LayerActivation.Relu), new(4, 3, LayerActivation.Relu)], rows, targets)).Should().Throw<ArgumentException>().WithMessage("Layer 1*");
    }

    private static double[] Forward(SpectralWarmStart warm, double[] rows)
    {
        int count = rows.Length / warm.Layers[0].Layer.Inputs;
        return warm.Layers.Aggregate(rows, (values, layer) => layer.Forward(values, count));
    }
}
