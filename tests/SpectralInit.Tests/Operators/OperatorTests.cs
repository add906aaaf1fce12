using MathNet.Numerics.LinearAlgebra;

namespace SpectralInit.Tests.Operators;

public class OperatorTests
{
    private static double[] Numbers(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() - 0.5)];
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 7, 1)]
    [InlineData(97, 25, 3)]
    [InlineData(100, 193, 8)]
    [InlineData(203, 120, 19)]
    [InlineData(1, 300, 9)]
    [InlineData(300, 1, 9)]
    public void Block_products_equal_the_matrix_product(int rows, int columns, int count)
    {
        double[] values = Numbers(rows * columns, 1), x = Numbers(count * columns, 2), z = Numbers(count * rows, 3);
        Matrix<double> a = Matrix<double>.Build.DenseOfRowMajor(rows, columns, values);
        DelegateOperator user = new(rows, columns, (from, to) => (a * Vector<double>.Build.Dense(from.ToArray())).AsArray().CopyTo(to), (from, to) => a.TransposeThisAndMultiply(Vector<double>.Build.Dense(from.ToArray())).AsArray().CopyTo(to));
        double[] forward = (Matrix<double>.Build.DenseOfRowMajor(count, columns, x) * a.Transpose()).ToRowMajorArray();
        double[] backward = (Matrix<double>.Build.DenseOfRowMajor(count, rows, z) * a).ToRowMajorArray();
        foreach (ILinearOperator map in new ILinearOperator[] { new DenseOperator(values, rows, columns), new DenseOperator(a), user })
        {
            double[] y = [.. Enumerable.Repeat(double.NaN, count * rows)], w = [.. Enumerable.Repeat(double.NaN, count * columns)];
            map.ApplyBlock(count, x, y);
            map.ApplyTransposeBlock(count, z, w);
            y.Zip(forward, (got, want) => Math.Abs(got - want)).Max().Should().BeLessThan(1e-13 * columns);
            w.Zip(backward, (got, want) => Math.Abs(got - want)).Max().Should().BeLessThan(1e-13 * rows);
        }
    }

    [Fact]
    public void Gram_operators_are_products_with_the_transpose()
    {
        double[] values = Numbers(12 * 7, 4), x = Numbers(7, 5), z = Numbers(12, 6), y = new double[7], w = new double[12];
        Matrix<double> a = Matrix<double>.Build.DenseOfRowMajor(12, 7, values);
        new GramOperator(new DenseOperator(a)).Apply(x, y);
        new GramOperator(new DenseOperator(a), outer: true).ApplyTranspose(z, w);
        ((a.Transpose() * a * Vector<double>.Build.Dense(x)) - Vector<double>.Build.Dense(y)).L2Norm().Should().BeLessThan(1e-13);
        ((a * a.Transpose() * Vector<double>.Build.Dense(z)) - Vector<double>.Build.Dense(w)).L2Norm().Should().BeLessThan(1e-13);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(64)]
    [InlineData(130)]
    [InlineData(331)]
    public unsafe void Panels_multiply_like_the_matrix(int n)
    {
        double[] a = new double[n * n], random = Numbers(n * n, 7), x = Numbers(19 * n, 8), y = new double[19 * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                a[(i * n) + j] = random[(i * n) + j] + random[(j * n) + i];
        }

        using SpectralInit.Kernels.SymmetricPanels panels = new(a, n, exponent: 3);
        fixed (double* px = x, py = y)
            panels.Multiply(19, px, py);
        double[] expected = (Matrix<double>.Build.DenseOfRowMajor(19, n, x) * Matrix<double>.Build.DenseOfRowMajor(n, n, a)).ToRowMajorArray();
        y.Zip(expected, (got, want) => Math.Abs((8 * got) - want)).Max().Should().BeLessThan(1e-13 * n);
        panels.Asymmetry.Should().Be(0);

        a[(n - 1) * n] += 4;
        using SpectralInit.Kernels.SymmetricPanels other = new(a, n, exponent: 3);
        other.Asymmetry.Should().BeApproximately(0.5, 1e-12);
    }

    [Fact]
    public void Wrong_lengths_are_named()
    {
        FluentActions.Invoking(() => new DenseOperator(new double[5], 2, 3)).Should().Throw<ArgumentException>().WithParameterName("values");
        FluentActions.Invoking(() => new DenseOperator(new double[5], -1, 3)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("rows");
        FluentActions.Invoking(() => new SymmetricOperator(new double[5], 2)).Should().Throw<ArgumentException>().WithParameterName("values");
        DenseOperator a = new(new double[6], 2, 3);
        FluentActions.Invoking(() => a.Apply(new double[2], new double[2])).Should().Throw<ArgumentException>().WithParameterName("x");
        FluentActions.Invoking(() => a.Apply(new double[3], new double[3])).Should().Throw<ArgumentException>().WithParameterName("y");
        FluentActions.Invoking(() => new DelegateOperator(2, (x, y) => { }).Apply(new double[3], new double[2])).Should().Throw<ArgumentException>().WithParameterName("x");
        FluentActions.Invoking(() => new DelegateOperator(2, null!)).Should().Throw<ArgumentNullException>().WithParameterName("apply");
    }
}
