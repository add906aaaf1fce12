namespace SpectralInit.Tests;

public class NormalizedInitializerTests
{
    [Fact]
    public void Every_shape_and_type_gets_its_target_norm_block_by_block()
    {
        WeightShape[] shapes =
        [
            WeightShape.Dense(40, 30), WeightShape.Dense(300, 260), WeightShape.Convolution(6, 8, [3, 3], groups: 2), WeightShape.TransposedConvolution(6, 8, [3], groups: 2),
            WeightShape.Depthwise(5, [3, 3], 2), WeightShape.Embedding(50, 12), WeightShape.Recurrent(7, 9, 4), WeightShape.Packed(10, 6, 3), WeightShape.Dense(1, 1),
        ];
        SpectralTarget[] targets = [SpectralTarget.One, SpectralTarget.Norm(2.5), SpectralTarget.FanRatio];
        foreach (WeightShape both in shapes)
        {
            foreach (WeightLayout layout in Enum.GetValues<WeightLayout>())
            {
                WeightShape shape = both.With(layout);
                foreach (SpectralTarget target in targets)
                {
                    SpectrallyNormalizedInitializer initializer = new(new HeInitializer(), target);
                    Check(initializer.Create<double>(shape, 3), 1e-12);
                    Check(initializer.Create<float>(shape, 3), 1e-6);
                    Check(initializer.Create<Half>(shape, 3), 2e-3);

                    void Check<T>(T[] weights, double rounding)
                        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
                    {
                        var norms = SpectrallyNormalizedInitializer.Measure<T>(weights, shape, new() { Tolerance = 1e-9 });
                        norms.Should().HaveCount(shape.Kind switch { WeightKind.Depthwise => 5, WeightKind.Recurrent => 4, WeightKind.Packed => 3, WeightKind.Convolution or WeightKind.TransposedConvolution => 2, _ => 1 });
                        foreach (SpectralNormResult norm in norms)
                            (norm.Value / target.For(shape)).Should().BeInRange(1 - 1e-4 - rounding, 1 + rounding, "{0}", shape);
                    }
                }
            }
        }
    }

    [Fact]
    public void The_fan_ratio_is_that_of_the_paper()
    {
        SpectralTarget.FanRatio.For(WeightShape.Dense(100, 25)).Should().Be(0.5);
        SpectralTarget.FanRatio.For(WeightShape.Recurrent(9, 36, 4)).Should().Be(2);
        SpectralTarget.TimesFanRatio(3).For(WeightShape.Dense(4, 16)).Should().Be(6);
        SpectralTarget.One.For(WeightShape.Dense(4, 16)).Should().Be(1);
    }

    [Fact]
    public void Zero_stays_zero_and_empty_stays_empty()
    {
        Zeros zeros = new();
        new SpectrallyNormalizedInitializer(zeros).Create<float>(WeightShape.Dense(30, 20)).Should().OnlyContain(value => value == 0);
        new RadiusNormalizedInitializer(zeros).Create<double>(WeightShape.Dense(20, 20)).Should().OnlyContain(value => value == 0);
        new SpectrallyNormalizedInitializer(new HeInitializer()).Create<float>(WeightShape.Dense(0, 20)).Should().BeEmpty();
        new RadiusNormalizedInitializer(new HeInitializer()).Create<float>(WeightShape.Dense(0, 0)).Should().BeEmpty();
    }

    [Fact]
    public void A_radius_is_reached_gate_by_gate_in_either_layout()
    {
        foreach (WeightLayout layout in Enum.GetValues<WeightLayout>())
        {
            WeightShape shape = WeightShape.Recurrent(12, 12, 3, layout);
            double[] weights = new RadiusNormalizedInitializer(new HeInitializer(), 0.9).Create<double>(shape, 5);
            for (int gate = 0; gate < 3; gate++)
            {
                double[] matrix = new double[144];
                for (int i = 0; i < 12; i++)
                {
                    for (int j = 0; j < 12; j++)
                        matrix[(i * 12) + j] = layout == WeightLayout.OutputsFirst ? weights[(((gate * 12) + i) * 12) + j] : weights[(j * 36) + (gate * 12) + i];
                }

                SpectralRadius.Of(matrix, 12).Value.Should().BeApproximately(0.9, 1e-12);
            }
        }
    }

    [Fact]
    public void A_normalized_gaussian_stays_bounded_for_500_steps_where_it_exploded()
    {
        double[] gaussian = new double[100 * 100];
        SpectralInit.Kernels.RandomFill.Normal<double>(gaussian, 0, 1, 1);
        PropagationTrace before = PropagationTrace.Of("before", gaussian, 100);
        double radius = SpectralRadius.Of(gaussian, 100).Value;
        PropagationTrace after = PropagationTrace.Of("after", [.. gaussian.Select(value => value / radius)], 100);
        before.LogNorms.Should().HaveCount(501);
        before.LogNorms[500].Should().BeGreaterThan(1000, "10^434 and more");
        after.Smallest.Should().BeGreaterThan(0.01);
        after.Largest.Should().BeLessThan(100);
        after.GrowthPerStep.Should().BeApproximately(1, 0.01);
        string svg = PropagationTrace.Plot("Normalized by the spectral radius", before, after).ToSvg();
        svg.Should().StartWith("<svg").And.Contain("before").And.Contain("after");

        // The initializer does the same.
        double[] weights = new RadiusNormalizedInitializer(new HeInitializer()).Create<double>(WeightShape.Dense(100, 100), 9);
        PropagationTrace.Of("initializer", weights, 100).Largest.Should().BeLessThan(100);
    }

    [Fact]
    public void Wrong_arguments_are_named_and_leave_the_destination_alone()
    {
        float[] untouched = [.. Enumerable.Repeat(7f, 6)];
        (Action Call, string Parameter)[] calls =
        [
            (() => new SpectrallyNormalizedInitializer(new HeInitializer()).Initialize<float>(untouched, WeightShape.Dense(2, 2), 0), "weights"),
            (() => new RadiusNormalizedInitializer(new HeInitializer()).Initialize<float>(untouched, WeightShape.Dense(2, 3), 0), "shape"),
            (() => new RadiusNormalizedInitializer(new Nilpotent()).Initialize(untouched.AsSpan(0, 4), WeightShape.Dense(2, 2), 0), "shape"),
            (() => _ = new SpectrallyNormalizedInitializer(null!), "inner"),
            (() => _ = new SpectrallyNormalizedInitializer(new HeInitializer(), null, 0), "tolerance"),
            (() => _ = new RadiusNormalizedInitializer(new HeInitializer(), double.NaN), "radius"),
            (() => SpectralTarget.Norm(-1), "norm"),
            (() => SpectralTarget.TimesFanRatio(double.PositiveInfinity), "factor"),
        ];
        foreach ((Action call, string parameter) in calls)
            call.Should().Throw<ArgumentException>().Which.ParamName.Should().Be(parameter);
        untouched.Should().OnlyContain(value => value == 7);
    }

    private sealed class Zeros : IWeightInitializer
    {
        public void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => weights.Clear();
    }

    private sealed class Nilpotent : IWeightInitializer
    {
        public void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            weights.Clear();
            weights[1] = T.One;
        }
    }
}
