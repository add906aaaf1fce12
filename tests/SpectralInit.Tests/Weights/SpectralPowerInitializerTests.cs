using FsCheck;
using FsCheck.Fluent;

namespace SpectralInit.Tests.Weights;

public class SpectralPowerInitializerTests
{
    [Theory]
    [InlineData(-1)]
    [InlineData(-0.5)]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(2)]
    public void Rows_have_the_covariance_V_Lambda_p_V_transposed(double power)
    {
        DataSpectrum spectrum = Correlated(out _);
        SpectralPowerInitializer initializer = new(spectrum, power, new() { Shrinkage = 0 });
        const int units = 20_000;
        double[] w = initializer.Create<double>(WeightShape.Dense(4, units), seed: 3);
        double[] wanted = [.. spectrum.Components.Values.Select(value => Math.Pow(value, power))];
        double[,] moments = Projected(w, spectrum, units);
        double trace = Enumerable.Range(0, 4).Sum(i => moments[i, i]), expected = wanted.Sum();
        for (int i = 0; i < 4; i++)
        {
            for (int j = 0; j < 4; j++)
            {
                double share = i == j ? wanted[i] / expected : 0;
                (moments[i, j] / trace).Should().BeApproximately(share, 5 * Math.Sqrt(2.0 / units) * Math.Sqrt(wanted[i] * wanted[j]) / expected);
            }
        }
    }

    [Fact]
    public void Power_zero_is_the_isotropic_draw_up_to_one_factor()
    {
        WeightShape shape = WeightShape.Dense(4, 9);
        double[] w = new SpectralPowerInitializer(Correlated(out _), 0).Create<double>(shape, 8), he = new HeInitializer().Create<double>(shape, 8);
        for (int i = 1; i < w.Length; i++)
            (w[i] / he[i]).Should().BeApproximately(w[0] / he[0], 1e-9 * Math.Abs(w[0] / he[0]));
    }

    [Fact]
    public void Power_infinity_is_the_first_component()
    {
        DataSpectrum spectrum = Correlated(out _);
        double[] w = new SpectralPowerInitializer(spectrum, double.PositiveInfinity).Create<double>(WeightShape.Dense(4, 6), 8);
        double[,] moments = Projected(w, spectrum, 6);
        moments[0, 0].Should().BeApproximately(1 / spectrum.Components.Values[0], 1e-12);
        for (int i = 1; i < 4; i++)
            moments[i, i].Should().BeLessThan(1e-25);
    }

    [Fact]
    public void The_variance_on_the_data_is_exact_and_the_bias_centers()
    {
        Prop.ForAll(Gen.Choose(-20, 30).Select(tenths => tenths / 10.0).ToArbitrary(), power =>
        {
            DataSpectrum spectrum = Correlated(out double[] rows);
            SpectralPowerInitializer initializer = new(spectrum, power, new() { TargetVariance = 3, Mirrored = true });
            WeightShape shape = WeightShape.Dense(4, 7);
            double[] w = initializer.Create<double>(shape, 1), b = initializer.CreateBias<double>(shape, 1);
            bool centered = Enumerable.Range(0, 7).All(u => Math.Abs(Enumerable.Range(0, rows.Length / 4).Average(i => Enumerable.Range(0, 4).Sum(j => w[(u * 4) + j] * rows[(i * 4) + j]) + b[u])) < 1e-9);
            return centered && Math.Abs(Samples.MeanVariance(w, rows, 4) - 3) < 1e-9;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_truncated_spectrum_treats_the_rest_as_noise()
    {
        DataSpectrum full = Correlated(out double[] rows);
        DataSpectrum truncated = DataSpectrum.Fit(RowSource.From(rows, 4), new() { Components = 2 });
        double[] w = new SpectralPowerInitializer(truncated, 1).Create<double>(WeightShape.Dense(4, 20_000), 5);
        double[,] moments = Projected(w, full, 20_000);
        double noise = (full.Components.Values[2] + full.Components.Values[3]) / 2;
        (moments[2, 2] / moments[0, 0]).Should().BeApproximately(noise / full.Components.Values[0], 0.1 * noise / full.Components.Values[0]);
        (moments[3, 3] / moments[2, 2]).Should().BeApproximately(1, 0.1);
    }

    [Fact]
    public void Few_rows_shrink_negative_powers_and_only_those()
    {
        (double[] rows, _) = Samples.Sign(12, 300, seed: 31);
        DataSpectrum spectrum = DataSpectrum.Fit(RowSource.From(rows, 300));
        new SpectralPowerInitializer(spectrum, 1).Shrinkage.Should().Be(0);
        SpectralPowerInitializer white = new(spectrum, -1);
        white.Shrinkage.Should().BeGreaterThan(0.5);
        Samples.MeanVariance(white.Create<double>(WeightShape.Dense(300, 20), 2), rows, 300).Should().BeApproximately(1, 1e-9);
    }

    [Fact]
    public void Constant_data_give_He_rows()
    {
        DataSpectrum spectrum = DataSpectrum.Fit(RowSource.From(new double[] { 1, 2, 1, 2 }, 2));
        WeightShape shape = WeightShape.Dense(2, 3);
        new SpectralPowerInitializer(spectrum, 1).Create<double>(shape, 4).Should().Equal(new HeInitializer().Create<double>(shape, 4));
    }

    [Fact]
    public void Wrong_arguments_are_refused_and_the_destination_untouched()
    {
        DataSpectrum spectrum = Correlated(out _);
        FluentActions.Invoking(() => new SpectralPowerInitializer(spectrum, double.NaN)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new SpectralPowerInitializer(spectrum, double.NegativeInfinity)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new SpectralPowerInitializer(spectrum, 1, new() { Shrinkage = 2 })).Should().Throw<ArgumentOutOfRangeException>();
        double[] destination = [7, 7, 7, 7, 7];
        FluentActions.Invoking(() => new SpectralPowerInitializer(spectrum, 1).Initialize<double>(destination, WeightShape.Dense(5, 1), 0)).Should().Throw<ArgumentException>().WithMessage("*5 inputs*4 features*");
        destination.Should().OnlyContain(value => value == 7);
    }

    private static DataSpectrum Correlated(out double[] rows)
    {
        (double[] white, _) = Samples.Sign(50, 4, seed: 30);
        rows = new double[white.Length];
        double[] scale = [3, 1.5, 0.7, 0.3];
        for (int i = 0; i < white.Length; i += 4)
        {
            for (int j = 0; j < 4; j++)
                rows[i + j] = 10 + (scale[j] * white[i + j]) + (0.5 * white[i]);
        }

        return DataSpectrum.Fit(RowSource.From(rows, 4));
    }

    /// <summary>Second moments of the rows along the principal directions.</summary>
    private static double[,] Projected(double[] w, DataSpectrum spectrum, int units)
    {
        int d = spectrum.Dimension;
        double[,] moments = new double[d, d];
        double[] along = new double[d];
        for (int u = 0; u < units; u++)
        {
            for (int i = 0; i < d; i++)
                along[i] = System.Numerics.Tensors.TensorPrimitives.Dot(spectrum.Components.Vector(i), w.AsSpan(u * d, d));
            for (int i = 0; i < d; i++)
            {
                for (int j = 0; j < d; j++)
                    moments[i, j] += along[i] * along[j] / units;
            }
        }

        return moments;
    }
}
