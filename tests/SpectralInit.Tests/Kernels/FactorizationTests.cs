using System.Numerics;
using MathNet.Numerics.LinearAlgebra;
using SpectralInit.Kernels;

namespace SpectralInit.Tests.Kernels;

public unsafe class FactorizationTests
{
    public static TheoryData<int> Sizes => [0, 1, 2, 3, 31, 32, 33, 63, 64, 65, 130, 200];

    public static TheoryData<int, int> Shapes => new() { { 0, 0 }, { 1, 0 }, { 1, 1 }, { 5, 1 }, { 3, 3 }, { 33, 32 }, { 64, 64 }, { 100, 65 }, { 300, 31 }, { 131, 131 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Cholesky_reproduces_the_matrix_and_solves(int n)
    {
        Matrix<double> a = PositiveDefinite(n);
        double[] l = RowMajor(a), b = Gaussian(n * 3, 7), x = [.. b];
        fixed (double* pl = l, px = x)
        {
            Cholesky.Factor(pl, n, n).Should().BeTrue();
            Cholesky.Solve(pl, n, n, px, 3, 3);
        }

        if (n == 0)
            return;
        Matrix<double> factor = FromRowMajor(l, n, n);
        factor.StrictlyUpperTriangle().FrobeniusNorm().Should().Be(0);
        ((factor * factor.Transpose()) - a).L1Norm().Should().BeLessThan(10 * n * Ulp(1.0) * a.L1Norm());
        Matrix<double> solution = FromRowMajor(x, n, 3);
        ((a * solution) - FromRowMajor(b, n, 3)).L1Norm().Should().BeLessThan(10 * n * Ulp(1.0) * a.L1Norm() * solution.L1Norm());
    }

    [Fact]
    public void Cholesky_refuses_what_is_not_positive_definite()
    {
        foreach (double bad in new[] { 0, -1, double.NaN, double.PositiveInfinity })
        {
            double[] a = [1, 0, 0, bad];
            fixed (double* p = a)
                Cholesky.Factor(p, 2, 2).Should().BeFalse($"pivot {bad}");
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Householder_qr_meets_the_lapack_ratios_in_double(int m, int n) => CheckQr<double>(m, n, 1, false);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Householder_qr_meets_the_lapack_ratios_in_single(int m, int n) => CheckQr<float>(m, n, 1, false);

    [Theory]
    [InlineData(1e-200)]
    [InlineData(1e200)]
    public void Householder_qr_is_safe_from_overflow(double scale) => CheckQr<double>(40, 35, scale, false);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Cholesky_qr_twice_meets_the_lapack_ratios(int m, int n) => CheckQr<double>(m, n, 1, true);

    [Fact]
    public void Householder_qr_of_a_rank_deficient_matrix_is_still_orthonormal()
    {
        double[] a = new double[40 * 20];
        for (int i = 0; i < 40; i++)
        {
            for (int j = 0; j < 20; j++)
                a[(i * 20) + j] = j < 5 ? 0 : i + 1;
        }

        fixed (double* p = a)
            QrFactorization.Householder(p, 40, 20, 20, null, 0);
        Orthonormality(a, 40, 20).Should().BeLessThan(10 * 40 * Ulp(1.0));
    }

    [Fact]
    public void Cholesky_qr_twice_says_when_it_cannot()
    {
        double[] a = new double[30 * 3];
        for (int i = 0; i < 30; i++)
            (a[i * 3], a[(i * 3) + 1], a[(i * 3) + 2]) = (1, i, 1 + i);
        fixed (double* p = a)
            QrFactorization.CholeskyTwice(p, 30, 3, 3, null, 0).Should().BeFalse();
    }

    private static void CheckQr<T>(int m, int n, double scale, bool cholesky)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] a = [.. Gaussian(m * n, 3).Select(x => T.CreateTruncating(x * scale))];
        T[] q = [.. a], r = new T[n * n];
        fixed (T* pq = q, pr = r)
        {
            if (cholesky)
                QrFactorization.CholeskyTwice(pq, m, n, n, pr, n).Should().BeTrue();
            else
                QrFactorization.Householder(pq, m, n, n, pr, n);
        }

        if (n == 0)
            return;
        double ulp = double.CreateTruncating(Ulp(T.One));
        Matrix<double> original = FromRowMajor([.. a.Select(double.CreateTruncating)], m, n) / scale;
        Matrix<double> left = FromRowMajor([.. q.Select(double.CreateTruncating)], m, n);
        Matrix<double> right = FromRowMajor([.. r.Select(double.CreateTruncating)], n, n) / scale;
        Orthonormality([.. q.Select(double.CreateTruncating)], m, n).Should().BeLessThan(10 * m * ulp);
        ((left * right) - original).L1Norm().Should().BeLessThan(10 * m * ulp * original.L1Norm());
        right.StrictlyLowerTriangle().FrobeniusNorm().Should().Be(0);
        right.Diagonal().Minimum().Should().BeGreaterThanOrEqualTo(0);
    }

    private static double Orthonormality(double[] q, int m, int n)
    {
        Matrix<double> matrix = FromRowMajor(q, m, n);
        return (matrix.TransposeThisAndMultiply(matrix) - Matrix<double>.Build.DenseIdentity(n)).L1Norm();
    }

    private static Matrix<double> PositiveDefinite(int n)
    {
        if (n == 0)
            return null!;
        Matrix<double> b = FromRowMajor(Gaussian(n * n, 5), n, n);
        return (b * b.Transpose()) + (0.1 * Matrix<double>.Build.DenseIdentity(n));
    }

    private static double[] Gaussian(int count, ulong seed)
    {
        double[] values = new double[count];
        RandomFill.Normal<double>(values, 0, 1, seed);
        return values;
    }

    private static Matrix<double> FromRowMajor(double[] values, int m, int n) => Matrix<double>.Build.DenseOfRowMajor(m, n, values);

    private static double[] RowMajor(Matrix<double>? a) => a is null ? [] : a.ToRowMajorArray();

    private static T Ulp<T>(T one)
        where T : IBinaryFloatingPointIeee754<T> => T.BitIncrement(one) - one;
}
