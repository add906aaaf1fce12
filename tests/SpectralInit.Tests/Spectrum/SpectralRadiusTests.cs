using System.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace SpectralInit.Tests;

public class SpectralRadiusTests
{
    private static double[] Transformed(double[] matrix, int n, int seed)
    {
        Matrix<double> similarity = Matrix<double>.Build.DenseOfRowMajor(n, n, GaussianMatrices.Draw(seed, n)).QR().Q;
        return (similarity * Matrix<double>.Build.DenseOfRowMajor(n, n, matrix) * similarity.Transpose()).ToRowMajorArray();
    }

    internal static double[] Jordan(int n, double value)
    {
        double[] matrix = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            matrix[(i * n) + i] = value;
            if (i + 1 < n)
                matrix[(i * n) + i + 1] = 1;
        }

        return matrix;
    }

    [Fact]
    public void A_thousand_gaussian_matrices_agree_with_numpy()
    {
        string[] golden = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Golden", "norms", "spectral_radius.txt"));
        golden.Should().HaveCount(1000);
        int pairs = 0;
        for (int m = 0; m < golden.Length; m++)
        {
            string[] fields = golden[m].Split(' ');
            int k = 2 + (m % 49);
            SpectralRadiusResult result = SpectralRadius.Of(GaussianMatrices.Draw(m, k), k);
            result.Value.Should().BeApproximately(double.Parse(fields[0]), 1e-8, "matrix {0} of size {1}", m, k);
            result.Residual.Should().BeLessThan(1e-13);
            result.Eigenvalues.Should().HaveCount(k);
            result.Dominant.Should().HaveCount(fields[1] == "pair" ? 2 : 1);
            pairs += result.Dominant.Length == 2 ? 1 : 0;
        }

        pairs.Should().BeGreaterThan(300, "complex dominant pairs are common");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(33)]
    [InlineData(120)]
    public void Eigenvalues_sum_to_the_trace_and_their_squares_to_the_trace_of_the_square(int n)
    {
        double[] matrix = GaussianMatrices.Draw(5000 + n, n);
        Matrix<double> a = Matrix<double>.Build.DenseOfRowMajor(n, n, matrix);
        SpectralRadiusResult result = SpectralRadius.Of(matrix, n);
        Complex sum = result.Eigenvalues.Aggregate(Complex.Zero, (s, v) => s + v), squares = result.Eigenvalues.Aggregate(Complex.Zero, (s, v) => s + (v * v));
        sum.Real.Should().BeApproximately(a.Trace(), 1e-12 * n * a.FrobeniusNorm());
        squares.Real.Should().BeApproximately((a * a).Trace(), 1e-12 * n * a.FrobeniusNorm() * a.FrobeniusNorm());
        sum.Imaginary.Should().Be(0);
    }

    [Fact]
    public void Triangular_matrices_are_read_off_exactly_and_nilpotent_ones_have_radius_zero()
    {
        int n = 40;
        double[] nilpotent = GaussianMatrices.Draw(1, n);
        for (int i = 0; i < n; i++)
            Array.Clear(nilpotent, i * n, i + 1);
        SpectralRadiusResult result = SpectralRadius.Of(nilpotent, n);
        result.Value.Should().Be(0);
        result.ErrorEstimate.Should().Be(0);
        result.MayBeZero.Should().BeTrue();

        // The same under a permutation, and with a diagonal.
        int[] order = [.. Enumerable.Range(0, n).OrderBy(i => (i * 17) % n)];
        double[] permuted = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                permuted[(i * n) + j] = nilpotent[(order[i] * n) + order[j]];
        }

        SpectralRadius.Of(permuted, n).Value.Should().Be(0);
        for (int i = 0; i < n; i++)
            permuted[(i * n) + i] = -i / 3.0;
        SpectralRadius.Of(permuted, n).Value.Should().Be(13);
        SpectralRadius.Of(permuted, n).Dominant.Should().Equal(new Complex(-13, 0));
    }

    [Theory]
    [InlineData(2, 1e-7)]
    [InlineData(4, 3e-3)]
    [InlineData(6, 3e-2)]
    public void A_hidden_jordan_block_is_as_right_as_its_conditioning_allows_and_says_so(int n, double bound)
    {
        SpectralRadiusResult defective = SpectralRadius.Of(Transformed(Jordan(n, 1), n, 77), n);
        double error = Math.Abs(defective.Value - 1);
        error.Should().BeLessThan(bound, "ε^(1/{0}) is the perturbation of an {0}-fold defective eigenvalue", n);
        error.Should().BeLessThan(Math.Max(100 * defective.ErrorEstimate, 1e-14));
        defective.Residual.Should().BeLessThan(1e-14);

        SpectralRadiusResult nilpotent = SpectralRadius.Of(Transformed(Jordan(n, 0), n, 78), n);
        nilpotent.Value.Should().BeLessThan(bound);
        nilpotent.ErrorEstimate.Should().BeGreaterThan(nilpotent.Value / 100, "the estimate shows that the value is mostly rounding");
    }

    [Fact]
    public void Pairs_are_all_reported()
    {
        SpectralRadius.Of([0, 4.0, 1, 0], 2).Dominant.Should().Equal(new Complex(2, 0), new Complex(-2, 0));
        SpectralRadius.Of([0, -4.0, 1, 0], 2).Dominant.Should().Equal(new Complex(0, 2), new Complex(0, -2));

        // A cyclic permutation: all n-th roots of one.
        double[] cycle = new double[81];
        for (int i = 0; i < 9; i++)
            cycle[(i * 9) + ((i + 1) % 9)] = 1;
        SpectralRadiusResult roots = SpectralRadius.Of(cycle, 9);
        roots.Dominant.Should().HaveCount(9);
        roots.Value.Should().BeApproximately(1, 1e-14);
    }

    [Theory]
    [InlineData(1e-200)]
    [InlineData(1e200)]
    [InlineData(1e-310)]
    public void Scale_does_not_matter(double scale)
    {
        double[] matrix = GaussianMatrices.Draw(3, 12);
        double expected = SpectralRadius.Of(matrix, 12).Value;
        double[] scaled = [.. matrix.Select(value => value * scale)];
        double tolerance = scale < 1e-300 ? 1e-10 : 1e-13;
        (SpectralRadius.Of(scaled, 12).Value / scale / expected).Should().BeApproximately(1, tolerance);
        SpectralRadiusResult arnoldi = SpectralRadius.Of(scaled, 12, new() { Method = SpectralRadiusMethod.Arnoldi });
        (arnoldi.Value / scale / expected).Should().BeApproximately(1, Math.Max(tolerance, 1e-9));
    }

    [Fact]
    public void Badly_scaled_matrices_are_balanced()
    {
        // D·A·D⁻¹ with D = 10^(−9 … 9): the eigenvalues of A.
        int n = 19;
        double[] matrix = GaussianMatrices.Draw(4, n);
        double expected = SpectralRadius.Of(matrix, n).Value;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                matrix[(i * n) + j] *= Math.Pow(10, i - j);
        }

        (SpectralRadius.Of(matrix, n).Value / expected).Should().BeApproximately(1, 1e-12);
    }

    [Fact]
    public void Mathnet_matrices_floats_and_operators_give_the_same_radius()
    {
        float[] floats = [.. GaussianMatrices.Draw(31, 9).Select(value => (float)value)];
        Matrix<float> single = Matrix<float>.Build.DenseOfRowMajor(9, 9, floats);
        double expected = SpectralRadius.Of(single.ToDouble()).Value;
        SpectralRadius.Of(floats, 9).Value.Should().Be(expected);
        SpectralRadius.Of(single).Value.Should().Be(expected);
        SpectralRadius.Of(new DenseOperator(single.ToDouble())).Value.Should().Be(expected);
    }

    [Theory]
    [InlineData(1e-140)]
    [InlineData(1e-160)]
    [InlineData(1e-170)]
    [InlineData(1e-200)]
    [InlineData(1e-310)]
    public void Entries_below_the_diagonal_whose_squares_vanish_leave_the_radius(double size)
    {
        // Upper triangular with 1 … 6 on the diagonal, but for entries too small to count.
        const int N = 6;
        double[] matrix = new double[N * N];
        for (int i = 0; i < N; i++)
        {
            for (int j = 0; j < N; j++)
                matrix[(i * N) + j] = j >= i ? 1 + i : size * (i + j + 1);
        }

        SpectralRadiusResult result = SpectralRadius.Of(matrix, N);

        result.Value.Should().BeApproximately(N, 1e-11);
        result.Converged.Should().BeTrue();
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        Action[] calls =
        [
            () => SpectralRadius.Of(new double[6], 2),
            () => SpectralRadius.Of(new double[4], -2),
            () => SpectralRadius.Of([1, double.NaN, 0, 1], 2),
            () => SpectralRadius.Of([1, 0, double.PositiveInfinity, 1], 2),
            () => SpectralRadius.Of(Matrix<double>.Build.Dense(2, 3)),
            () => SpectralRadius.Of((Matrix<double>)null!),
            () => SpectralRadius.Of(new float[3], 2),
            () => SpectralRadius.Of(new double[4], 2, new() { Tolerance = 0 }),
            () => SpectralRadius.Of(new double[4], 2, new() { BasisSize = 2 }),
        ];
        string[] parameters = ["matrix", "dimension", "matrix", "matrix", "matrix", "matrix", "matrix", "Tolerance", "BasisSize"];
        for (int i = 0; i < calls.Length; i++)
            calls[i].Should().Throw<ArgumentException>().Which.ParamName.Should().Be(parameters[i], "call {0}", i);
    }
}
