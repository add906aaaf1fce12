using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit.Tests.Spectrum;

/// <summary>Scaling the input by a power of two scales the answer and changes nothing else, as far as the answer is a double; beyond, it is refused.</summary>
public class ExtremeScaleTests
{
    private const int Rows = 210, Columns = 260;

    private static readonly double[] s_matrix = Normal(Rows * Columns, 1);
    private static readonly double[] s_symmetric = Symmetric(s_matrix);

    public static TheoryData<int> Exponents => [-1000, -900, -515, -330, -201, 201, 330, 515, 900, 1000];

    [Theory]
    [MemberData(nameof(Exponents))]
    public void Operators_of_any_scale_have_their_singular_and_eigenvalues(int exponent)
    {
        DenseOperator matrix = new(Scaled(s_matrix, exponent), Rows, Columns);
        SymmetricOperator symmetric = new(Scaled(s_symmetric, exponent), Rows);
        SingularTriples triples = TruncatedSvd.Decompose(matrix, 3), exact = SingularValueDecomposition.Decompose(s_matrix, Rows, Columns);
        EigenPairs pairs = SymmetricEigen.Leading(symmetric, 3), all = SymmetricEigen.Decompose(s_symmetric, Rows);
        triples.Converged.Should().BeTrue();
        pairs.Converged.Should().BeTrue();
        for (int i = 0; i < 3; i++)
        {
            Math.ScaleB(triples.Values[i], -exponent).Should().BeApproximately(exact.Values[i], 1e-9 * exact.Values[0]);
            Math.ScaleB(triples.Residuals[i], -exponent).Should().BeInRange(0, 1e-4 * exact.Values[0]);
            Math.ScaleB(pairs.Values[i], -exponent).Should().BeApproximately(all.Values[i], 1e-9 * all.Values[0]);
            Math.ScaleB(pairs.Residuals[i], -exponent).Should().BeInRange(0, 1e-8 * all.Values[0]);
        }

        double radius = Math.Max(all.Values[0], -all.Values[^1]);
        PowerIterationResult power = PowerIteration.Run(symmetric, new() { MaxIterations = 20_000 });
        Math.ScaleB((power.StretchingFactor ?? power.Radius!.Value), -exponent).Should().BeApproximately(radius, 1e-9 * radius);
    }

    [Fact]
    public void Answers_beyond_the_largest_double_are_refused()
    {
        double[] small = [.. Enumerable.Repeat(1e308, 25)], large = [.. Enumerable.Repeat(1e307, 200 * 200)];
        WeightShape kernel = WeightShape.Convolution(1, 1, [5, 5]);
        foreach (Action call in (Action[])
        [
            () => SpectralNorm.Of(small, 5, 5), () => SpectralNorm.Of(large, 200, 200), () => SpectralNorm.Of(new DenseOperator(large, 200, 200)),
            () => SpectralNorm.Of(small, 5, 5, new() { Method = SpectralNormMethod.Lanczos }), () => SingularValueDecomposition.Decompose(small, 5, 5),
            () => TruncatedSvd.Decompose(new DenseOperator(large, 200, 200), 1), () => SymmetricEigen.Leading(new SymmetricOperator(large, 200), 1),
            () => SymmetricEigen.Decompose(small, 5), () => SpectralRadius.Of(small, 5), () => PowerIteration.Run(small, 5), () => PowerIteration.Run(new DenseOperator(small, 5, 5)),
            () => ConvolutionNorm.Of(small, kernel, new(8, 8)), () => ConvolutionNorm.Of(small, kernel, new(8, 8) { Boundary = ConvolutionBoundary.Circular }),
        ])
            call.Should().Throw<ArgumentException>().Which.Message.Should().MatchRegex("exceeds|overflow");
    }

    [Theory]
    [InlineData(SpectrumSolver.Covariance)]
    [InlineData(SpectrumSolver.Gram)]
    [InlineData(SpectrumSolver.MatrixFree)]
    public void Rows_too_large_to_square_are_refused_by_every_solver(SpectrumSolver solver)
    {
        foreach (int columns in new[] { 4, 60 })
        {
            Action fit = () => DataSpectrum.Fit(Scaled(s_matrix[..240], 520), columns, new() { Solver = solver, Components = 2 });
            fit.Should().Throw<ArgumentException>().WithParameterName("rows").WithMessage("*scale the rows*");
        }

        new Action(() => Covariance.Of([1.7e308, -1.7e308, 1.7e308, 1], 1)).Should().Throw<ArgumentException>().WithParameterName("rows").WithMessage("*scale the rows*");
    }

