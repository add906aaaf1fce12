using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using SpectralInit.Kernels;

namespace SpectralInit.Tests.Kernels;

public class MatrixProductTests
{
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 1, 1, 1 }, { 1, 1, 700 }, { 3, 5, 7 }, { 8, 24, 16 }, { 8, 48, 256 }, { 9, 25, 17 }, { 17, 49, 300 }, { 31, 33, 257 },
        { 100, 50, 60 }, { 65, 70, 513 }, { 5, 1000, 3 }, { 1000, 3, 5 }, { 1, 4100, 2 }, { 1600, 9, 4 },
        { 5, 7, 4096 }, { 40, 30, 5003 }, { 1, 900, 1300 }, { 2500, 1, 90 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Products_are_the_sums_of_their_definition(int m, int n, int k)
    {
        foreach (bool transposeA in new[] { false, true })
        {
            foreach (bool transposeB in new[] { false, true })
            {
                foreach (double beta in new[] { 0, 1, -0.5 })
                {
                    Check<double>(transposeA, transposeB, m, n, k, 1.5, beta, 4e-16);
                    Check<float>(transposeA, transposeB, m, n, k, 1.5, beta, 2e-7);
                }
            }
        }
    }

    [Fact]
    public void Random_shapes_and_scalars_agree_with_the_definition() =>
        Prop.ForAll(
            Gen.Choose(0, 70).Three().ToArbitrary(),
            Gen.Choose(0, 11).Two().ToArbitrary(),
            (shape, options) =>
            {
                (int m, int n, int k) = shape;
                (int transposes, int scalars) = options;
                double alpha = (scalars % 3) - 1, beta = (scalars / 4) - 1;
                Check<double>((transposes & 1) != 0, (transposes & 2) != 0, m, n, k, alpha, beta, 4e-16);
                Check<float>((transposes & 1) != 0, (transposes & 2) != 0, m, n, k, alpha, beta, 2e-7);
            }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(700, 513, 300)]
    [InlineData(64, 1000, 600)]
    [InlineData(2000, 40, 70)]
    [InlineData(20, 30, 9001)]
    [InlineData(1, 1500, 400)]
    [InlineData(1500, 1, 400)]
    public unsafe void Bits_do_not_depend_on_threads(int m, int n, int k)
    {
        double[] a = Random<double>(m * k, 1), b = Random<double>(k * n, 2), first = [];
        foreach (int threads in new[] { 1, 2, 3, 7 })
        {
            double[] c = Random<double>(m * n, 3);
            using (Parallelism.Limit(threads))
            {
                fixed (double* pa = a, pb = b, pc = c)
                    MatrixProduct.Multiply(false, false, m, n, k, 1.0, pa, k, pb, n, 0.5, pc, n);
            }

            if (threads == 1)
                first = c;
            c.AsSpan().SequenceEqual(first).Should().BeTrue();
        }
    }

    [Fact]
    public unsafe void Not_a_number_in_an_operand_reaches_only_its_row_and_column()
    {
        double[] a = Random<double>(50 * 40, 1), b = Random<double>(40 * 60, 2), c = new double[50 * 60];
        a[(7 * 40) + 3] = double.NaN;
        fixed (double* pa = a, pb = b, pc = c)
            MatrixProduct.Multiply(false, false, 50, 60, 40, 1.0, pa, 40, pb, 60, 0.0, pc, 60);
        for (int i = 0; i < c.Length; i++)
            double.IsNaN(c[i]).Should().Be(i / 60 == 7);
    }

    // |computed − exact| ≤ (k + 4)·unit·(|α|·|A|·|B| + |β·C|), the bound of a sum in any order.
    private static unsafe void Check<T>(bool transposeA, bool transposeB, int m, int n, int k, double alpha, double beta, double unit)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int lda = (transposeA ? m : k) + 3, ldb = (transposeB ? k : n) + 1, ldc = n + 2;
        T[] a = Random<T>((transposeA ? k : m) * lda, 1), b = Random<T>((transposeB ? n : k) * ldb, 2), c = Random<T>(m * ldc, 3);
        if (beta == 0)
            Array.Fill(c, T.NaN);
        T[] before = [.. c];
        fixed (T* pa = a, pb = b, pc = c)
            MatrixProduct.Multiply(transposeA, transposeB, m, n, k, T.CreateChecked(alpha), pa, lda, pb, ldb, T.CreateChecked(beta), pc, ldc);
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < ldc; j++)
            {
                double old = double.CreateChecked(before[(i * ldc) + j]), actual = double.CreateChecked(c[(i * ldc) + j]);
                if (j >= n)
                {
                    if (!actual.Equals(old))
                        Assert.Fail($"Padding of row {i} was written.");
                    continue;
                }

                double sum = 0, size = 0;
                for (int p = 0; p < k; p++)
                {
                    double term = double.CreateChecked(transposeA ? a[(p * lda) + i] : a[(i * lda) + p]) * double.CreateChecked(transposeB ? b[(j * ldb) + p] : b[(p * ldb) + j]);
                    sum += term;
                    size += Math.Abs(term);
                }

                double expected = (alpha * sum) + (beta == 0 ? 0 : beta * old), bound = (k + 4) * unit * ((Math.Abs(alpha) * size) + (beta == 0 ? 0 : Math.Abs(beta * old)));
                if (!(Math.Abs(expected - actual) <= bound))
                    Assert.Fail($"{typeof(T).Name} {m}×{n}×{k} {transposeA} {transposeB} α={alpha} β={beta} [{i},{j}]: {actual}, expected {expected} ± {bound}.");
            }
        }
    }

    private static T[] Random<T>(int length, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Random random = new(seed);
        T[] values = new T[length];
        for (int i = 0; i < length; i++)
            values[i] = T.CreateTruncating(random.NextDouble() - 0.5);
        return values;
    }
}
