using SpectralInit.Tests.Weights;

namespace SpectralInit.Tests.Networks;

public class LayerSequentialUnitVarianceTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Every_layer_gets_the_variance_wanted(bool perUnit, bool center)
    {
        DenseNetwork network = Network([6, 30, 30, 30, 4], LayerActivation.Relu, out _);
        IReadOnlyList<LayerChange> changes = LayerSequentialUnitVariance.Apply(network, new() { PerUnit = perUnit, Center = center, TargetVariance = 2 });
        changes.Should().HaveCount(4).And.OnlyContain(change => change.Warning == null && change.Iterations <= 2);
        for (int layer = 0; layer < 4; layer++)
        {
            double[] pre = PreActivations(network, layer, out int count);
            int units = network.Parameters[layer].Layer.Outputs;
            UnitMoments moments = UnitMoments.Of(pre, count, units);
            if (perUnit)
            {
                foreach (double variance in moments.Variances)
                    variance.Should().BeApproximately(2, 0.004);
            }
            else
            {
                moments.Pooled.Should().BeApproximately(2, 0.004);
            }

            if (center)
            {
                foreach (double mean in moments.Means)
                    mean.Should().BeApproximately(0, 1e-9);
            }
        }
    }

    [Fact]
    public void A_network_that_reads_other_parameters_than_it_has_is_refused()
    {
        foreach ((double[]? weights, double[]? bias) in new (double[]?, double[]?)[] { (new double[5], new double[2]), (new double[7], new double[2]), (new double[6], null), (new double[6], new double[1]) })
        {
            DelegateNetwork network = new([(WeightShape.Dense(3, 2), LayerActivation.Relu)], _ => RowSource.From(new double[12], 3), _ => (weights!, bias!), (_, _, _) => { });
            network.Invoking(it => LayerSequentialUnitVariance.Apply(it)).Should().Throw<InvalidOperationException>().WithMessage("*layer 0*6 and 2*");
        }
    }

    [Fact]
    public void The_weights_keep_their_directions()
    {
        DenseNetwork network = Network([6, 10, 3], LayerActivation.Tanh, out double[][] before);
        LayerSequentialUnitVariance.Apply(network);
        for (int layer = 0; layer < 2; layer++)
        {
            double ratio = network.Parameters[layer].Weights[0] / before[layer][0];
            for (int i = 0; i < before[layer].Length; i++)
                network.Parameters[layer].Weights[i].Should().BeApproximately(ratio * before[layer][i], 1e-12);
        }
    }

    [Fact]
    public void Dead_layers_are_reported_and_left()
    {
        DenseNetwork network = new(DenseLayer.Stack([6, 5, 4, 2], LayerActivation.Relu), RowSource.From(Samples.Sign(20, 6, 3).Rows, 6));
        IReadOnlyList<LayerChange> changes = LayerSequentialUnitVariance.Apply(network);
        changes.Should().OnlyContain(change => change.Warning!.Contains("dead"));
        network.Parameters.SelectMany(p => p.Weights).Should().OnlyContain(w => w == 0);
        changes[0].After.DeadUnits.Should().Be(5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Units_that_vary_by_rounding_are_dead(bool center)
    {
        // One feature varies; unit 0 reads it, unit 1 a constant, unit 2 nothing.
        double[] rows = [.. Enumerable.Range(0, 180).Select(i => i % 3 == 0 ? Math.Sin(i) : 5.1)], weights = new double[9], bias = new double[3];
        DenseNetwork network = new([new DenseLayer(3, 3, LayerActivation.Relu)], RowSource.From(rows, 3));
        network.Write(0, [2, 0, 0, 0, 0.3, 0, 0, 0, 0], [0, 0.7, 1.3]);
        LayerChange change = LayerSequentialUnitVariance.Apply(network, new() { PerUnit = true, Center = center }).Single();
        network.Read(0, weights, bias);
        weights[4].Should().Be(0.3);
        bias.Should().OnlyContain(value => Math.Abs(value) < 3);
        change.Warning.Should().StartWith("2 units");
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void One_round_is_enough_where_no_bias_holds_the_variance(bool perUnit, bool center)
    {
        DenseNetwork network = new(DenseLayer.Stack([6, 5, 4], LayerActivation.Tanh), RowSource.From(Samples.Sign(50, 6, 3).Rows, 6));
        for (int layer = 0; layer < 2; layer++)
            network.Write(layer, new NormalInitializer(0, 3).Create<double>(network.ShapeOf(layer), 1), new double[network.ShapeOf(layer).Outputs]);
        foreach (LayerChange change in LayerSequentialUnitVariance.Apply(network, new() { MaxIterations = 1, PerUnit = perUnit, Center = center }))
            (change.Iterations, change.Warning).Should().Be((1, null));
    }

    [Fact]
    public void A_bias_that_holds_the_variance_is_told_at_the_cap()
    {
        DenseNetwork network = Network([6, 10], LayerActivation.Identity, out _);
        double[] bias = [.. Enumerable.Range(0, 10).Select(i => 10.0 * i)];
        network.Write(0, network.Parameters[0].Weights, bias);
        LayerChange change = LayerSequentialUnitVariance.Apply(network, new() { MaxIterations = 3 })[0];
        change.Iterations.Should().Be(3);
        change.Warning.Should().Contain("biases");
    }

    [Fact]
    public void Inputs_first_layers_and_delegates_work()
    {
        double[] rows = Samples.Sign(50, 3, 5).Rows;
        WeightShape shape = WeightShape.Dense(3, 4, WeightLayout.InputsFirst);
        double[] weights = new HeInitializer().Create<double>(shape, 1), bias = new double[4];
        DelegateNetwork network = new([(shape, LayerActivation.Identity)], _ => RowSource.From(rows, 3), _ => (weights, bias), (_, w, b) => (weights, bias) = (w, b));
        double[] before = [.. weights];
        LayerSequentialUnitVariance.Apply(network, new() { PerUnit = true });
        for (int unit = 0; unit < 4; unit++)
        {
            double[] row = [weights[unit], weights[4 + unit], weights[8 + unit]];
            Samples.MeanVariance(row, rows, 3).Should().BeApproximately(50 / 49.0, 0.003);
            (row[0] / row[1]).Should().BeApproximately(before[unit] / before[4 + unit], 1e-9);
        }
    }

    [Fact]
    public void Layerwise_spectral_power_scales_what_arrives()
    {
        DenseNetwork network = Network([6, 20, 15, 4], LayerActivation.Relu, out _);
        IReadOnlyList<LayerReport> report = LayerwiseInitializer.Apply(network, (rows, _) => new SpectralPowerInitializer(DataSpectrum.Fit(rows), 0.5), seed: 3);
        report.Should().OnlyContain(layer => Math.Abs(layer.Mean) < 1e-9 && Math.Abs(layer.Variance - 1) < 0.05 && layer.Method == nameof(SpectralPowerInitializer));
    }

    [Fact]
    public void Fixup_scales_by_depth_and_ends_branches_at_zero()
    {
        WeightShape shape = WeightShape.Dense(8, 8);
        double[] he = new HeInitializer().Create<double>(shape, 2), inner = new FixupInitializer(new HeInitializer(), 16, 2, false).Create<double>(shape, 2);
        for (int i = 0; i < he.Length; i++)
            inner[i].Should().BeApproximately(he[i] / 4, 1e-12);
        new FixupInitializer(new HeInitializer(), 16, 2, true).Create<double>(shape, 2).Should().OnlyContain(w => w == 0);
        new FixupInitializer(new HeInitializer(), 81, 3, false).Create<double>(shape, 2)[0].Should().BeApproximately(he[0] / 3, 1e-12);
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(8, 3)]
    [InlineData(3, 8)]
    [InlineData(5, 13)]
    [InlineData(1, 1)]
    public void ZerO_is_a_partial_identity_or_a_Hadamard_transform(int inputs, int outputs)
    {
        double[] w = new HadamardInitializer().Create<double>(WeightShape.Dense(inputs, outputs), 0);
        double size = Math.Pow(2, Math.Ceiling(Math.Log2(Math.Max(inputs, outputs))));
        for (int i = 0; i < outputs; i++)
        {
            for (int j = 0; j < inputs; j++)
            {
                double value = w[(i * inputs) + j];
                if (outputs <= inputs)
                    value.Should().Be(i == j ? 1 : 0);
                else
                    Math.Abs(value).Should().BeApproximately(1 / Math.Sqrt(size), 1e-15);
            }
        }

        if (outputs == size && outputs > inputs)
        {
            for (int a = 0; a < inputs; a++)
            {
                for (int b = 0; b < inputs; b++)
                    Enumerable.Range(0, outputs).Sum(i => w[(i * inputs) + a] * w[(i * inputs) + b]).Should().BeApproximately(a == b ? 1 : 0, 1e-12);
            }
        }
    }

    [Fact]
    public void ZerO_puts_a_convolutions_identity_at_the_center_of_the_kernel()
    {
        double[] w = new HadamardInitializer().Create<double>(WeightShape.Convolution(2, 2, [3, 3]), 0);
        for (int i = 0; i < w.Length; i++)
            w[i].Should().Be(i is 4 or 31 ? 1 : 0);
    }

    private static DenseNetwork Network(int[] sizes, LayerActivation activation, out double[][] weights)
    {
        DenseNetwork network = new(DenseLayer.Stack(sizes, activation), RowSource.From(Samples.Sign(200, sizes[0], 61).Rows, sizes[0]));
        LayerwiseInitializer.Apply(network, (_, _) => new HeInitializer(), seed: 7);
        weights = [.. network.Parameters.Select(p => p.Weights.ToArray())];
        return network;
    }

    private static double[] PreActivations(DenseNetwork network, int layer, out int count)
    {
        (double[] rows, count) = ArrivingRows.Take(network.InputsOf(layer), 10_000, layer, default);
        double[] pre = new double[count * network.Parameters[layer].Layer.Outputs];
        network.Parameters[layer].PreActivations(rows, count, pre);
        return pre;
    }
}