    [Theory]
    [InlineData(-480)]
    [InlineData(-300)]
    [InlineData(240)]
    [InlineData(480)]
    public void Wide_rows_of_any_scale_have_the_same_components(int exponent)
    {
        // One row stands far out; rows in memory and rows that stream take ways of their own.
        const int Count = 260, Wide = 300;
        double[] rows = Normal(Count * Wide, 7);
        for (int j = 0; j < Wide; j++)
            rows[j] *= 100;
        EigenPairs expected = DataSpectrum.Fit(rows, Wide, new() { Solver = SpectrumSolver.Gram, Components = 3 }).Components;
        double[] scaled = Scaled(rows, exponent);
        foreach (IRowSource source in new[] { RowSource.From(scaled, Wide), RowSource.From(scaled.Chunk(Wide)) })
        {
            EigenPairs actual = DataSpectrum.Fit(source, new() { Solver = SpectrumSolver.MatrixFree, Components = 3 }).Components;
            actual.Converged.Should().BeTrue();
            for (int i = 0; i < 3; i++)
            {
                Math.ScaleB(actual.Values[i], -2 * exponent).Should().BeApproximately(expected.Values[i], 1e-9 * expected.Values[0]);
                Math.Abs(TensorPrimitives.Dot(actual.Vector(i), expected.Vector(i))).Should().BeApproximately(1, 1e-6);
            }
        }
    }

    [Theory]
    [InlineData(SpectrumSolver.Covariance)]
    [InlineData(SpectrumSolver.Gram)]
    [InlineData(SpectrumSolver.MatrixFree)]
    public void Rows_that_are_all_the_same_have_no_variance_at_all(SpectrumSolver solver)
    {
        // Sums of 0.1 and its like round: the mean must not.
        foreach ((int count, int columns) in new[] { (60, 90), (300, 320) })
        {
            double[] row = Normal(columns, 9), rows = [.. Enumerable.Range(0, count).SelectMany(_ => row)];
            foreach (IRowSource source in new[] { RowSource.From(rows, columns), RowSource.From(rows.Chunk(columns)) })
            {
                DataSpectrum spectrum = DataSpectrum.Fit(source, new() { Solver = solver, Components = 2 });
                spectrum.Mean.Should().Equal(row);
                spectrum.TotalVariance.Should().Be(0);
                spectrum.Components.Values.Should().Equal(0, 0);
                spectrum.Rank.Should().Be(0);
            }
        }
    }

    [Theory]
    [InlineData(200, 4)]
    [InlineData(4, 200)]
    public void Floats_near_the_largest_have_the_same_components_from_every_solver(int rows, int columns)
    {
        float[] values = [.. Normal(rows * columns, 3).Select(value => (float)value * 6e37f)];
        DataSpectrum exact = DataSpectrum.Fit(Array.ConvertAll(values, value => (double)value), columns, new() { Solver = SpectrumSolver.Covariance, Components = 2 });
        foreach (SpectrumSolver solver in new[] { SpectrumSolver.Gram, SpectrumSolver.MatrixFree })
        {
            DataSpectrum spectrum = DataSpectrum.Fit(values, columns, new() { Solver = solver, Components = 2 });
            for (int i = 0; i < 2; i++)
            {
                (spectrum.Components.Values[i] / exact.Components.Values[i]).Should().BeApproximately(1, 1e-6);
                Math.Abs(TensorPrimitives.Dot(spectrum.Components.Vector(i), exact.Components.Vector(i))).Should().BeApproximately(1, 1e-6);
            }
        }
    }

    [Theory]
    [InlineData(-516)]
    [InlineData(-480)]
    [InlineData(-330)]
    [InlineData(-190)]
    [InlineData(190)]
    [InlineData(330)]
    [InlineData(500)]
    public void Shrinkage_does_not_depend_on_the_unit(int exponent)
    {
        double[] rows = [.. Normal(50 * 6, 5).Select((value, i) => value * (1 + (i % 6)))], scaled = Scaled(rows, exponent);
        double intensity = Covariance.LedoitWolf(RowSource.From(rows, 6)).Shrinkage, oracle = Covariance.OracleApproximating(Covariance.Of(rows, 6)).Shrinkage;
        intensity.Should().BeInRange(0.01, 0.99);
        Covariance.LedoitWolf(RowSource.From(scaled, 6)).Shrinkage.Should().BeApproximately(intensity, 1e-12);
        Covariance.OracleApproximating(Covariance.Of(scaled, 6)).Shrinkage.Should().BeApproximately(oracle, 1e-12);
    }

    private static double[] Normal(int count, ulong seed)
    {
        double[] values = new double[count];
        RandomFill.Normal<double>(values, 0, 1, seed);
        return values;
    }

    // A few eigenvalues stand apart.
    private static double[] Symmetric(double[] matrix)
    {
        double[] symmetric = new double[Rows * Rows];
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Rows; j++)
                symmetric[(i * Rows) + j] = matrix[(i * Columns) + j] + matrix[(j * Columns) + i] + (i == j && i < 3 ? 100 * (3 - i) : 0);
        }

        return symmetric;
    }

    private static double[] Scaled(double[] values, int exponent) => [.. values.Select(value => Math.ScaleB(value, exponent))];
}
