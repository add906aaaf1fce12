using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace SpectralInit.Tests.Spectrum;

public class DataSpectrumTests
{
    private static double[] Rows(int n, int d, int rank, int seed, double mean = 3)
    {
        // X = mean + Σ i⁻¹·u_i·v_iᵀ, i ≤ rank.
        Matrix<double> left = Matrix<double>.Build.Random(n, rank, seed), right = Matrix<double>.Build.Random(d, rank, seed + 1).QR().Q.SubMatrix(0, d, 0, rank);
        for (int i = 0; i < rank; i++)
            left.SetColumn(i, left.Column(i) / (i + 1));
        return [.. (left * right.Transpose()).ToRowMajorArray().Select(value => value + mean)];
    }

    private static (double[] Values, Matrix<double> Vectors) Reference(double[] rows, int n, int d)
    {
        Matrix<double> x = Matrix<double>.Build.DenseOfRowMajor(n, d, rows);
        Vector<double> mean = x.ColumnSums() / n;
        Matrix<double> centered = Matrix<double>.Build.Dense(n, d, (i, j) => x[i, j] - mean[j]);
        EigenPairs all = SymmetricEigen.Decompose((centered.TransposeThisAndMultiply(centered) / (n - 1)).ToColumnMajorArray(), d);
        return (all.Values, all.VectorMatrix());
    }

