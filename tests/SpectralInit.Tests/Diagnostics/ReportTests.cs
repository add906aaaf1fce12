using System.Numerics;

namespace SpectralInit.Tests.Diagnostics;

public class ReportTests
{
    // Four corners of a 6 × 2 rectangle and its center: variances 9·4/4 = 9 and 1, by hand.
    private static readonly double[] s_rectangle = [3, 1, 3, -1, -3, 1, -3, -1, 0, 0];

    [Fact]
    public void A_spectrum_is_reported_as_computed_by_hand()
    {
        SpectrumReport report = new(DataSpectrum.Fit(RowSource.From(s_rectangle, 2)));
        report.ExplainedVariance.Should().BeEquivalentTo([0.9, 0.1], options => options.Using<double>(x => x.Subject.Should().BeApproximately(x.Expectation, 1e-14)).WhenTypeIs<double>());
        report.CumulativeVariance[1].Should().BeApproximately(1, 1e-14);
        report.EffectiveRank.Should().BeApproximately(Math.Exp(-(0.9 * Math.Log(0.9)) - (0.1 * Math.Log(0.1))), 1e-12);
        report.IsComplete.Should().BeTrue();
        report.ComponentsFor(0.9).Should().Be(1);
        report.ComponentsFor(0.91).Should().Be(2);
        report.ComponentsFor(1).Should().Be(2);
        report.ToString().Should().Contain("5 rows × 2 features").And.Contain("90.0%").And.Contain("50% of the variance in 1 components");
        System.Xml.Linq.XElement.Parse(report.ScreePlot().ToSvg());
        report.Invoking(r => r.ComponentsFor(1.5)).Should().Throw<ArgumentOutOfRangeException>().Which.ParamName.Should().Be("share");
    }

    [Fact]
    public void A_partial_spectrum_gives_bounds_and_constant_data_give_zeros()
    {
        SpectrumReport partial = new(DataSpectrum.Fit(RowSource.From(s_rectangle, 2), new() { Components = 1 }));
        partial.IsComplete.Should().BeFalse();
        partial.ComponentsFor(0.95).Should().BeNull();
        partial.EffectiveRank.Should().BeApproximately(Math.Exp(-(0.9 * Math.Log(0.9)) - (0.1 * Math.Log(0.1))), 1e-12, "one direction is left");
        partial.ToString().Should().Contain("at most").And.Contain("more than 1");

        SpectrumReport constant = new(DataSpectrum.Fit(RowSource.From(new double[] { 4, 5, 4, 5, 4, 5 }, 2)));
        constant.EffectiveRank.Should().Be(0);
        constant.ExplainedVariance.Should().OnlyContain(share => share == 0);
        constant.ScreePlot().ToSvg().Should().NotContain("NaN");
    }

    [Fact]
    public void Layers_are_measured_as_computed_by_hand()
    {
        // Rows of W: (2, 0), never-positive (0, 0) with bias −1, and (4, 0): rank 1, σ₁ = √20, captures the first axis alone.
        Fixed weights = new([2, 0, 0, 0, 4, 0], [1, -1, 0]);
        InitializerComparison comparison = InitializerComparison.Measure(RowSource.From(s_rectangle, 2), WeightShape.Dense(2, 3), 7, [("fixed", weights), ("identity-like", new Fixed([1, 0, 0, 1, 1, 1], [0, 0, 0]))]);
        comparison.Rows.Should().Be(5);
        LayerStatistics layer = comparison.Layers[0];
        layer.SpectralNorm.Should().BeApproximately(Math.Sqrt(20), 1e-12);
        layer.Mean.Should().BeApproximately(0, 1e-12);
        layer.Variance.Should().BeApproximately(((4 * 9) + 0 + (16 * 9)) / 3.0, 1e-10);
        layer.DeadUnits.Should().Be(1);
        layer.CapturedVariance.Should().BeApproximately(0.9, 1e-12);
        comparison.Layers[1].CapturedVariance.Should().BeApproximately(1, 1e-12);
        comparison.Layers[1].DeadUnits.Should().Be(0);
        comparison.ToString().Should().Contain("fixed").And.Contain("1 of 3").And.Contain("90.0%");
    }

    [Fact]
    public void Storage_order_does_not_change_what_is_measured()
    {
        IRowSource rows = RowSource.From(Enumerable.Range(0, 1300 * 6).Select(i => Math.Sin(i * i)).ToArray(), 6);
        (string, IWeightInitializer)[] initializers = [("components", new PrincipalComponentInitializer(DataSpectrum.Fit(rows))), ("he", new HeInitializer())];
        InitializerComparison outputsFirst = InitializerComparison.Measure(rows, WeightShape.Dense(6, 4), 3, initializers);
        InitializerComparison inputsFirst = InitializerComparison.Measure(rows, WeightShape.Dense(6, 4, WeightLayout.InputsFirst), 3, initializers);
        inputsFirst.Layers.Should().Equal(outputsFirst.Layers);
        outputsFirst.Layers[0].SpectralNorm.Should().BeApproximately(1, 1e-12);
        outputsFirst.Layers[0].Mean.Should().BeApproximately(0, 1e-12, "components come with a centering bias");

        DataSpectrum spectrum = DataSpectrum.Fit(rows);
        double[] values = spectrum.Components.Values;
        outputsFirst.Layers[0].CapturedVariance.Should().BeApproximately(values.Take(4).Sum() / values.Sum(), 1e-12);
        outputsFirst.Layers[0].Variance.Should().BeApproximately(values.Take(4).Average(), 1e-12);
    }

    [Fact]
    public void Wrong_input_is_refused()
    {
        IRowSource rows = RowSource.From(s_rectangle, 2);
        (string, IWeightInitializer)[] he = [("he", new HeInitializer())];
        Data.RowSourceTests.Refused<ArgumentException>(() => InitializerComparison.Measure(rows, WeightShape.Dense(3, 2), 1, he), "shape");
        Data.RowSourceTests.Refused<ArgumentException>(() => InitializerComparison.Measure(rows, WeightShape.Dense(2, 0), 1, he), "shape");
        Data.RowSourceTests.Refused<ArgumentException>(() => InitializerComparison.Measure(rows, WeightShape.Embedding(2, 2), 1, he), "shape");
        Data.RowSourceTests.Refused<ArgumentException>(() => InitializerComparison.Measure(rows, WeightShape.Dense(2, 2), 1, []), "initializers");
        Data.RowSourceTests.Refused<ArgumentException>(() => InitializerComparison.Measure(RowSource.From(new double[2], 2), WeightShape.Dense(2, 2), 1, he), "rows");
        Data.RowSourceTests.Refused<ArgumentException>(() => InitializerComparison.Measure(RowSource.From([1, 2, 3, double.NaN], 2), WeightShape.Dense(2, 2), 1, he), "rows")
            .Message.Should().Contain("Row 1, column 1");
        using CancellationTokenSource stop = new();
        stop.Cancel();
        new Action(() => InitializerComparison.Measure(rows, WeightShape.Dense(2, 2), 1, he, null, stop.Token)).Should().Throw<OperationCanceledException>();
    }

    private sealed class Fixed(double[] weights, double[] bias) : IBiasInitializer
    {
        public void Initialize<T>(Span<T> target, WeightShape shape, ulong seed)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            for (int i = 0; i < target.Length; i++)
                target[i] = T.CreateTruncating(weights[i]);
        }

        public void InitializeBias<T>(Span<T> target, WeightShape shape, ulong seed)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            for (int i = 0; i < target.Length; i++)
                target[i] = T.CreateTruncating(bias[i]);
        }
    }
}
