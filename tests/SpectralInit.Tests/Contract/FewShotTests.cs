using SpectralInit.Kernels;
using SpectralInit.Tests.Weights;

namespace SpectralInit.Tests.Contract;

/// <summary>Five to fifty rows of two thousand features: everything that is fitted to data is defined there, has its scale, and sees the classes.</summary>
public class FewShotTests
{
    private const int Features = 2000, Units = 48, Classes = 3;

    private static readonly Dictionary<string, (Func<IRowSource, Targets, IWeightInitializer> Make, bool UnitVariance, bool SeesClasses)> s_cases = new()
    {
        ["principal components"] = ((rows, _) => new PrincipalComponentInitializer(DataSpectrum.Fit(rows), new() { Scaling = ComponentScaling.Proportional, Completion = ComponentCompletion.OrthogonalComplement }), false, false),
        ["spectral power 1"] = ((rows, _) => new SpectralPowerInitializer(DataSpectrum.Fit(rows), 1), true, true),
        ["spectral power -1"] = ((rows, _) => new SpectralPowerInitializer(DataSpectrum.Fit(rows), -1), true, false),
        ["spectral power ∞"] = ((rows, _) => new SpectralPowerInitializer(DataSpectrum.Fit(rows), double.PositiveInfinity), true, false),
        ["whitening"] = ((rows, _) => new WhiteningInitializer(Whitening.Fit(rows)), false, false),
        ["spherical k-means"] = ((rows, _) => new SphericalKMeansInitializer(SphericalKMeans.Fit(rows, new() { Clusters = 5 })), false, false),
        ["class directions"] = ((rows, targets) => new ClassDirectionsInitializer(ClassDirections.Fit(rows, targets)), true, true),
        ["class discriminants"] = ((rows, targets) => new ClassDirectionsInitializer(ClassDirections.Fit(rows, targets, new() { Kind = ClassDirectionsKind.Discriminant })), true, true),
        ["class differences"] = ((rows, targets) => ClassDifferenceInitializer.Fit(rows, targets), true, true),
        ["gradient outer product"] = ((rows, targets) => new GradientOuterProductInitializer(GradientOuterProduct.Fit(rows, targets)), true, true),
    };