    public static TheoryData<int, int, int, SpectrumSolver, bool> Cases
    {
        get
        {
            TheoryData<int, int, int, SpectrumSolver, bool> cases = [];
            foreach ((int n, int d) in new[] { (300, 40), (40, 300), (60, 60), (260, 280) })
            {
                foreach (int rank in new[] { 5, 30 })
                {
                    foreach (SpectrumSolver solver in new[] { SpectrumSolver.Auto, SpectrumSolver.Covariance, SpectrumSolver.Gram, SpectrumSolver.MatrixFree })
                    {
                        cases.Add(n, d, rank, solver, false);
                        cases.Add(n, d, rank, solver, true);
                    }
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_solver_finds_the_same_components(int n, int d, int rank, SpectrumSolver solver, bool asFloat)
    {
        double[] rows = Rows(n, d, rank, 11);
        if (asFloat)
            rows = [.. rows.Select(value => (double)(float)value)];
        (double[] values, Matrix<double> vectors) = Reference(rows, n, d);
        const int K = 8;
        IRowSource source = asFloat ? RowSource.From([.. rows.Select(value => (float)value)], d) : RowSource.From(rows, d);
        DataSpectrum spectrum = DataSpectrum.Fit(source, new() { Components = K, Solver = solver });

        double precision = asFloat ? 1e-6 : 1e-11;
        spectrum.TotalVariance.Should().BeApproximately(values.Sum(), precision * values.Sum());
        spectrum.Count.Should().Be(n);
        double dot = 0;
        for (int i = 0; i < K; i++)
        {
            spectrum.Components.Values[i].Should().BeApproximately(Math.Max(0, values[i]), precision * values[0]);

            // Well separated components agree up to rounding over the gap; signs follow one rule.
            if (i < rank && i < 5)
            {
                Math.Abs(Vector<double>.Build.Dense(spectrum.Components.Vector(i).ToArray()).DotProduct(vectors.Column(i))).Should().BeApproximately(1, asFloat ? 1e-5 : 1e-10);
            }

            spectrum.Components.Vector(i)[TensorPrimitives.IndexOfMaxMagnitude(spectrum.Components.Vector(i))].Should().BePositive();
            for (int j = 0; j <= i; j++)
                dot = Math.Max(dot, Math.Abs(TensorPrimitives.Dot(spectrum.Components.Vector(i), spectrum.Components.Vector(j)) - (i == j ? 1 : 0)));
        }

        dot.Should().BeLessThan(1e-11, "components are orthonormal, those beyond the rank too");
        spectrum.SolverReason.Should().NotBeEmpty();
        spectrum.Components.Residuals.Max().Should().BeLessThan(1e-5 * values[0]);
        if (!asFloat || solver is SpectrumSolver.Gram)
            spectrum.Rank.Should().Be(Math.Min(rank, K));
    }

    [Fact]
    public void The_choice_follows_rows_features_components_and_memory()
    {
        static SpectrumSolver Chosen(int n, int d, DataSpectrumOptions options) => DataSpectrum.Fit(RowSource.From(Rows(n, d, 6, 2), d), options).Solver;
        Chosen(100, 20, new()).Should().Be(SpectrumSolver.Covariance);
        Chosen(20, 100, new()).Should().Be(SpectrumSolver.Gram);
        Chosen(20, 100, new() { Components = 5 }).Should().Be(SpectrumSolver.Gram);
        Chosen(20, 100, new() { Components = 50 }).Should().Be(SpectrumSolver.Covariance, "only the covariance has directions without variance");
        Chosen(20, 100, new() { Components = 5, MemoryBudget = 1000 }).Should().Be(SpectrumSolver.MatrixFree);
        Chosen(100, 20, new() { Components = 5, MemoryBudget = 1000 }).Should().Be(SpectrumSolver.MatrixFree);
        DataSpectrum.Fit(RowSource.From(Rows(20, 100, 6, 2), 100)).Components.Count.Should().Be(19, "n centered rows have at most n−1 directions");
    }

    [Fact]
    public void Matrix_free_fits_stream_and_count_their_passes()
    {
        double[] rows = Rows(400, 300, 60, 7);
        int opened = 0;
        IEnumerable<double[]> Stream()
        {
            opened++;
            for (int i = 0; i < 400; i++)
                yield return rows[(i * 300)..((i + 1) * 300)];
        }

        DataSpectrum streamed = DataSpectrum.Fit(RowSource.From(Stream()), new() { Components = 4, Solver = SpectrumSolver.MatrixFree });
        DataSpectrum exact = DataSpectrum.Fit(rows, 300, new() { Components = 4, Solver = SpectrumSolver.Covariance });
        streamed.Passes.Should().BeInRange(4, opened);
        streamed.Components.Products.Should().BePositive();
        for (int i = 0; i < 4; i++)
            streamed.Components.Values[i].Should().BeApproximately(exact.Components.Values[i], 1e-12);
    }

    [Theory]
    [InlineData(SpectrumSolver.Covariance)]
    [InlineData(SpectrumSolver.Gram)]
    [InlineData(SpectrumSolver.MatrixFree)]
    public void Bits_do_not_depend_on_threads(SpectrumSolver solver)
    {
        float[] rows = [.. Rows(250, 270, 40, 3).Select(value => (float)value)];
        double[][] results = [.. new[] { 1, 2, 3, 7 }.Select(threads =>
        {
            using IDisposable limit = Parallelism.Limit(threads);
            DataSpectrum spectrum = DataSpectrum.Fit(rows, 270, new() { Components = 6, Solver = solver });
            return (double[])[.. spectrum.Components.Values, .. spectrum.Components.Vectors, .. spectrum.Mean, spectrum.TotalVariance];
        })];
        foreach (double[] result in results)
            result.Should().Equal(results[0]);
    }

    [Fact]
    public void Far_means_and_constant_columns_cost_nothing()
    {
        double[] near = Rows(200, 50, 20, 5, 0), far = [.. near.Select(value => value + 1e6)];
        for (int i = 0; i < 200; i++)
            near[i * 50] = far[i * 50] = 7;
        foreach (SpectrumSolver solver in new[] { SpectrumSolver.Covariance, SpectrumSolver.Gram, SpectrumSolver.MatrixFree })
        {
            DataSpectrum a = DataSpectrum.Fit(near, 50, new() { Components = 3, Solver = solver }), b = DataSpectrum.Fit(far, 50, new() { Components = 3, Solver = solver });
            for (int i = 0; i < 3; i++)
            {
                b.Components.Values[i].Should().BeApproximately(a.Components.Values[i], 1e-8 * a.Components.Values[0]);
                Math.Abs(a.Components.Vector(i)[0]).Should().BeLessThan(1e-12, "a constant column has no weight");
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Total_variance_of_rows_that_drift_far_from_zero_loses_no_digits(bool streams)
    {
        // What is added to the rows is taken away again without rounding.
        const int D = 16, N = 20_000;
        double[] near = [.. Rows(N, D, D, 6, 0).Select((value, i) => Math.Round((value + (2.0 * (i / D) / N)) * (1 << 20)) / (1 << 20))], far = [.. near.Select(value => value + (1L << 30))];
        double[] totals = [.. new[] { near, far }.Select(rows =>
            DataSpectrum.Fit(streams ? RowSource.From(rows.Chunk(D)) : RowSource.From(rows, D), new() { Components = 1, Solver = SpectrumSolver.MatrixFree }).TotalVariance)];
        totals[1].Should().BeApproximately(totals[0], 1e-13 * totals[0]);
    }

    [Fact]
    public void Shares_and_noise_follow_from_the_eigenvalues()
    {
        double[] rows = Rows(300, 12, 12, 8);
        DataSpectrum all = DataSpectrum.Fit(rows, 12), some = DataSpectrum.Fit(rows, 12, new() { Components = 5 });
        all.ExplainedVarianceRatio.Sum().Should().BeApproximately(1, 1e-12);
        all.NoiseVariance.Should().Be(0);
        some.NoiseVariance.Should().BeApproximately(all.Components.Values.Skip(5).Average(), 1e-12 * all.TotalVariance);
        DataSpectrum byN = DataSpectrum.Fit(rows, 12, new() { Normalization = CovarianceNormalization.MaximumLikelihood });
        byN.Components.Values[0].Should().BeApproximately(all.Components.Values[0] * 299 / 300, 1e-13);
    }

    [Fact]
    public void Degenerate_data_have_answers()
    {
        DataSpectrum two = DataSpectrum.Fit([1.0, 2, 3, 3, 2, 1], 3);
        two.Components.Count.Should().Be(1);
        two.Components.Values[0].Should().BeApproximately(4, 1e-14);
        DataSpectrum constant = DataSpectrum.Fit([5.0, 5, 5, 5, 5, 5, 5, 5], 4);
        constant.Rank.Should().Be(0);
        constant.ExplainedVarianceRatio.Should().OnlyContain(ratio => ratio == 0);
        DataSpectrum one = DataSpectrum.Fit([1.0, 2], 2, new() { Normalization = CovarianceNormalization.MaximumLikelihood });
        one.Rank.Should().Be(0);
        one.Mean.Should().Equal(1, 2);
    }

    [Fact]
    public void Wrong_input_is_named()
    {
        foreach (SpectrumSolver solver in Enum.GetValues<SpectrumSolver>())
        {
            DataSpectrumOptions options = new() { Components = 1, Solver = solver };
            FluentActions.Invoking(() => DataSpectrum.Fit([1.0, double.NaN, 3, 4], 2, options)).Should().Throw<ArgumentException>($"{solver}").WithMessage("*1*");
            FluentActions.Invoking(() => DataSpectrum.Fit([1.0, 2], 2, options)).Should().Throw<ArgumentException>($"{solver}").WithParameterName("rows");
            FluentActions.Invoking(() => DataSpectrum.Fit(Array.Empty<double>(), 2, options)).Should().Throw<ArgumentException>($"{solver}").WithParameterName("rows");
            FluentActions.Invoking(() => DataSpectrum.Fit([1.0, 2, 3, 4], 2, options with { Components = 3 })).Should().Throw<ArgumentOutOfRangeException>($"{solver}").WithParameterName("Components");
        }

        FluentActions.Invoking(() => DataSpectrum.Fit([1.0, 2, 3, 4], 2, new() { Components = 2, Solver = SpectrumSolver.Gram })).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("Components");
        FluentActions.Invoking(() => DataSpectrum.Fit([1.0, 2, 3, 4], 2, new() { MemoryBudget = -1 })).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("MemoryBudget");
        FluentActions.Invoking(() => DataSpectrum.Fit([1.0, 2, 3, 4], 2, new() { Solver = (SpectrumSolver)9 })).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("Solver");
        FluentActions.Invoking(() => DataSpectrum.Fit((IRowSource)null!)).Should().Throw<ArgumentNullException>().WithParameterName("rows");
    }
}
