using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit.Tests.Spectrum;

public class SingularValueDecompositionTests
{
    private const double Ulp = 2.220446049250313e-16;

    public static TheoryData<int, int, double> Shapes => new()
    {
        { 0, 0, 1 }, { 0, 3, 1 }, { 1, 1, 1 }, { 1, 5, 1 }, { 5, 1, 1e200 }, { 7, 7, 1e-200 }, { 30, 11, 1 }, { 11, 30, 1 }, { 64, 65, 1e150 }, { 120, 90, 1 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Triples_are_orthonormal_descending_and_reconstruct_the_matrix(int rows, int columns, double scale)
    {
        double[] a = new double[rows * columns];
        RandomFill.Normal<double>(a, 0, scale, 5);
        Check(a, rows, columns, SingularValueDecomposition.Decompose(a, rows, columns));
    }

    [Fact]
    public void Rank_deficient_zero_and_repeated_matrices_have_full_orthonormal_vectors()
    {
        double[] rankOne = [1, 2, 3, 2, 4, 6, 3, 6, 9, 4, 8, 12];
        SingularTriples one = SingularValueDecomposition.Decompose(rankOne, 4, 3);
        one.Values[0].Should().BeApproximately(Math.Sqrt(30 * 14), 1e-12);
        one.Values[1].Should().BeLessThan(1e-14);
        Check(rankOne, 4, 3, one);
        Check(new double[12], 3, 4, SingularValueDecomposition.Decompose(new double[12], 3, 4));
        double[] identity = [1, 0, 0, 0, 1, 0, 0, 0, 1];
        Check(identity, 3, 3, SingularValueDecomposition.Decompose(identity, 3, 3));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(200)]
    public void Values_of_which_rounding_leaves_nothing_are_zero_at_once(int n)
    {
        // Seven different rows and columns, over and over.
        double[] circulant = [.. Enumerable.Range(0, n * n).Select(k => (double)(((k / n) + (k % n)) % 7))];
        SingularTriples svd = SingularValueDecomposition.Decompose(circulant, n, n);
        svd.Values.Count(value => value > 0).Should().Be(7);
        svd.Iterations.Should().BeLessThanOrEqualTo(4);
        Check(circulant, n, n, svd);
    }

    [Theory]
    [InlineData(1, 15)]
    [InlineData(4, 15)]
    [InlineData(10, 13)]
    [InlineData(0.1, 150)]
    public void Small_singular_values_of_a_graded_matrix_keep_their_relative_accuracy(double digits, int n)
    {
        // Powers of ten times an orthogonal matrix: singular values are the powers, which the Gram matrix alone would lose below 1e-8.
        double[] draws = new double[n * n];
        RandomFill.Normal<double>(draws, 0, 1, 9);
        double[] basis = SingularValueDecomposition.Decompose(draws, n, n).RightVectors;
        double[] graded = [.. basis.Select((value, i) => value * Math.Pow(10, -digits * (i / n)))];
        double[] values = SingularValueDecomposition.Decompose(graded, n, n).Values;
        for (int i = 0; i < n; i++)
            (values[i] / Math.Pow(10, -digits * i)).Should().BeApproximately(1, 1e-12);
    }

    [Theory]
    [InlineData(1e-6)]
    [InlineData(1e-12)]
    public void A_small_difference_of_long_rows_is_not_taken_for_rounding(double difference)
    {
        // Rows of two kinds, half of which differ from their fellow in one entry: singular values √2 + and difference/√2 to first order.
        int n = 100;
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            a[(i * n) + (i / 2)] = 1;
            a[(i * n) + (n / 2) + (i / 2)] = i % 2 == 0 ? 0 : difference;
        }

        double[] values = SingularValueDecomposition.Decompose(a, n, n).Values;
        for (int i = 0; i < n; i++)
            (values[i] / (i < n / 2 ? Math.Sqrt(2) : difference / Math.Sqrt(2))).Should().BeApproximately(1, (difference * difference) + (1e-15 / difference) + 1e-14);
    }

    [Fact]
    public void Values_agree_with_MathNet()
    {
        double[] a = new double[40 * 25];
        RandomFill.Normal<double>(a, 0, 1, 11);
        double[] expected = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfRowMajor(40, 25, a).Svd(false).S.ToArray();
        double[] actual = SingularValueDecomposition.Decompose(a, 40, 25).Values;
        for (int i = 0; i < 25; i++)
            actual[i].Should().BeApproximately(expected[i], 1e-12 * expected[0]);
    }

    [Fact]
    public void Values_that_are_not_finite_are_refused()
    {
        FluentActions.Invoking(() => SingularValueDecomposition.Decompose([1, double.NaN], 1, 2)).Should().Throw<ArgumentException>().WithParameterName("matrix").WithMessage("*column 1*");
        FluentActions.Invoking(() => SingularValueDecomposition.Decompose([1, 2, 3], 2, 2)).Should().Throw<ArgumentException>().WithParameterName("matrix");
        FluentActions.Invoking(() => SingularValueDecomposition.Decompose([], -1, 2)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("rows");
    }

    private static void Check(double[] a, int rows, int columns, SingularTriples svd)
    {
        int count = Math.Min(rows, columns);
        svd.Count.Should().Be(count);
        svd.Values.Should().BeInDescendingOrder();
        double bound = 20 * Ulp * Math.Max(rows, columns);
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double expected = i == j ? 1 : 0;
                TensorPrimitives.Dot(svd.LeftVector(i), svd.LeftVector(j)).Should().BeApproximately(expected, bound);
                TensorPrimitives.Dot(svd.RightVector(i), svd.RightVector(j)).Should().BeApproximately(expected, bound);
            }

            svd.Residuals[i].Should().BeLessThanOrEqualTo(bound * svd.Values[0]);
        }

        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                double sum = 0;
                for (int i = 0; i < count; i++)
                    sum += svd.Values[i] * svd.LeftVector(i)[r] * svd.RightVector(i)[c];
                sum.Should().BeApproximately(a[(r * columns) + c], bound * (count == 0 ? 1 : svd.Values[0]));
            }
        }
    }
}
