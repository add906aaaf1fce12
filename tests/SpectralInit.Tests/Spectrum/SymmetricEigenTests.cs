using MathNet.Numerics.LinearAlgebra;

namespace SpectralInit.Tests.Spectrum;

public class SymmetricEigenTests
{
    public static TheoryData<int> Sizes => [1, 2, 3, 5, 20, 24, 25, 26, 31, 32, 33, 34, 63, 64, 65, 127, 128, 129, 255, 256, 257, 512];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Random_matrices_are_reconstructed_by_orthonormal_vectors(int n)
    {
        double[] matrix = TestMatrices.Uniform(n, seed: n);
        EigenPairs pairs = SymmetricEigen.Decompose(matrix, n);

        SymmetricEigenRatios.Reconstruction(matrix, n, pairs).Should().BeLessThan(10);
        SymmetricEigenRatios.Orthogonality(pairs).Should().BeLessThan(10);
        SymmetricEigenRatios.Residual(matrix, n, pairs).Should().BeLessThan(10);
        (pairs.Residuals.Max() / (n * SymmetricEigenRatios.Ulp * SymmetricEigenRatios.OneNorm(matrix, n))).Should().BeLessThan(10);
        pairs.Values.Should().BeInDescendingOrder();
        pairs.Fallbacks.Should().Be(0);
    }

    [Theory]
    [InlineData(33, 33)]
    [InlineData(130, 130)]
    [InlineData(257, 20)]
    public void Where_divide_and_conquer_does_not_converge_QL_takes_over(int n, int count)
    {
        double[] matrix = TestMatrices.Uniform(n, seed: n);
        EigenPairs pairs = DenseEigenSolver.Decompose(matrix, n, count, 1e-10, null, rootIterations: 1), usual = SymmetricEigen.Decompose(matrix, n, count);

        (pairs.Fallbacks, pairs.Method).Should().Be((1, EigenMethod.ImplicitQl));
        (usual.Fallbacks, usual.Method).Should().Be((0, EigenMethod.DivideAndConquer));
        SymmetricEigenRatios.Orthogonality(pairs).Should().BeLessThan(10);
        SymmetricEigenRatios.Residual(matrix, n, pairs).Should().BeLessThan(10);
        Distance(pairs.Values, usual.Values).Should().BeLessThan(10 * n * SymmetricEigenRatios.Ulp * usual.Values[0]);
    }

    [Theory]
    [InlineData(33)]
    [InlineData(200)]
    public void Where_divide_and_conquer_does_not_converge_QL_finds_the_values(int n)
    {
        double[] matrix = TestMatrices.Uniform(n, seed: n), usual = SymmetricEigen.Values(matrix, n);
        double[] values = DenseEigenSolver.Values(matrix, n, 1e-10, null, rootIterations: 1);

        values.Should().NotEqual(usual).And.BeInDescendingOrder();
        Distance(values, usual).Should().BeLessThan(10 * n * SymmetricEigenRatios.Ulp * usual[0]);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Values_agree_with_those_found_with_vectors_and_with_MathNet(int n)
    {
        double[] matrix = TestMatrices.Uniform(n, seed: 100 + n);
        double[] values = SymmetricEigen.Values(matrix, n);
        double[] reference = Matrix<double>.Build.Dense(n, n, (double[])matrix.Clone()).Evd(Symmetricity.Symmetric).EigenValues.Select(z => z.Real).Reverse().ToArray();

        double scale = Math.Max(Math.Abs(values[0]), Math.Abs(values[n - 1]));
        Distance(values, SymmetricEigen.Decompose(matrix, n).Values).Should().BeLessThan(10 * n * SymmetricEigenRatios.Ulp * scale);
        Distance(values, reference).Should().BeLessThan(20 * n * SymmetricEigenRatios.Ulp * scale);
    }

    [Fact]
    public void The_entry_of_largest_magnitude_is_positive()
    {
        EigenPairs pairs = SymmetricEigen.Decompose(TestMatrices.Uniform(40, seed: 3), 40);
        for (int i = 0; i < 40; i++)
        {
            double[] vector = pairs.Vector(i).ToArray();
            vector.Max().Should().BeGreaterThanOrEqualTo(-vector.Min());
        }
    }

    private static double Distance(double[] x, double[] y) => x.Zip(y, (a, b) => Math.Abs(a - b)).Max();
}
