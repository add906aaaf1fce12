using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit.Tests.Contract;

/// <summary>The promised scale is there within 5 % on activations as they arrive in networks: correlated, off-centre, rectified.</summary>
public class ScaleLaws
{
    private const int Features = 96, Rows = 1000;
    private const ulong Seed = 0xC2B2AE3D27D4EB4F;

    private static readonly Activations s_made = new(Made(), Features);
    private static readonly Dictionary<string, (IWeightInitializer Initializer, Func<WeightShape, double> Promised)> s_cases = Cases(s_made);

    public static TheoryData<string> Initializers => [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Initializers))]
    public void Pre_activations_on_made_activations_have_the_promised_variance(string name) => Check(name, s_cases[name], s_made,
    [
        WeightShape.Dense(Features, 768),
        WeightShape.Convolution(3, 768, [4, 8]),
        WeightShape.Recurrent(Features, 256, gates: 3),
        WeightShape.Packed(Features, 256, parts: 3),
    ]);

    [RealDataFact]
    public void Pre_activations_on_MNIST_have_the_promised_variance()
    {
        double[] pixels = new double[Rows * 784];
        using IRowReader reader = IdxFile.ReadRows(RealData.PathOf("mnist/train-images-idx3-ubyte.gz"), 1.0 / 255).Open();
        reader.Read(pixels).Should().Be(Rows);
        Activations digits = new(pixels, 784);
        foreach ((string name, (IWeightInitializer, Func<WeightShape, double>) subject) in Cases(digits))
            Check(name, subject, digits, [WeightShape.Dense(784, 768)]);
    }

    [Fact]
    public void Principal_components_share_the_target_variance()
    {
        PrincipalComponentInitializer initializer = new(s_made.Spectrum, new() { Scaling = ComponentScaling.Proportional, TargetVariance = 2 });
        foreach (WeightShape shape in new[] { WeightShape.Dense(Features, 64), WeightShape.Convolution(3, 96, [4, 8]), WeightShape.Packed(Features, 40, parts: 3) })
            s_made.Variances(initializer.Create<double>(shape, Seed)).Average().Should().BeApproximately(2, 0.1, $"{shape}");
    }

    [Fact]
    public void Whitened_units_have_unit_variance_each_and_every_part_is_a_whitening_of_its_own()
    {
        foreach (WhiteningKind kind in Enum.GetValues<WhiteningKind>())
        {
            WhiteningInitializer initializer = new(Whitening.Fit(RowSource.From(s_made.Values, Features), new() { Kind = kind }));
            WeightShape packed = WeightShape.Packed(Features, 128, parts: 3);
            double[] weights = initializer.Create<double>(packed, Seed);
            double[][] parts = [.. weights.Chunk(weights.Length / 3)];
            parts[1].AsSpan(0, 96 * Features).SequenceEqual(parts[0].AsSpan(0, 96 * Features)).Should().BeTrue($"{kind}: every part starts with the whitening");
            parts[1].AsSpan(96 * Features).SequenceEqual(parts[0].AsSpan(96 * Features)).Should().BeFalse($"{kind}: further rows are drawn apart");
            initializer.Create<double>(WeightShape.Dense(Features, 128), Seed).Should().Equal(parts[0], $"{kind}");
            foreach (double variance in s_made.Variances(weights[..(96 * Features)]))
                variance.Should().BeApproximately(1, 0.05, $"{kind}");
            s_made.Variances(weights).Average().Should().BeApproximately(1, 0.05, $"{kind}");
        }
    }

    [Fact]
    public void Mirrored_pairs_stay_within_a_part()
    {
        SpectralPowerInitializer initializer = new(s_made.Spectrum, 1, new() { Mirrored = true });
        double[] weights = initializer.Create<double>(WeightShape.Recurrent(Features, 8, gates: 2), Seed);
        for (int part = 0; part < 2; part++)
        {
            double[] own = weights[(part * 8 * Features)..((part + 1) * 8 * Features)];
            own[(4 * Features)..].Should().Equal(own[..(4 * Features)].Select(x => -x));
        }

        weights.AsSpan(0, 4 * Features).SequenceEqual(weights.AsSpan(8 * Features, 4 * Features)).Should().BeFalse("parts are drawn apart");
    }

    [Fact]
    public void Unit_variance_layers_have_it_on_the_rows_that_arrive()
    {
        DenseNetwork network = new(DenseLayer.Stack([Features, 256, 64], LayerActivation.Relu), RowSource.From(s_made.Values, Features));
        for (int layer = 0; layer < 2; layer++)
            network.Write(layer, new HeInitializer().Create<double>(network.ShapeOf(layer), Seed), new double[network.ShapeOf(layer).Outputs]);
        LayerSequentialUnitVariance.Apply(network, new() { Center = true, TargetVariance = 1.5 });
        for (int layer = 0; layer < 2; layer++)
        {
            Activations arriving = new(network.InputsOf(layer).ToArray<double>(), network.ShapeOf(layer).Columns);
            arriving.Variances(network.Parameters[layer].Weights).Average().Should().BeApproximately(1.5, 0.075);
        }
    }

    [Fact]
    public void Hidden_layers_of_a_warm_start_have_unit_variance_on_the_rows_that_arrive()
    {
        IReadOnlyList<DenseLayer> layers = DenseLayer.Stack([Features, 128, 48, 4], LayerActivation.Relu);
        SpectralWarmStart warm = SpectralWarmStart.Fit(layers, s_made.Source, s_made.Classes);
        Activations arriving = s_made;
        for (int layer = 0; layer < 2; layer++)
        {
            arriving.Variances(warm.Layers[layer].Weights).Average().Should().BeApproximately(1, 0.05);
            warm.Report[layer].Variance.Should().BeApproximately(1, 0.05);
            DenseNetwork network = new(layers, s_made.Source);
            for (int before = 0; before <= layer; before++)
                network.Write(before, warm.Layers[before].Weights, warm.Layers[before].Bias);
            arriving = new(network.InputsOf(layer + 1).ToArray<double>(), layers[layer + 1].Inputs);
        }
    }

    [Fact]
    public void Embeddings_have_the_standard_deviation_asked_for()
    {
        string[] tokens = [.. Enumerable.Range(0, 4000).Select(i => $"t{(i * i % 53) + (i % 7)}")];
        WordVectors vectors = WordVectors.Fit(CooccurrenceCounts.Count(tokens), new() { Dimension = 12 });
        string[] vocabulary = [.. vectors.Vocabulary, .. Enumerable.Range(0, 400).Select(i => $"new {i}")];
        float[] table = new EmbeddingInitializer(vectors, vocabulary, standardDeviation: 0.02).Create<float>(WeightShape.Embedding(vocabulary.Length, 12), Seed);
        int known = vectors.Vocabulary.Count * 12;
        Math.Sqrt(table[..known].Average(x => (double)x * x)).Should().BeApproximately(0.02, 0.001);
        Math.Sqrt(table[known..].Average(x => (double)x * x)).Should().BeApproximately(0.02, 0.002, "unknown tokens draw from the same mean and deviations");
    }

    [Fact]
    public void States_of_dynamic_modes_have_unit_variance_on_the_series()
    {
        DynamicModes modes = DynamicModes.Fit(s_made.Values, Features, new() { Components = 20, Radius = 0.9 });
        double[] input = modes.InputWeights.Create<double>(WeightShape.Dense(Features, 20)), recurrent = modes.RecurrentWeights.Create<double>(WeightShape.Recurrent(20, 20));
        double[] states = new double[Rows * 20], before = new double[20];
        for (int t = 0; t < Rows; t++)
        {
            for (int i = 0; i < 20; i++)
            {
                states[(t * 20) + i] = modes.Bias[i] + TensorPrimitives.Dot<double>(input.AsSpan(i * Features, Features), s_made.Values.AsSpan(t * Features, Features))
                    + TensorPrimitives.Dot<double>(recurrent.AsSpan(i * 20, 20), before);
            }

            before = states[(t * 20)..((t + 1) * 20)];
        }

        Activations arriving = new(states, 20);
        for (int i = 0; i < 20; i++)
            arriving.Variances([.. Enumerable.Range(0, 20).Select(j => j == i ? 1.0 : 0)])[0].Should().BeApproximately(1, 0.05);
    }

    private static void Check(string name, (IWeightInitializer Initializer, Func<WeightShape, double> Promised) subject, Activations data, WeightShape[] shapes)
    {
        foreach (WeightShape shape in shapes)
        {
            double expected = subject.Promised(shape), measured = data.Variances([.. subject.Initializer.Create<float>(shape, Seed).Select(x => (double)x)]).Average();
            measured.Should().BeInRange(0.95 * expected, 1.05 * expected, $"{name} on {shape}");
        }
    }

    /// <summary>Initializers and what they promise: mean over the units of the variance of w·x.</summary>
    private static Dictionary<string, (IWeightInitializer Initializer, Func<WeightShape, double> Promised)> Cases(Activations data)
    {
        Dictionary<string, (IWeightInitializer, Func<WeightShape, double>)> cases = [];

        // Independent weights of variance v turn inputs of covariance C into v·tr C; on white data that is fan_in·v.
        double total = data.Spectrum.TotalVariance;
        foreach (WeightDistribution distribution in Enum.GetValues<WeightDistribution>())
        {
            cases.Add($"He {distribution}", (new HeInitializer(distribution: distribution), shape => 2.0 / shape.FanIn * total));
            cases.Add($"LeCun {distribution}", (new LeCunInitializer(distribution), shape => 1.0 / shape.FanIn * total));
            cases.Add($"Xavier {distribution}", (new XavierInitializer(distribution: distribution), shape => 2.0 / (shape.FanIn + shape.FanOut) * total));
        }

        cases.Add("normal", (new NormalInitializer(0, 0.3), _ => 0.09 * total));
        cases.Add("uniform", (new UniformInitializer(-0.6, 0.6), _ => 0.12 * total));
        cases.Add("sparse", (new SparseInitializer(0.75, 0.2), _ => 0.01 * total));
        foreach (double power in new[] { -1, 0, 0.5, 1, 2, double.PositiveInfinity })
            cases.Add($"spectral power {power}", (new SpectralPowerInitializer(data.Spectrum, power, new() { TargetVariance = 3 }), _ => 3));
        cases.Add("spectral power of few components", (new SpectralPowerInitializer(DataSpectrum.Fit(data.Source, new() { Components = 20 }), 1), _ => 1));
        cases.Add("class directions", (new ClassDirectionsInitializer(ClassDirections.Fit(data.Source, data.Classes)), _ => 1));
        cases.Add("class discriminants", (new ClassDirectionsInitializer(ClassDirections.Fit(data.Source, data.Classes, new() { Kind = ClassDirectionsKind.Discriminant })), _ => 1));
        cases.Add("class differences", (ClassDifferenceInitializer.Fit(data.Source, data.Classes), _ => 1));

        // The scale is that of all rows, whatever share of them are centres.
        GradientOuterProduct product = GradientOuterProduct.Fit(data.Source, data.Classes);
        cases.Add("gradient outer product", (new GradientOuterProductInitializer(product, new() { TargetVariance = 2 }), _ => 2));
        GradientOuterProduct few = GradientOuterProduct.Fit(data.Source, data.Classes, new() { MaxCenters = 150 });
        cases.Add("gradient outer product of few centres", (new GradientOuterProductInitializer(few, new() { CovarianceShare = 0.5 }), _ => 1));

        // Orthonormal rows, or columns where there are more rows than columns: ‖W‖² is the shorter side, and a random rotation spreads it evenly.
        cases.Add("orthogonal", (new OrthogonalInitializer(1.5), shape => 2.25 * total / Math.Max(shape.Rows / shape.Blocks, shape.Columns)));
        cases.Add("truncated normal, corrected", (new TruncatedNormalInitializer(0, 0.3, correctVariance: true), _ => 0.09 * total));

        // Variance of a standard normal cut at ±2: 1 − 4·φ(2)/(2Φ(2) − 1).
        cases.Add("truncated normal", (new TruncatedNormalInitializer(0, 0.3), _ => 0.09 * 0.7737413035499232 * total));
        return cases;
    }

    /// <summary>Rectified mixtures of few strong and many weak causes.</summary>
    private static double[] Made()
    {
        const int Causes = 200;
        double[] causes = new double[Rows * Causes], mixing = new double[Features * Causes], rows = new double[Rows * Features];
        RandomFill.Normal<double>(causes, 0, 1, 11);
        RandomFill.Normal<double>(mixing, 0, 1, 12);
        for (int i = 0; i < causes.Length; i++)
            causes[i] /= Math.Sqrt(1 + (i % Causes));
        for (int i = 0; i < rows.Length; i++)
            rows[i] = Math.Max(0, 0.5 + TensorPrimitives.Dot<double>(causes.AsSpan(i / Features * Causes, Causes), mixing.AsSpan(i % Features * Causes, Causes)));
        return rows;
    }

    private sealed class Activations(double[] values, int features)
    {
        public double[] Values => values;

        public IRowSource Source { get; } = RowSource.From(values, features);

        public DataSpectrum Spectrum { get; } = DataSpectrum.Fit(RowSource.From(values, features));

        public Targets Classes { get; } = Targets.Classes([.. Enumerable.Range(0, values.Length / features).Select(i => (values[(i * features) + (features / 2)] > 0.3 ? 1 : 0) + (values[(i * features) + (features / 3)] > 0.3 ? 2 : 0))]);

        /// <summary>Variance of w·x over the rows for every unit, from its definition.</summary>
        public double[] Variances(double[] weights)
        {
            int rows = values.Length / features;
            double[] variances = new double[weights.Length / features];
            Parallelism.Run(variances.Length, unit =>
            {
                double[] pre = new double[rows];
                for (int i = 0; i < rows; i++)
                    pre[i] = TensorPrimitives.Dot<double>(values.AsSpan(i * features, features), weights.AsSpan(unit * features, features));
                TensorPrimitives.Subtract(pre, TensorPrimitives.Average<double>(pre), pre);
                variances[unit] = TensorPrimitives.SumOfSquares<double>(pre) / (rows - 1);
            });
            return variances;
        }
    }
}