    public static TheoryData<string, int> Initializers()
    {
        TheoryData<string, int> data = [];
        foreach (string name in s_cases.Keys)
        {
            foreach (int n in new[] { 5, 12, 50 })
                data.Add(name, n);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Initializers))]
    public void Initializers_fitted_to_few_rows_keep_their_promises(string name, int n)
    {
        (Func<IRowSource, Targets, IWeightInitializer> make, bool unitVariance, bool seesClasses) = s_cases[name];
        (double[] rows, int[] labels) = Rows(n, 1);
        double[] before = [.. rows];
        WeightShape shape = WeightShape.Dense(Features, name == "spherical k-means" ? 5 : Units);
        IWeightInitializer initializer = make(RowSource.From(rows, Features), Targets.Classes(labels));
        double[] weights = initializer.Create<double>(shape, 3);
        weights.Should().OnlyContain(value => double.IsFinite(value)).And.Contain(value => value != 0);
        rows.Should().Equal(before);
        if (initializer is IBiasInitializer centered)
            centered.CreateBias<double>(shape, 3).Should().OnlyContain(value => double.IsFinite(value));
        if (unitVariance)
            Samples.MeanVariance(weights, rows, Features).Should().BeInRange(0.95, 1.05 * n / (n - 1), "some divide by n, some by n − 1");
        if (seesClasses)
            ClassShare(weights).Should().BeGreaterThan(1.5 * ClassShare(new HeInitializer().Create<double>(shape, 3)), "fresh rows of the classes are told apart better than by random directions");
    }

    [Theory]
    [InlineData(5)]
    [InlineData(12)]
    [InlineData(50)]
    public void Networks_fitted_to_few_rows_are_finite_and_tell_fresh_rows_apart(int n)
    {
        (double[] rows, int[] labels) = Rows(n, 1);
        (double[] fresh, int[] truth) = Rows(300, 2);
        IReadOnlyList<DenseLayer> layers = DenseLayer.Stack([Features, Units, 24, Classes], LayerActivation.Relu);
        IRowSource source = RowSource.From(rows, Features);
        Targets targets = Targets.Classes(labels);
        foreach (IReadOnlyList<DenseParameters> start in new[] { SpectralWarmStart.Fit(layers, source, targets).Layers, AutomaticInitializer.Fit(layers, source, targets).Layers })
        {
            start.SelectMany(layer => layer.Weights.Concat(layer.Bias)).Should().OnlyContain(value => double.IsFinite(value));
            double[] values = fresh;
            foreach (DenseParameters layer in start)
                values = layer.Forward(values, truth.Length);
            double right = Enumerable.Range(0, truth.Length).Average(i => Best(values.AsSpan(i * Classes, Classes)) == truth[i] ? 1.0 : 0);
            right.Should().BeGreaterThan(n < 50 ? 0.5 : 0.8, "a third is chance");
        }

        DenseNetwork network = new(layers, source);
        LayerwiseInitializer.Apply(network, (arriving, _) => new SpectralPowerInitializer(DataSpectrum.Fit(arriving), 1), seed: 1);
        IReadOnlyList<LayerChange> changes = LayerSequentialUnitVariance.Apply(network);
        changes.Should().HaveCount(3);
        for (int layer = 0; layer < 3; layer++)
            network.Parameters[layer].Weights.ToArray().Should().OnlyContain(value => double.IsFinite(value));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(12)]
    [InlineData(50)]
    public void Series_and_adapters_of_few_rows_are_finite_and_exact(int n)
    {
        (double[] rows, _) = Rows(n, 1);
        DynamicModes modes = DynamicModes.Fit(rows, Features, new() { Components = 4, Radius = 0.9 });
        SpectralRadius.Of(modes.RecurrentWeights.Create<double>(WeightShape.Recurrent(4, 4)), 4).Value.Should().BeLessThan(0.9 + 1e-9);
        modes.InputWeights.Create<double>(WeightShape.Dense(Features, 4)).Should().OnlyContain(value => double.IsFinite(value));

        // B·A starts at nothing, and A spans the directions of the rows that arrive.
        double[] weights = new HeInitializer().Create<double>(WeightShape.Dense(Features, 6), 1);
        LowRankFactors factors = Eva.Factor(weights, 6, Features, 3, DataSpectrum.Fit(RowSource.From(rows, Features)));
        factors.Down.Should().OnlyContain(value => double.IsFinite(value)).And.Contain(value => value != 0);
        factors.Up.Should().OnlyContain(value => value == 0);
    }

    [Fact]
    public void Every_initializer_with_data_in_the_contract_table_is_here()
    {
        (double[] rows, int[] labels) = Rows(12, 1);
        IEnumerable<Type> covered = s_cases.Values.Select(subject => subject.Make(RowSource.From(rows, Features), Targets.Classes(labels)).GetType());
        InitializerTable.Cases.Where(row => row.Data is not null).Select(row => row.Initializer.GetType()).Should().BeSubsetOf(covered);
    }

    // 40 features of each class lie three deviations off; all others are noise.
    private static (double[] Rows, int[] Labels) Rows(int n, ulong seed)
    {
        double[] rows = new double[n * Features];
        RandomFill.Normal<double>(rows, 0, 1, seed);
        int[] labels = [.. Enumerable.Range(0, n).Select(i => i % Classes)];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < 40; j++)
                rows[(i * Features) + (labels[i] * 40) + j] += 3;
        }

        return (rows, labels);
    }

    // Variance between the class means over the whole variance of w·x, mean over the units, on rows the fit has not seen.
    private static double ClassShare(double[] weights)
    {
        (double[] rows, int[] labels) = Rows(150, 2);
        double[] values = new double[rows.Length / Features];
        double between = 0, all = 0;
        for (int unit = 0; unit < Units; unit++)
        {
            for (int i = 0; i < values.Length; i++)
                values[i] = System.Numerics.Tensors.TensorPrimitives.Dot<double>(weights.AsSpan(unit * Features, Features), rows.AsSpan(i * Features, Features));
            double mean = values.Average();
            all += values.Average(value => (value - mean) * (value - mean));
            between += Enumerable.Range(0, Classes).Average(c => Math.Pow(values.Where((_, i) => labels[i] == c).Average() - mean, 2));
        }

        return between / all;
    }

    private static int Best(ReadOnlySpan<double> logits)
    {
        int best = 0;
        for (int i = 1; i < logits.Length; i++)
            best = logits[i] > logits[best] ? i : best;
        return best;
    }
}
