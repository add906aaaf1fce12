using MathNet.Numerics.LinearAlgebra;

namespace SpectralInit.Tests.Weights;

public class OrthogonalTests
{
    public static TheoryData<int, int> Shapes()
    {
        TheoryData<int, int> shapes = new() { { 33, 32 }, { 32, 33 }, { 64, 64 }, { 65, 130 }, { 200, 7 }, { 7, 200 }, { 257, 257 } };
        for (int rows = 0; rows <= 3; rows++)
        {
            for (int columns = 0; columns <= 3; columns++)
                shapes.Add(rows, columns);
        }

        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Rows_or_columns_are_orthonormal_to_working_accuracy(int rows, int columns)
    {
        WeightShape shape = WeightShape.Dense(columns, rows);
        double[] doubles = new OrthogonalInitializer().Create<double>(shape, 5), singles = [.. new OrthogonalInitializer().Create<float>(shape, 5).Select(x => (double)x)];
        int n = Math.Max(rows, columns);
        Defect(doubles, rows, columns).Should().BeLessThanOrEqualTo(10 * n * 2.2e-16);
        Defect(singles, rows, columns).Should().BeLessThanOrEqualTo(10 * n * 1.2e-7);
    }

    [Fact]
    public void Every_gate_part_and_group_is_a_matrix_of_its_own()
    {
        foreach (WeightShape shape in new[] { WeightShape.Recurrent(6, 6, 4), WeightShape.Packed(5, 8, 3), WeightShape.Convolution(8, 12, [3], groups: 4), WeightShape.TransposedConvolution(8, 12, [3], groups: 4), WeightShape.Depthwise(5, [3, 3], 2) })
        {
            double[] weights = new OrthogonalInitializer(3).Create<double>(shape, 2);
            int blocks = shape.Blocks * shape.Groups, size = shape.Count / blocks;
            for (int block = 0; block < blocks; block++)
            {
                double[] part = [.. weights.Skip(block * size).Take(size).Select(x => x / 3)];
                Defect(part, shape.Rows / blocks, shape.Columns).Should().BeLessThan(1e-13, $"{shape}");
            }

            weights.Take(size).SequenceEqual(weights.Skip(size).Take(size)).Should().BeFalse();
        }
    }

    // In Haar's measure on O(n): the square of an entry is Beta(½, (n−1)/2), E tr² = 1, the determinant is ±1 with equal chances.
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Square_matrices_are_uniform_in_the_orthogonal_group(int n)
    {
        const int Draws = 4000;
        double[][] matrices = [.. Enumerable.Range(0, Draws).Select(i => new OrthogonalInitializer().Create<double>(WeightShape.Dense(n, n), (ulong)i))];
        for (int entry = 0; entry < n * n; entry++)
        {
            double[] squares = [.. matrices.Select(x => x[entry] * x[entry])];
            Distribution.KolmogorovSmirnov(squares, x => MathNet.Numerics.SpecialFunctions.BetaRegularized(0.5, (n - 1) / 2.0, Math.Clamp(x, 0, 1))).Should().BeGreaterThan(1e-4, $"entry {entry}");
            Math.Abs(matrices.Count(x => x[entry] > 0) - (Draws / 2)).Should().BeLessThan((int)(4.5 * Math.Sqrt(Draws) / 2), $"sign of entry {entry}");
        }

        double[] traces = [.. matrices.Select(x => Enumerable.Range(0, n).Sum(i => x[(i * n) + i]))];
        traces.Average().Should().BeApproximately(0, 4.5 / Math.Sqrt(Draws));
        traces.Average(x => x * x).Should().BeApproximately(1, 4.5 * Math.Sqrt(2.0 / Draws));
        int positive = matrices.Count(x => Matrix<double>.Build.DenseOfRowMajor(n, n, x).Determinant() > 0);
        Math.Abs(positive - (Draws / 2)).Should().BeLessThan((int)(4.5 * Math.Sqrt(Draws) / 2));

        // Uniform on O(n) is invariant under any fixed rotation: the trace of Q·P for a cyclic shift P is distributed like that of Q.
        double[] shifted = [.. matrices.Select(x => Enumerable.Range(0, n).Sum(i => x[(i * n) + ((i + 1) % n)]))];
        shifted.Average(x => x * x).Should().BeApproximately(1, 4.5 * Math.Sqrt(2.0 / Draws));
    }

    [Fact]
    public void Tall_matrices_are_uniform_on_the_stiefel_manifold()
    {
        const int Draws = 4000;
        double[] entries = [.. Enumerable.Range(0, Draws).Select(i => new OrthogonalInitializer().Create<float>(WeightShape.Dense(3, 6), (ulong)i)[10]).Select(x => (double)x * x)];
        Distribution.KolmogorovSmirnov(entries, x => MathNet.Numerics.SpecialFunctions.BetaRegularized(0.5, 2.5, Math.Clamp(x, 0, 1))).Should().BeGreaterThan(1e-4);
    }

    private static double Defect(double[] weights, int rows, int columns)
    {
        if (rows == 0 || columns == 0)
            return 0;
        Matrix<double> w = Matrix<double>.Build.DenseOfRowMajor(rows, columns, weights);
        Matrix<double> gram = rows <= columns ? w.TransposeAndMultiply(w) : w.TransposeThisAndMultiply(w);
        return (gram - Matrix<double>.Build.DenseIdentity(gram.RowCount)).L2Norm();
    }
}
