using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using SpectralInit.Kernels;

namespace SpectralInit.Tests.Spectrum;

/// <summary>Few wide rows in memory: products with the rows instead of their Gram matrix.</summary>
public class WideSpectrumTests
{
    private const int N = 600, D = 901, K = 8;

    /// <summary>X = mean + Σ i⁻¹·g_i·r_iᵀ with Gaussian g and r, 40 terms, and noise.</summary>
    private static double[] Rows(double mean, double noise = 1e-3)
    {
        const int Rank = 40;
        double[] left = new double[N * Rank], right = new double[Rank * D], x = new double[N * D];
        RandomFill.Normal<double>(left, 0, 1, 1);
        RandomFill.Normal<double>(right, 0, 1, 2);
        RandomFill.Normal<double>(x, mean, noise, 3);
        for (int i = 0; i < left.Length; i++)
            left[i] /= (i % Rank) + 1;
        Matrix<double> product = Matrix<double>.Build.DenseOfRowMajor(N, Rank, left) * Matrix<double>.Build.DenseOfRowMajor(Rank, D, right);
        return [.. product.ToRowMajorArray().Zip(x, (a, b) => a + b)];
    }

    private static DataSpectrum Fit(double[] rows, bool asFloat, SpectrumSolver solver, int components = K) => asFloat
        ? DataSpectrum.Fit(rows.Select(value => (float)value).ToArray(), D, new() { Components = components, Solver = solver })
        : DataSpectrum.Fit(rows, D, new() { Components = components, Solver = solver });

    [Theory]
    [InlineData(false, 0.0)]
    [InlineData(true, 0.0)]
    [InlineData(false, 1.0)]
    [InlineData(true, 1.0)]
    [InlineData(false, 1e4)]
    [InlineData(true, 1e4)]
    public void Products_with_the_rows_find_what_the_covariance_has(bool asFloat, double mean)
    {
        double[] rows = Rows(mean);
        if (asFloat)
            rows = [.. rows.Select(value => (double)(float)value)];
        DataSpectrum exact = Fit(rows, false, SpectrumSolver.Covariance), automatic = Fit(rows, asFloat, SpectrumSolver.Auto), free = Fit(rows, asFloat, SpectrumSolver.MatrixFree);
        automatic.Solver.Should().Be(mean < 100 ? SpectrumSolver.MatrixFree : SpectrumSolver.Gram, "a mean that dwarfs the spread is taken out of the rows first");
        foreach (DataSpectrum spectrum in new[] { automatic, free })
        {
            double precision = asFloat ? 1e-6 : 1e-10;
            spectrum.Components.Converged.Should().BeTrue();
            spectrum.TotalVariance.Should().BeApproximately(exact.TotalVariance, 1e-10 * exact.TotalVariance);
            spectrum.Components.Residuals.Max().Should().BeLessThan(10 * precision * exact.Components.Values[0]);
            for (int i = 0; i < K; i++)
            {
                spectrum.Components.Values[i].Should().BeApproximately(exact.Components.Values[i], precision * exact.Components.Values[i]);
                TensorPrimitives.Dot(spectrum.Components.Vector(i), exact.Components.Vector(i)).Should().BeApproximately(1, asFloat ? 1e-7 : 1e-12);
            }
        }
    }

    [Fact]
    public void Rows_that_stream_take_few_passes()
    {
        double[] rows = Rows(5);
        int opened = 0;
        IEnumerable<double[]> Stream()
        {
            opened++;
            for (int i = 0; i < N; i++)
                yield return rows[(i * D)..((i + 1) * D)];
        }

        DataSpectrum streamed = DataSpectrum.Fit(RowSource.From(Stream()), new() { Components = 40, Solver = SpectrumSolver.MatrixFree }), exact = Fit(rows, false, SpectrumSolver.Covariance, 40);
        streamed.Passes.Should().BeLessThanOrEqualTo(opened).And.BeLessThan(16, "a block holds all components");
        streamed.Components.Converged.Should().BeTrue();
        streamed.Components.Residuals.Max().Should().BeLessThan(1e-9 * exact.Components.Values[0]);
        for (int i = 0; i < 40; i++)
            streamed.Components.Values[i].Should().BeApproximately(exact.Components.Values[i], 1e-10 * exact.Components.Values[0]);
    }

    [Fact]
    public void Reported_residuals_are_those_of_the_covariance()
    {
        double[] rows = Rows(0.5);
        DataSpectrum spectrum = Fit(rows, true, SpectrumSolver.MatrixFree);
        CovarianceEstimate covariance = Covariance.Of(RowSource.From(rows.Select(value => (float)value).ToArray(), D));
        for (int i = 0; i < K; i++)
        {
            ReadOnlySpan<double> v = spectrum.Components.Vector(i);
            double sum = 0;
            for (int row = 0; row < D; row++)
                sum += Math.Pow(TensorPrimitives.Dot(covariance.Values.AsSpan(row * D, D), v) - (spectrum.Components.Values[i] * v[row]), 2);
            Math.Sqrt(sum).Should().BeLessThan(spectrum.Components.Residuals[i] + (3e-7 * spectrum.Components.Values[0]), "rounding of the float products comes on top");
        }
    }

    [Fact]
    public void A_flat_spectrum_goes_to_the_Gram_matrix()
    {
        double[] noise = new double[N * D];
        RandomFill.Normal<double>(noise, 0, 1, 7);
        DataSpectrum spectrum = Fit(noise, true, SpectrumSolver.Auto);
        spectrum.Solver.Should().Be(SpectrumSolver.Gram);
        spectrum.SolverReason.Should().Contain("decays slowly");
        double[] exact = Fit(noise, true, SpectrumSolver.Covariance).Components.Values;
        for (int i = 0; i < K; i++)
            spectrum.Components.Values[i].Should().BeApproximately(exact[i], 1e-6 * exact[0]);
    }

    [Fact]
    public void Exact_rank_and_extreme_scales_come_out_right()
    {
        double[] rows = Rows(0, 0);
        foreach (double scale in new[] { 1e-30, 1e-4, 1e4, 1e18 })
        {
            double[] scaled = [.. rows.Select(value => value * scale)];
            DataSpectrum spectrum = Fit(scaled, true, SpectrumSolver.Auto, 5), plain = Fit(rows, true, SpectrumSolver.Auto, 5);
            for (int i = 0; i < 5; i++)
                (spectrum.Components.Values[i] / scale / scale).Should().BeApproximately(plain.Components.Values[i], 1e-5 * plain.Components.Values[0]);
        }

        DataSpectrum low = DataSpectrum.Fit(Enumerable.Range(0, N * D).Select(i => (float)(((i / D * 7) + (i % D * 3)) % 2)).ToArray(), D, new() { Components = 4 });
        low.Rank.Should().Be(1, "every row is one of two");
        low.Components.Vectors.Should().OnlyContain(value => double.IsFinite(value));
    }

    [Fact]
    public void Bits_do_not_depend_on_threads()
    {
        double[] rows = Rows(0.1);
        double[][] results = [.. new[] { 1, 2, 3, 7 }.Select(threads =>
        {
            using IDisposable limit = Parallelism.Limit(threads);
            DataSpectrum spectrum = Fit(rows, true, SpectrumSolver.Auto);
            return (double[])[.. spectrum.Components.Values, .. spectrum.Components.Vectors, .. spectrum.Components.Residuals];
        })];
        results.Should().AllSatisfy(result => result.AsSpan().SequenceEqual(results[0]).Should().BeTrue());
    }
}
