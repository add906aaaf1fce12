using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit.Tests.Contract;

/// <summary>Data of any scale, exponents of any size, narrow element types: a right answer, or an exception and nothing written.</summary>
public class RangeTests
{
    private const int Rows = 40;

    private static readonly WeightShape s_layer = WeightShape.Dense(5, 3);

    private static readonly Dictionary<string, Func<IRowSource, Targets, IWeightInitializer>> s_fits = new()
    {
        ["spectral power 1"] = (rows, _) => new SpectralPowerInitializer(DataSpectrum.Fit(rows), 1),
        ["spectral power -1"] = (rows, _) => new SpectralPowerInitializer(DataSpectrum.Fit(rows), -1),
        ["whitening"] = (rows, _) => new WhiteningInitializer(Whitening.Fit(rows)),
        ["Cholesky whitening"] = (rows, _) => new WhiteningInitializer(Whitening.Fit(rows, new() { Kind = WhiteningKind.Cholesky })),
        ["class directions"] = (rows, targets) => new ClassDirectionsInitializer(ClassDirections.Fit(rows, targets)),
        ["class discriminants"] = (rows, targets) => new ClassDirectionsInitializer(ClassDirections.Fit(rows, targets, new() { Kind = ClassDirectionsKind.Discriminant })),
        ["class differences"] = (rows, targets) => ClassDifferenceInitializer.Fit(rows, targets),
        ["gradients"] = (rows, targets) => new GradientOuterProductInitializer(GradientOuterProduct.Fit(rows, targets)),
    };

    public static TheoryData<string> Fits => [.. s_fits.Keys];

    [Theory]
    [MemberData(nameof(Fits))]
    public void Weights_fitted_to_data_undo_their_unit(string name)
    {
        (double[] rows, Targets targets) = Data(0);
        double[] expected = s_fits[name](RowSource.From(rows, 5), targets).Create<double>(s_layer, 1);
        foreach (int exponent in new[] { -480, -400, -265, 265, 400, 480 })
        {
            double[] weights = s_fits[name](RowSource.From(Data(exponent).Rows, 5), targets).Create<double>(s_layer, 1);
            for (int i = 0; i < weights.Length; i++)
                Math.ScaleB(weights[i], exponent).Should().BeApproximately(expected[i], 1e-9 * TensorPrimitives.Norm<double>(expected), $"2^{exponent}");
        }
    }

    [Theory]
    [MemberData(nameof(Fits))]
    public void Rows_all_the_same_have_no_variance_to_make_up_for(string name)
    {
        // No binary fraction: sums of it are rounded.
        foreach (int n in new[] { 3, 7, 60 })
        {
            double[] rows = [.. Enumerable.Range(0, 5 * n).Select(i => 0.1 + (0.37 * (i % 5)))];
            Targets targets = Targets.Classes([.. Enumerable.Range(0, n).Select(i => i * i % 3 % 2)], 2);
            double[]? weights = null;
            Exception? thrown = Record.Exception(() => weights = s_fits[name](RowSource.From(rows, 5), targets).Create<double>(s_layer, 1));
            if (thrown is not ArgumentException)
                weights.Should().OnlyContain(value => Math.Abs(value) < 10, $"{n} rows {thrown}");
        }
    }

    [Fact]
    public void Labelled_rows_that_cannot_be_squared_are_refused()
    {
        IReadOnlyList<DenseLayer> layers = DenseLayer.Stack([5, 4, 2], LayerActivation.Relu);
        foreach (int exponent in new[] { -540, 515, 1000 })
        {
            (double[] values, Targets targets) = Data(exponent);
            IRowSource rows = RowSource.From(values, 5);
            DenseNetwork network = new(layers, rows);
            for (int layer = 0; layer < 2; layer++)
                network.Write(layer, new HeInitializer().Create<double>(network.ShapeOf(layer), 1), new double[network.ShapeOf(layer).Outputs]);
            foreach (Action fit in (Action[])
            [
                () => ClassDirections.Fit(rows, targets), () => ClassDifferenceInitializer.Fit(rows, targets), () => GradientOuterProduct.Fit(rows, targets), () => RidgeReadout.Fit(rows, targets),
                () => SpectralWarmStart.Fit(layers, rows, targets), () => AutomaticInitializer.Fit(layers, rows, targets), () => LayerSequentialUnitVariance.Apply(network),
            ])
                fit.Should().Throw<ArgumentException>($"2^{exponent}").WithMessage("*scale them*");
        }
    }

