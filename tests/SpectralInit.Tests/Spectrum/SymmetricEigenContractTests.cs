using FsCheck;
using FsCheck.Fluent;
using MathNet.Numerics.LinearAlgebra;

namespace SpectralInit.Tests.Spectrum;

/// <summary>Arguments, threads, shapes of the result.</summary>
public class SymmetricEigenContractTests
{
    [Fact]
    public void Nothing_has_no_pairs()
    {
        EigenPairs none = SymmetricEigen.Decompose([], 0);
        none.Count.Should().Be(0);
        none.Vectors.Should().BeEmpty();
        SymmetricEigen.Values([], 0).Should().BeEmpty();
    }

    [Fact]
    public void One_by_one_and_none_wanted()
    {
        EigenPairs one = SymmetricEigen.Decompose([-3.5], 1);
        one.Values.Should().Equal(-3.5);
        one.Vectors.Should().Equal(1.0);
        one.Residuals.Should().Equal(0.0);
        SymmetricEigen.Decompose([1, 2, 2, 1], 2, 0).Count.Should().Be(0);
    }

    [Fact]
    public void Two_by_two_ties_are_signed_by_the_first_entry()
    {
        EigenPairs pairs = SymmetricEigen.Decompose([0, 1, 1, 0], 2);
        pairs.Values[0].Should().BeApproximately(1, 1e-15);
        pairs.Values[1].Should().BeApproximately(-1, 1e-15);
        pairs.Vector(1)[0].Should().BeApproximately(Math.Sqrt(0.5), 1e-15);
    }

    [Theory]
    [InlineData(60, 1)]
    [InlineData(60, 59)]
    [InlineData(300, 7)]
    [InlineData(300, 200)]
    [InlineData(20, 5)]
    [InlineData(3, 1)]
    [InlineData(16, 0)]
    [InlineData(32, 31)]
    public void Leading_pairs_are_the_first_of_all_pairs(int n, int count)
    {
        double[] matrix = TestMatrices.Uniform(n, seed: 5);
        EigenPairs all = SymmetricEigen.Decompose(matrix, n), some = SymmetricEigen.Decompose(matrix, n, count);
        some.Count.Should().Be(count);
        some.Values.Should().Equal(all.Values[..count]);
        some.Vectors.Zip(all.Vectors, (x, y) => Math.Abs(x - y)).DefaultIfEmpty().Max().Should().BeLessThan(1e-11);
        SymmetricEigenRatios.Orthogonality(some).Should().BeLessThan(10);
        SymmetricEigenRatios.Residual(matrix, n, some).Should().BeLessThan(10);
    }

    [Theory]
    [InlineData(90)]
    [InlineData(500)]
    [InlineData(830)]
    public void Bits_do_not_depend_on_threads(int n)
    {
        double[] matrix = TestMatrices.Uniform(n, seed: n);
        EigenPairs? reference = null;
        double[] values = SymmetricEigen.Values(matrix, n);
        foreach (int threads in (int[])[1, 2, 3, 7])
        {
            using IDisposable limit = Parallelism.Limit(threads);
            SymmetricEigen.Values(matrix, n).AsSpan().SequenceEqual(values).Should().BeTrue();
            EigenPairs pairs = SymmetricEigen.Decompose(matrix, n);
            reference ??= pairs;
            pairs.Values.AsSpan().SequenceEqual(reference.Values).Should().BeTrue();
            pairs.Vectors.AsSpan().SequenceEqual(reference.Vectors).Should().BeTrue();
            pairs.Residuals.AsSpan().SequenceEqual(reference.Residuals).Should().BeTrue();
        }
    }

    /// <summary>Measured when read, but of the matrix as it was.</summary>
    [Theory]
    [InlineData(20, 20)]
    [InlineData(150, 150)]
    [InlineData(150, 20)]
    public void Residuals_are_those_of_the_matrix_that_was_given(int n, int count)
    {
        double[] matrix = TestMatrices.Uniform(n, seed: n), kept = [.. matrix];
        EigenPairs pairs = SymmetricEigen.Decompose(matrix, n, count);
        matrix.AsSpan().Clear();
        double[] residuals = pairs.With("reason").Residuals;
        residuals.Should().HaveCount(count).And.BeSameAs(pairs.Residuals);
        for (int i = 0; i < count; i++)
        {
            double squares = 0;
            for (int row = 0; row < n; row++)
            {
                double difference = -pairs.Values[i] * pairs.Vector(i)[row];
                for (int column = 0; column < n; column++)
                    difference += kept[(row * n) + column] * pairs.Vector(i)[column];
                squares += difference * difference;
            }

            residuals[i].Should().BePositive().And.BeApproximately(Math.Sqrt(squares), n * SymmetricEigenRatios.Ulp * pairs.Values[0]);
        }
    }

    [Fact]
    public void MathNet_matrices_go_in_and_out()
    {
        Matrix<double> matrix = Matrix<double>.Build.Dense(40, 40, TestMatrices.Uniform(40, seed: 2));
        Matrix<double> before = matrix.Clone();
        EigenPairs pairs = SymmetricEigen.Decompose(matrix);
        Matrix<double> v = pairs.VectorMatrix();
        (matrix * v - v * Matrix<double>.Build.DenseOfDiagonalArray(pairs.Values)).L1Norm().Should().BeLessThan(1e-12);
        v.AsColumnMajorArray().Should().BeSameAs(pairs.Vectors);
        matrix.Should().Be(before);
        SymmetricEigen.Values(matrix).Should().HaveCount(40);

        Matrix<double> sparse = Matrix<double>.Build.SparseOfDiagonalArray([3, 1, 2]);
        SymmetricEigen.Decompose(sparse).Values.Should().Equal(3, 2, 1);
    }

