using System.Text.Json;

namespace SpectralInit.Tests.Weights;

public class GradientOuterProductTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void It_equals_the_sum_of_the_predictors_gradients(int index)
    {
        JsonElement golden = LabelGolden.Case("products", index);
        int d = golden.Whole("d");
        GradientOuterProduct product = GradientOuterProduct.Fit(RowSource.From(golden.Numbers("rows"), d), golden.TargetsOf(), new() { Ridge = golden.Number("ridge") });

        product.Bandwidth.Should().BeApproximately(golden.Number("bandwidth"), 1e-12 * product.Bandwidth);
        product.LeaveOneOutError.Should().BeApproximately(golden.Number("loo"), 1e-8);
        product.Warnings.Should().BeEmpty();
        product.Components.Values.Sum().Should().BeApproximately(1, 1e-12);
        Assemble(product).Should().BeEquivalentTo(golden.Numbers("product"), options => options.WithStrictOrdering().Using<double>(c => c.Subject.Should().BeApproximately(c.Expectation, 1e-9)).WhenTypeIs<double>());
    }

    [Fact]
    public void It_finds_the_one_direction_that_matters()
    {
        (double[] rows, int[] labels) = Samples.Sign(200, 12, seed: 1);
        GradientOuterProduct product = GradientOuterProduct.Fit(RowSource.From(rows, 12), Targets.Classes(labels));
        product.Components.Vector(0)[4].Should().BeGreaterThan(0.95);
        product.LeaveOneOutError.Should().BeLessThan(0.7);
    }

    [Fact]
    public void Rotated_rows_give_the_rotated_product()
    {
        (double[] rows, int[] labels) = Samples.Sign(60, 3, seed: 2);
        double[] turned = new double[rows.Length];
        for (int i = 0; i < rows.Length; i += 3)
            (turned[i], turned[i + 1], turned[i + 2]) = ((0.6 * rows[i]) - (0.8 * rows[i + 1]) + 5, (0.8 * rows[i]) + (0.6 * rows[i + 1]) - 7, rows[i + 2] + 1);
        double[] plain = GradientOuterProduct.Fit(RowSource.From(rows, 3), Targets.Classes(labels)).Components.Values;
        double[] moved = GradientOuterProduct.Fit(RowSource.From(turned, 3), Targets.Classes(labels)).Components.Values;
        for (int i = 0; i < 3; i++)
            moved[i].Should().BeApproximately(plain[i], 1e-10);
    }

    [Fact]
    public void Few_rows_of_many_features_never_need_a_square_of_the_features()
    {
        const int d = 20_000;
        (double[] rows, int[] labels) = Samples.Sign(8, d, seed: 3);
        GradientOuterProduct product = GradientOuterProduct.Fit(RowSource.From(rows, d), Targets.Classes(labels));
        product.Components.Count.Should().Be(7);
        IWeightInitializer initializer = new GradientOuterProductInitializer(product);
        Samples.MeanVariance(initializer.Create<double>(WeightShape.Dense(d, 6), 1), rows, d).Should().BeApproximately(1 * 8 / 7.0, 1e-9);
    }

    [Fact]
    public void Constant_targets_fall_back_to_the_covariance_and_say_so()
    {
        (double[] rows, _) = Samples.Sign(30, 4, seed: 4);
        GradientOuterProduct product = GradientOuterProduct.Fit(RowSource.From(rows, 4), Targets.Classes(new int[30], 3));
        product.Warnings.Should().ContainSingle().Which.Should().Contain("constant");
        DataSpectrum spectrum = DataSpectrum.Fit(RowSource.From(rows, 4));
        for (int i = 0; i < 4; i++)
            product.Components.Values[i].Should().BeApproximately(spectrum.Components.Values[i] / spectrum.TotalVariance, 1e-10);
    }

    [Fact]
    public void Rows_that_coincide_give_He_rows_and_a_warning()
    {
        GradientOuterProduct product = GradientOuterProduct.Fit(RowSource.From(new double[] { 1, 2, 1, 2, 1, 2 }, 2), Targets.Classes([0, 1, 0]));
        product.Warnings.Should().ContainSingle().Which.Should().Contain("coincide");
        WeightShape shape = WeightShape.Dense(2, 5);
        new GradientOuterProductInitializer(product).Create<double>(shape, 3).Should().Equal(new HeInitializer().Create<double>(shape, 3));
    }

    [Fact]
    public void Duplicate_rows_with_opposite_labels_stay_finite()
    {
        double[] rows = [0, 0, 0, 0, 1, 1, 1, 1, 1, 1.0000001, 3, 0];
        GradientOuterProduct product = GradientOuterProduct.Fit(RowSource.From(rows, 2), Targets.Classes([0, 1, 0, 1, 1, 0]));
        product.Components.Values.Should().OnlyContain(value => double.IsFinite(value) && value >= 0);
    }

    [Fact]
    public void A_large_source_is_subsampled_with_every_class_present()
    {
        (double[] rows, int[] labels) = Samples.Sign(3000, 4, seed: 5);
        for (int i = 0; i < 3000; i++)
            labels[i] = i == 1234 ? 2 : labels[i];
        GradientOuterProduct product = GradientOuterProduct.Fit(RowSource.From(rows, 4), Targets.Classes(labels), new() { MaxCenters = 100, Seed = 9 });
        product.Centers.Should().BeInRange(95, 100);
        RowSample.Take(RowSource.From(rows, 4), Targets.Classes(labels), 100, 9, default).TargetValues.Chunk(3).Count(row => row[2] == 1).Should().Be(1);
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        (double[] rows, int[] labels) = Samples.Sign(150, 40, seed: 6);
        double[][] runs = [.. new[] { 1, 2, 3, 7 }.Select(threads =>
        {
            using IDisposable limit = Parallelism.Limit(threads);
            return new GradientOuterProductInitializer(GradientOuterProduct.Fit(RowSource.From(rows, 40), Targets.Classes(labels))).Create<double>(WeightShape.Dense(40, 30), 1);
        })];
        foreach (double[] run in runs)
            run.Should().Equal(runs[0]);
    }

    [Fact]
    public void The_bias_centers_and_mirrored_rows_come_in_pairs()
    {
        (double[] rows, int[] labels) = Samples.Sign(90, 7, seed: 7);
        for (int i = 0; i < rows.Length; i++)
            rows[i] += 40;
        GradientOuterProductInitializer initializer = new(GradientOuterProduct.Fit(RowSource.From(rows, 7), Targets.Classes(labels)), new() { Mirrored = true, TargetVariance = 2, CovarianceShare = 0.5 });
        WeightShape shape = WeightShape.Dense(7, 11);
        double[] w = initializer.Create<double>(shape, 5), b = initializer.CreateBias<double>(shape, 5);
        for (int i = 0; i < 5 * 7; i++)
            w[(6 * 7) + i].Should().Be(-w[i]);
        for (int unit = 0; unit < 11; unit++)
        {
            double mean = Enumerable.Range(0, 90).Average(i => Enumerable.Range(0, 7).Sum(j => w[(unit * 7) + j] * rows[(i * 7) + j]) + b[unit]);
            mean.Should().BeApproximately(0, 1e-9);
        }

        Samples.MeanVariance(w, rows, 7).Should().BeApproximately(2 * 90 / 89.0, 1e-9);
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        double[] rows = [1, 2, double.NaN, 4];
        FluentActions.Invoking(() => GradientOuterProduct.Fit(RowSource.From(rows, 2), Targets.Classes([0, 1]))).Should().Throw<ArgumentException>().WithMessage("Row 1, column 0 is NaN*");
        FluentActions.Invoking(() => GradientOuterProduct.Fit(RowSource.From(rows, 1), Targets.Classes([0, 1]))).Should().Throw<ArgumentException>().WithMessage("There are 4 rows and 2 targets*");
        FluentActions.Invoking(() => GradientOuterProduct.Fit(RowSource.From(new double[2], 2), Targets.Classes([0]))).Should().Throw<ArgumentException>().WithMessage("*two rows*");
        FluentActions.Invoking(() => Targets.Classes([0, 3], 3)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*row 1*");
        FluentActions.Invoking(() => Targets.Values([0, double.PositiveInfinity])).Should().Throw<ArgumentException>().WithMessage("*row 1*");
        FluentActions.Invoking(() => GradientOuterProduct.Fit(RowSource.From(new double[4], 2), Targets.Classes([0, 1]), new() { Ridge = 0 })).Should().Throw<ArgumentOutOfRangeException>();
    }

    private static double[] Assemble(GradientOuterProduct product)
    {
        int d = product.Dimension;
        double[] matrix = new double[d * d];
        for (int k = 0; k < product.Components.Count; k++)
        {
            for (int i = 0; i < d * d; i++)
                matrix[i] += product.Components.Values[k] * product.Components.Vector(k)[i / d] * product.Components.Vector(k)[i % d];
        }

        return matrix;
    }
}