    [Fact]
    public void Activations_and_outputs_too_large_to_square_are_refused_by_name()
    {
        MomentAccumulator activations = new(5);
        activations.Add(Data(520).Rows);
        new Action(() => Corda.Factor(new double[10], 2, 5, 1, activations)).Should().Throw<ArgumentException>().WithParameterName("activations").WithMessage("*scale*");
        activations.Count.Should().Be(Rows, "the caller's moments are not consumed");
        new Action(() => InitializerComparison.Measure(RowSource.From(Data(520).Rows, 5), s_layer, 1, [("He", new HeInitializer())])).Should().Throw<ArgumentException>().WithParameterName("rows").WithMessage("*scale*");
    }

    [Fact]
    public void Weights_and_biases_beyond_their_type_are_refused_and_nothing_is_written()
    {
        (double[] small, Targets targets) = Data(-200);
        DataSpectrum spectrum = DataSpectrum.Fit(RowSource.From(small, 5));
        WeightShape kernel = WeightShape.Convolution(5, 3, [1]), square = WeightShape.Dense(4, 4);
        foreach ((IWeightInitializer initializer, WeightShape shape) in ((IWeightInitializer, WeightShape)[])
        [
            (new SpectralPowerInitializer(spectrum, 1), s_layer), (new SpectralPowerInitializer(spectrum, 1), s_layer.With(WeightLayout.InputsFirst)), (new WhiteningInitializer(Whitening.Fit(spectrum)), s_layer),
            (new PrincipalComponentInitializer(spectrum, new() { Scaling = ComponentScaling.Proportional }), s_layer),
            (new ClassDirectionsInitializer(ClassDirections.Fit(RowSource.From(small, 5), targets)), s_layer), (ClassDifferenceInitializer.Fit(RowSource.From(small, 5), targets), s_layer),
            (new SphericalKMeansInitializer(SphericalKMeans.Fit(RowSource.From(Data(0).Rows, 5), new() { Clusters = 3 }), 1e300), s_layer), (new SpectrallyNormalizedInitializer(new HeInitializer(), SpectralTarget.Norm(1e60)), s_layer),
            (new RadiusNormalizedInitializer(new HeInitializer(), 1e60), square), (new ReservoirInitializer(1e60, 1), square),
            (new ConvolutionNormalizedInitializer(new HeInitializer(), new(6), SpectralTarget.Norm(1e60)), kernel), (new IdentityInitializer(1e60), s_layer),
        ])
        {
            float[] weights = [.. Enumerable.Repeat(-77f, shape.Count)];
            Action act = () => initializer.Initialize<float>(weights, shape, 1);
            act.Should().Throw<ArgumentException>($"{initializer} {shape}").Which.Message.Should().MatchRegex("not finite in Single|overflows Single");
            weights.Should().OnlyContain(value => value == -77);
        }

        PrincipalComponentInitializer photographs = new(DataSpectrum.Fit(RowSource.From([.. Data(0).Rows.Select(value => 60_000 + value)], 5)));
        Half[] bias = [.. Enumerable.Repeat((Half)(-77), 3)];
        Action center = () => photographs.InitializeBias<Half>(bias, s_layer, 1);
        center.Should().Throw<ArgumentException>().WithParameterName("bias").WithMessage("*not finite in Half*");
        bias.Should().OnlyContain(value => value == (Half)(-77));
        new Action(() => GateBias.Lstm<Half>(1, 1e9)).Should().Throw<ArgumentException>().WithParameterName("forget");
        new Action(() => new SpectrallyNormalizedInitializer(new NormalInitializer(0, 1e-320)).Create<double>(s_layer)).Should().Throw<ArgumentException>().WithMessage("*too small*");
    }