    [Fact]
    public void Single_precision_matrices_may_be_asymmetric_by_their_own_rounding()
    {
        Matrix<float> matrix = Matrix<float>.Build.Dense(2, 2, [2f, 1f, 1.000001f, 2f]);
        SymmetricEigen.Decompose(matrix).Values[0].Should().BeApproximately(3, 1e-5);
        SymmetricEigen.Values(matrix)[1].Should().BeApproximately(1, 1e-5);
    }

    [Fact]
    public void An_ulp_of_asymmetry_is_averaged()
    {
        double[] matrix = TestMatrices.Uniform(50, seed: 9);
        double[] skewed = (double[])matrix.Clone();
        skewed[7] = Math.BitIncrement(skewed[7]);
        SymmetricEigen.Values(skewed, 50).Zip(SymmetricEigen.Values(matrix, 50), (x, y) => Math.Abs(x - y)).DefaultIfEmpty().Max().Should().BeLessThan(1e-13);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Entries_that_are_not_finite_are_named(double bad)
    {
        double[] matrix = TestMatrices.Uniform(30, seed: 1);
        matrix[(17 * 30) + 4] = bad;
        FluentActions.Invoking(() => SymmetricEigen.Decompose(matrix, 30)).Should().Throw<ArgumentException>().WithMessage("*row 17, column 4*").WithParameterName("matrix");
        FluentActions.Invoking(() => SymmetricEigen.Values(matrix, 30)).Should().Throw<ArgumentException>().WithParameterName("matrix");
    }

    [Fact]
    public void Asymmetry_is_refused_and_located()
    {
        double[] matrix = TestMatrices.Uniform(70, seed: 1);
        matrix[(3 * 70) + 61] += 1e-6;
        FluentActions.Invoking(() => SymmetricEigen.Decompose(matrix, 70)).Should().Throw<ArgumentException>().WithMessage("*row 3, column 61*").WithParameterName("matrix");
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        FluentActions.Invoking(() => SymmetricEigen.Decompose(new double[5], 2)).Should().Throw<ArgumentException>().WithParameterName("matrix").WithMessage("*5 values*2×2*");
        FluentActions.Invoking(() => SymmetricEigen.Decompose([], -1)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("dimension");
        FluentActions.Invoking(() => SymmetricEigen.Decompose(new double[4], 2, 3)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("count");
        FluentActions.Invoking(() => SymmetricEigen.Decompose(new double[4], 2, -1)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("count");
        FluentActions.Invoking(() => SymmetricEigen.Decompose(Matrix<double>.Build.Dense(2, 3))).Should().Throw<ArgumentException>().WithParameterName("matrix").WithMessage("*2×3*");
        FluentActions.Invoking(() => SymmetricEigen.Decompose((Matrix<double>)null!)).Should().Throw<ArgumentNullException>().WithParameterName("matrix");
        FluentActions.Invoking(() => SymmetricEigen.Values((Matrix<float>)null!)).Should().Throw<ArgumentNullException>().WithParameterName("matrix");
    }

    [Fact]
    public void The_ends_of_the_range_work_or_say_so()
    {
        SymmetricEigen.Decompose([double.MaxValue, 0, 0, -double.MaxValue], 2).Values.Should().Equal(double.MaxValue, -double.MaxValue);
        SymmetricEigen.Values([double.Epsilon, 0, 0, 0], 2).Should().Equal(double.Epsilon, 0);
        double[] tooLarge = [.. Enumerable.Repeat(1.5e308, 9)];
        FluentActions.Invoking(() => SymmetricEigen.Decompose(tooLarge, 3)).Should().Throw<ArgumentException>().WithParameterName("matrix").WithMessage("*range of double*");
    }

    [Fact]
    public void Cancellation_stops_it()
        => FluentActions.Invoking(() => SymmetricEigen.Decompose(TestMatrices.Uniform(300, seed: 1), 300, cancellationToken: new CancellationToken(true))).Should().Throw<OperationCanceledException>();

    [Fact]
    public void Progress_rises_to_one()
    {
        List<double> told = [];
        SymmetricEigen.Decompose(TestMatrices.Uniform(300, seed: 1), 300, progress: new Listener(told));
        told.Should().BeInAscendingOrder().And.HaveCountGreaterThan(4);
        told[^1].Should().Be(1);

        told.Clear();
        SymmetricEigen.Values(TestMatrices.Uniform(300, seed: 1), 300, new Listener(told));
        told.Should().BeInAscendingOrder().And.HaveCountGreaterThan(4);
        told[^1].Should().Be(1);
    }

    [Fact]
    public void Shifts_and_signs_carry_over_to_the_values()
    {
        // λ(A + tI) = λ(A) + t and λ(−A) = −λ(A) reversed.
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), ArbMap.Default.ArbFor<PositiveInt>(), (seed, size) =>
        {
            int n = (size.Get % 60) + 1;
            double shift = seed % 10;
            double[] matrix = TestMatrices.Uniform(n, seed), shifted = (double[])matrix.Clone();
            for (int i = 0; i < n; i++)
                shifted[(i * n) + i] += shift;
            double[] values = SymmetricEigen.Values(matrix, n), moved = SymmetricEigen.Values(shifted, n);
            double[] negated = SymmetricEigen.Values(TestMatrices.Scaled(matrix, -1), n);
            double tolerance = 20 * n * SymmetricEigenRatios.Ulp * (n + Math.Abs(shift));
            return Enumerable.Range(0, n).All(i => Math.Abs(moved[i] - shift - values[i]) <= tolerance && Math.Abs(negated[n - 1 - i] + values[i]) <= tolerance);
        }).QuickCheckThrowOnFailure();
    }

    private sealed class Listener(List<double> told) : IProgress<double>
    {
        public void Report(double value) => told.Add(value);
    }
}
