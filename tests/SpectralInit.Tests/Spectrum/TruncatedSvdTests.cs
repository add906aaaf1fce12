using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace SpectralInit.Tests.Spectrum;

public class TruncatedSvdTests
{
    /// <summary>A dense m×n matrix with the given singular values and smooth random vectors.</summary>
    private static Matrix<double> Planted(int m, int n, double[] values, int seed)
    {
        Matrix<double> u = Matrix<double>.Build.Random(m, values.Length, seed).QR().Q.SubMatrix(0, m, 0, values.Length);
        Matrix<double> v = Matrix<double>.Build.Random(n, values.Length, seed + 1).QR().Q.SubMatrix(0, n, 0, values.Length);
        return u * Matrix<double>.Build.DenseOfDiagonalArray(values) * v.Transpose();
    }

    private static void ShouldBeTriples(SingularTriples triples, Matrix<double> a, double[] expected, double tolerance)
    {
        double norm = expected[0], value = 0, residual = 0, dot = 0;
        for (int i = 0; i < triples.Count; i++)
        {
            value = Math.Max(value, Math.Abs(triples.Values[i] - (i < expected.Length ? expected[i] : 0)));
            Vector<double> u = Vector<double>.Build.Dense(triples.LeftVector(i).ToArray()), v = Vector<double>.Build.Dense(triples.RightVector(i).ToArray());
            double measured = Math.Max(((a * v) - (triples.Values[i] * u)).L2Norm(), (a.TransposeThisAndMultiply(u) - (triples.Values[i] * v)).L2Norm());
            residual = Math.Max(residual, measured);
            triples.Residuals[i].Should().BeApproximately(measured, 1e-12 * norm);
            v[(int)v.AbsoluteMaximumIndex()].Should().BePositive();
            for (int j = 0; j <= i; j++)
            {
                dot = Math.Max(dot, Math.Abs(TensorPrimitives.Dot(triples.LeftVector(i), triples.LeftVector(j)) - (i == j ? 1 : 0)));
                dot = Math.Max(dot, Math.Abs(TensorPrimitives.Dot(triples.RightVector(i), triples.RightVector(j)) - (i == j ? 1 : 0)));
            }
        }

        value.Should().BeLessThan(1e-12 * norm, "the values are known");
        residual.Should().BeLessThan(tolerance * norm);
        dot.Should().BeLessThan(1e-12, "vectors are orthonormal");
    }

    [Theory]
    [InlineData(400, 250, 10)]
    [InlineData(250, 400, 10)]
    [InlineData(300, 300, 25)]
    [InlineData(1000, 200, 8)]
    [InlineData(30, 20, 5)]
    [InlineData(20, 30, 20)]
    public void Triples_of_known_matrices_are_found(int m, int n, int count)
    {
        double[] values = [.. Enumerable.Range(1, Math.Min(m, n)).Select(i => 5.0 / i)];
        Matrix<double> a = Planted(m, n, values, 3);
        SingularTriples triples = TruncatedSvd.Decompose(a, count);
        triples.Converged.Should().BeTrue();
        triples.Count.Should().Be(count);
        ShouldBeTriples(triples, a, values, 1e-9);
    }

    [Theory]
    [InlineData(300, 260)]
    [InlineData(260, 300)]
    public void More_triples_than_the_rank_stay_orthonormal_with_zero_values(int m, int n)
    {
        double[] values = [3, 2, 1];
        Matrix<double> a = Planted(m, n, values, 5);
        ShouldBeTriples(TruncatedSvd.Decompose(a, 6), a, values, 1e-9);
    }

    [Theory]
    [InlineData(600, 400, 20, 0.5)]
    [InlineData(400, 600, 20, 0.5)]
    [InlineData(600, 400, 9, 1)]
    [InlineData(400, 600, 7, 2)]
    public void Small_values_that_squaring_loses_are_found(int m, int n, int count, double decades)
    {
        // Of AᵀA, values below 1e-7·σ₁ leave nothing: what its eigenvectors give for them is wrong by 60 % and more.
        double[] values = [.. Enumerable.Range(0, count + 20).Select(i => Math.Pow(10, -decades * i))];
        Matrix<double> a = Planted(m, n, values, 11);
        SingularTriples triples = TruncatedSvd.Decompose(a, count, new() { Solver = EigenSolver.Krylov });
        triples.Converged.Should().BeTrue();
        triples.Residuals.Max().Should().BeLessThanOrEqualTo(1e-10);
        ShouldBeTriples(triples, a, values, 1.1e-10);
        for (int i = 0; i < count && values[i] > 1e-9; i++)
            triples.Values[i].Should().BeApproximately(values[i], 0.01 * values[i]);
    }

    [Fact]
    public void Values_that_do_not_settle_are_told_or_found_directly()
    {
        // A leading triple over a floor of noise at 1e-7, whose values crowd: turning from side to side hardly separates them.
        Matrix<double> a = (1e-8 * Matrix<double>.Build.Random(250, 200, 21)) + Planted(250, 200, [1], 5);
        SingularTriples krylov = TruncatedSvd.Decompose(a, 5, new() { Solver = EigenSolver.Krylov });
        krylov.Converged.Should().BeFalse();
        krylov.Residuals.Max().Should().BeGreaterThan(1e-10);
        SingularTriples automatic = TruncatedSvd.Decompose(a, 5);
        automatic.Converged.Should().BeTrue();
        ShouldBeTriples(automatic, a, [.. a.Svd(false).S], 1e-13);
    }

    [Fact]
    public void A_sparse_matrix_agrees_with_its_dense_copy()
    {
        Random random = new(9);
        List<(int Row, int Column, double Value)> entries = [.. Enumerable.Range(0, 4000).Select(_ => (random.Next(500), (int)(300 * Math.Pow(random.NextDouble(), 2)), random.NextDouble()))];
        SparseMatrix sparse = SparseMatrix.FromEntries(500, 300, entries);
        Matrix<double> dense = Matrix<double>.Build.Dense(500, 300);
        foreach ((int row, int column, double value) in entries)
            dense[row, column] += value;
        double[] expected = [.. dense.Svd(false).S];
        SingularTriples triples = TruncatedSvd.Decompose(sparse, 12, new() { Seed = 4 });
        for (int i = 0; i < 12; i++)
            triples.Values[i].Should().BeApproximately(expected[i], 1e-11 * expected[0]);
        triples.Residuals.Max().Should().BeLessThan(1e-8 * expected[0]);
        TruncatedSvd.Decompose(sparse, 12, new() { Seed = 4 }).LeftVectors.Should().Equal(triples.LeftVectors);
    }

    [Fact]
    public void Empty_and_zero_matrices_have_answers()
    {
        TruncatedSvd.Decompose(new DenseOperator(Array.Empty<double>(), 0, 5), 0).Count.Should().Be(0);
        TruncatedSvd.Decompose(new DenseOperator(new double[90_000], 300, 300), 4).Values.Should().OnlyContain(value => value == 0);
    }

    [Fact]
    public void Wrong_input_is_named()
    {
        DenseOperator a = new(new double[6], 2, 3);
        FluentActions.Invoking(() => TruncatedSvd.Decompose(a, 3)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("count");
        FluentActions.Invoking(() => TruncatedSvd.Decompose(a, -1)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("count");
        FluentActions.Invoking(() => TruncatedSvd.Decompose(a, 1, new() { Tolerance = 2 })).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("Tolerance");
        FluentActions.Invoking(() => TruncatedSvd.Decompose(new DenseOperator(new double[] { 1, double.NaN }, 1, 2), 1)).Should().Throw<ArgumentException>();
    }
}