    [Fact]
    public void Part_of_the_weights_beyond_their_type_leaves_all_unwritten()
    {
        // The first rows fit a Half, later ones do not.
        double[] series = [.. Enumerable.Range(0, 300).Select(i => i % 3 == 0 ? 1e-3 * Math.Sin(0.1 * i) : 1e-7 * Math.Cos(i * i))];
        DataSpectrum spectrum = DataSpectrum.Fit(RowSource.From(Data(0).Rows, 5));
        WordVectors words = WordVectors.Fit(CooccurrenceCounts.Count(Enumerable.Range(0, 400).Select(i => $"t{(i * i % 11) + (i % 3)}")), new() { Dimension = 4 });
        (IWeightInitializer, WeightShape)[] cases =
        [
            (DynamicModes.Fit(series, 3, new() { Radius = 1 }).InputWeights, WeightShape.Dense(3, 3)),
            (new EmbeddingInitializer(words, standardDeviation: 40_000), WeightShape.Embedding(words.Vocabulary.Count, 4)),
            .. Enumerable.Range(0, 20).Select(i => ((IWeightInitializer)new SpectralPowerInitializer(spectrum, 0, new() { TargetVariance = 1e8 * Math.Pow(1.5, i) }), WeightShape.Recurrent(5, 1, 4))),
        ];
        int refused = 0;
        foreach ((IWeightInitializer initializer, WeightShape shape) in cases)
        {
            Half[] weights = [.. Enumerable.Repeat((Half)(-77), shape.Count)];
            Exception? thrown = Record.Exception(() => initializer.Initialize<Half>(weights, shape, 1));
            if (thrown is null)
                continue;
            refused++;
            thrown.Should().BeOfType<ArgumentException>().Which.ParamName.Should().Be("weights");
            weights.Should().OnlyContain(value => value == (Half)(-77), $"{initializer} {shape}");
        }

        refused.Should().BeGreaterThan(4);
    }

    [Fact]
    public void Exponents_of_any_size_lead_to_the_first_or_the_last_direction()
    {
        (double[] rows, Targets targets) = Data(0);
        DataSpectrum spectrum = DataSpectrum.Fit(RowSource.From(rows, 5));
        foreach (double power in new[] { -1e308, -1000, 1000, 1e308 })
            Alignment(new SpectralPowerInitializer(spectrum, power, new() { Shrinkage = 0 }), spectrum.Components.Vector(power < 0 ? 4 : 0)).Should().BeApproximately(1, 1e-9, $"{power}");
        GradientOuterProduct product = GradientOuterProduct.Fit(RowSource.From(rows, 5), targets);
        foreach (double exponent in new[] { 1e3, 1e6, 1e300 })
            Alignment(new GradientOuterProductInitializer(product, new() { Exponent = exponent, IsotropicShare = 0 }), product.Components.Vector(0)).Should().BeApproximately(1, 1e-9, $"{exponent}");

        CooccurrenceCounts counts = CooccurrenceCounts.Count("a b c d a b c d d a b c b b a".Split(' '), new() { MinCount = 1, Window = int.MaxValue });
        new Action(() => WordVectors.Fit(counts, new() { Dimension = 4, SingularValuePower = -1e300 })).Should().Throw<ArgumentOutOfRangeException>().WithParameterName(nameof(WordVectorOptions.SingularValuePower));
    }

    [Fact]
    public void Discriminants_of_rows_that_coincide_warn()
    {
        ClassDirections directions = ClassDirections.Fit(RowSource.From([1.0, 2, 1, 2, 1, 2, 1, 2], 2), Targets.Classes([0, 1, 0, 1]), new() { Kind = ClassDirectionsKind.Discriminant });
        directions.Values.Should().BeEmpty();
        directions.Warnings.Should().ContainSingle();
    }

    private static double Alignment(IWeightInitializer initializer, ReadOnlySpan<double> direction) =>
        Math.Abs(TensorPrimitives.CosineSimilarity(initializer.Create<double>(WeightShape.Dense(5, 1), 1), direction));

    /// <summary>Two classes that differ in the first feature, times 2^exponent.</summary>
    private static (double[] Rows, Targets Targets) Data(int exponent)
    {
        double[] rows = new double[Rows * 5];
        RandomFill.Normal<double>(rows, 0, 1, 7);
        int[] labels = [.. Enumerable.Range(0, Rows).Select(i => i % 2)];
        for (int i = 0; i < Rows; i++)
            rows[i * 5] += 3 * labels[i];
        return ([.. rows.Select(value => Math.ScaleB(value, exponent))], Targets.Classes(labels));
    }
}
