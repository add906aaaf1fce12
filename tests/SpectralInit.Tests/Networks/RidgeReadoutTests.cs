using System.Text.Json;
using SpectralInit.Tests.Weights;

namespace SpectralInit.Tests.Networks;

public class RidgeReadoutTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Leave_one_out_errors_equal_those_of_actually_leaving_rows_out(int index)
    {
        JsonElement golden = LabelGolden.Case("readouts", index);
        RidgeReadout readout = RidgeReadout.Fit(RowSource.From(golden.Numbers("features"), golden.Whole("h")), golden.TargetsOf());
        Near(readout.ErrorPath, golden.Numbers("path"), 1e-7);
        readout.Ridge.Should().BeApproximately(golden.Number("ridge"), 1e-12);
        Near(readout.Weights, golden.Numbers("weights"), 1e-8);
        Near(readout.Bias, golden.Numbers("bias"), 1e-8);
    }

    [Fact]
    public void A_streamed_source_gives_the_same_readout_as_one_in_memory()
    {
        JsonElement golden = LabelGolden.Case("readouts", 0);
        IRowSource features = RowSource.From(golden.Numbers("features"), golden.Whole("h"));
        RidgeReadout streamed = RidgeReadout.Fit(features, golden.TargetsOf(), new() { MemoryBudget = 0 });
        RidgeReadout held = RidgeReadout.Fit(features, golden.TargetsOf());
        streamed.Weights.Should().Equal(held.Weights);
        streamed.CalibratedScale.Should().Be(held.CalibratedScale);
    }

    [Fact]
    public void The_calibrated_scale_has_the_least_cross_entropy()
    {
        (double[] rows, int[] labels) = Samples.Sign(120, 6, seed: 11);
        RidgeReadout readout = RidgeReadout.Fit(RowSource.From(rows, 6), Targets.Classes(labels));
        readout.LeaveOneOutAccuracy.Should().BeGreaterThan(0.9);
        readout.CalibratedScale.Should().BeInRange(1, 30);
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.5)]
    [InlineData(50)]
    public void Scaled_weights_keep_the_norm_asked_for(double limit)
    {
        (double[] rows, int[] labels) = Samples.Sign(80, 6, seed: 12);
        RidgeReadout classes = RidgeReadout.Fit(RowSource.From(rows, 6), Targets.Classes(labels), new() { MaxNorm = limit });
        (classes.CalibratedScale * Norm(classes, 2)).Should().BeLessThanOrEqualTo(limit * 1.0000001);
        RidgeReadout free = RidgeReadout.Fit(RowSource.From(rows, 6), Targets.Classes(labels));
        (classes.LeaveOneOutError >= free.LeaveOneOutError).Should().BeTrue();

        // Values are judged relative to their deviation; the ridge grows until the weights are short enough.
        double[] values = [.. Enumerable.Range(0, 80).Select(i => 1000 * rows[(i * 6) + 2])];
        RidgeReadout regression = RidgeReadout.Fit(RowSource.From(rows, 6), Targets.Values(values), new() { MaxNorm = limit });
        double deviation = Math.Sqrt(values.Average(value => value * value) - (values.Average() * values.Average()));
        (Norm(regression, 1) / deviation).Should().BeLessThanOrEqualTo(limit * 1.0000001);
        regression.CalibratedScale.Should().Be(1);

        static double Norm(RidgeReadout readout, int outputs) => System.Numerics.Tensors.TensorPrimitives.Norm<double>(readout.Weights) / Math.Sqrt(outputs);
    }

    [Fact]
    public void Constant_targets_or_features_give_the_mean()
    {
        RidgeReadout constant = RidgeReadout.Fit(RowSource.From(new double[] { 1, 5, 2, 3, 9, 1 }, 1), Targets.Values([4, 4, 4, 4, 4, 4]));
        constant.Weights.Should().Equal(0);
        constant.Bias.Should().Equal(4);
        RidgeReadout flat = RidgeReadout.Fit(RowSource.From(new double[] { 7, 7, 7, 7 }, 1), Targets.Classes([0, 1, 1, 1]));
        flat.Weights.Should().Equal(0, 0);
        flat.Bias.Should().Equal(0.25, 0.75);
        RidgeReadout one = RidgeReadout.Fit(RowSource.From(new double[] { 7, 8 }, 2), Targets.Classes([1], 3));
        one.Bias.Should().Equal(0, 1, 0);
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        IRowSource two = RowSource.From(new double[] { 1, 2 }, 1);
        FluentActions.Invoking(() => RidgeReadout.Fit(two, Targets.Classes([0]))).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => RidgeReadout.Fit(two, Targets.Classes([0, 1, 1]))).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => RidgeReadout.Fit(two, Targets.Classes([]))).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => RidgeReadout.Fit(RowSource.From(new double[] { 1, double.NaN, 3 }, 1), Targets.Classes([0, 1, 1]))).Should().Throw<ArgumentException>().WithMessage("Row 1*");
        FluentActions.Invoking(() => RidgeReadout.Fit(two, Targets.Classes([0, 1]), new() { Ridges = [0] })).Should().Throw<ArgumentException>();
    }

    private static void Near(IReadOnlyList<double> actual, double[] expected, double tolerance)
    {
        actual.Should().HaveCount(expected.Length);
        for (int i = 0; i < expected.Length; i++)
            actual[i].Should().BeApproximately(expected[i], tolerance * Math.Max(1, Math.Abs(expected[i])));
    }
}
