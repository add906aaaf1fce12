using SpectralInit.Tests.Weights;

namespace SpectralInit.Tests.Contract;

/// <summary>What holds for everything that starts a whole network.</summary>
public class NetworkLaws
{
    private static readonly Dictionary<Type, Action<INetwork, Targets, ulong>> s_cases = new()
    {
        [typeof(SpectralWarmStart)] = (network, targets, seed) => SpectralWarmStart.Apply(network, targets, new() { Seed = seed }),
        [typeof(AutomaticInitializer)] = (network, targets, seed) => AutomaticInitializer.Apply(network, targets, new() { WarmStart = new() { Seed = seed } }),
        [typeof(LayerwiseInitializer)] = (network, _, seed) => LayerwiseInitializer.Apply(network, (rows, _) => new SpectralPowerInitializer(DataSpectrum.Fit(rows), 1), seed),
        [typeof(LayerSequentialUnitVariance)] = (network, _, seed) =>
        {
            LayerwiseInitializer.Apply(network, (_, _) => new HeInitializer(), seed);
            LayerSequentialUnitVariance.Apply(network);
        },
    };

    public static TheoryData<string> Names => [.. s_cases.Keys.Select(type => type.Name)];

    [Fact]
    public void Everything_that_starts_a_network_is_here()
    {
        IEnumerable<Type> starts = typeof(INetwork).Assembly.GetExportedTypes()
            .Where(type => type.GetMethods().Any(method => method is { IsStatic: true, Name: "Apply" } && method.GetParameters().FirstOrDefault()?.ParameterType == typeof(INetwork)));
        starts.Should().BeEquivalentTo(s_cases.Keys);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Parameters_are_finite_a_pure_function_of_the_seed_on_any_number_of_threads_and_data_are_not_changed(string name)
    {
        (double[] rows, int[] labels) = Samples.Sign(90, 12, seed: 5);
        double[] before = [.. rows];
        double[] first = Start(name, rows, labels, 1);
        first.Should().OnlyContain(value => double.IsFinite(value)).And.Contain(value => value != 0);
        foreach (int threads in new[] { 1, 2, 3, 7 })
        {
            using (Parallelism.Limit(threads))
                Start(name, rows, labels, 1).Should().Equal(first, $"{threads} threads");
        }

        Start(name, rows, labels, 2).Should().NotEqual(first);
        rows.Should().Equal(before);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Rounding_of_rows_all_the_same_is_not_taken_for_variance(string name)
    {
        foreach (int n in new[] { 7, 60 })
            Start(name, [.. Enumerable.Range(0, 12 * n).Select(i => 0.1 + (0.37 * (i % 12)))], [.. Enumerable.Range(0, n).Select(i => i * i % 3 % 2)], 1).Should().OnlyContain(value => Math.Abs(value) < 100);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Rows_that_are_not_finite_are_refused(string name)
    {
        foreach (double bad in new[] { double.NaN, double.PositiveInfinity })
        {
            (double[] rows, int[] labels) = Samples.Sign(20, 12, seed: 5);
            rows[30] = bad;
            Action start = () => Start(name, rows, labels, 1);
            start.Should().Throw<ArgumentException>();
        }
    }

    private static double[] Start(string name, double[] rows, int[] labels, ulong seed)
    {
        DenseNetwork network = new(DenseLayer.Stack([12, 20, 10, 2], LayerActivation.Relu), RowSource.From(rows, 12));
        s_cases.Single(row => row.Key.Name == name).Value(network, Targets.Classes(labels), seed);
        return [.. network.Parameters.SelectMany(layer => layer.Weights.Concat(layer.Bias))];
    }
}
