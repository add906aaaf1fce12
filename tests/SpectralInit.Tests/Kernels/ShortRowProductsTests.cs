using System.Numerics;
using SpectralInit.Kernels;

namespace SpectralInit.Tests.Kernels;

/// <summary>Small whole numbers, of which every product and sum is exact: every pair of columns must be there once, whatever vectors they fall into.</summary>
public class ShortRowProductsTests
{
    public static TheoryData<int> Columns => [.. Enumerable.Range(1, 50), 63, 64, 65, 79, 80, 81, 95, 96, 97, 111, 112, 113, 127, 128];

    [Theory]
    [MemberData(nameof(Columns))]
    public void Every_pair_of_columns_is_multiplied_once(int d)
    {
        foreach (int rows in new[] { 1, 2, 3, 15, 16, 17, 127, 128, 129, 300 })
        {
            Multiply<float>(rows, d);
            Multiply<double>(rows, d);
        }
    }

    [Theory]
    [MemberData(nameof(Columns))]
    public void Means_and_extremes_are_those_of_the_columns(int d)
    {
        foreach (int rows in new[] { 1, 2, 17, 64, 300 })
        {
            Summarize<float>(rows, d);
            Summarize<double>(rows, d);
        }
    }

    private static unsafe void Multiply<T>(int rows, int d)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int order = Lane.Pad(d);
        int[] x = Values(rows, d), center = [.. Enumerable.Range(0, d).Select(j => j % 3)];
        double[] products = new double[order * order], sums = new double[order], expected = new double[d];
        fixed (T* px = Array.ConvertAll(x, T.CreateChecked), pc = Array.ConvertAll(center, T.CreateChecked))
        {
            using ShortRowProducts<T> kernel = ShortRowProducts<T>.Of(d);
            fixed (double* p = products, s = sums)
            {
                // Twice, for what a first time might leave behind.
                kernel.Multiply(px, rows, pc, p, s);
                kernel.Multiply(px, rows, pc, p, s);
            }
        }

        for (int i = 0; i < d; i++)
        {
            for (int j = i; j < d; j++)
            {
                long product = 0;
                for (int row = 0; row < rows; row++)
                    product += (x[(row * d) + i] - center[i]) * (x[(row * d) + j] - center[j]);
                expected[j] = product;
            }

            products.AsSpan((i * order) + i, d - i).SequenceEqual(expected.AsSpan(i)).Should().BeTrue($"{rows} × {d} of {typeof(T).Name}, row {i}");
            expected[i] = Enumerable.Range(0, rows).Sum(row => x[(row * d) + i] - center[i]);
            sums[i].Should().Be(expected[i]);
        }

        sums.AsSpan(d).IndexOfAnyExcept(0).Should().Be(-1);
    }

    private static unsafe void Summarize<T>(int rows, int d)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] x = Values(rows, d);
        double[] means = new double[d], low = new double[d], high = new double[d];
        fixed (T* px = Array.ConvertAll(x, T.CreateChecked))
        fixed (double* m = means, l = low, h = high)
        {
            using ShortRowProducts<T> kernel = ShortRowProducts<T>.Of(d);
            kernel.Summarize(px, rows, m, l, h);
        }

        for (int j = 0; j < d; j++)
        {
            int[] column = [.. Enumerable.Range(0, rows).Select(row => x[(row * d) + j])];
            means[j].Should().BeApproximately(column.Average(), 1e-5);
            (low[j], high[j]).Should().Be((column.Min(), column.Max()));
        }
    }

    private static int[] Values(int rows, int d)
    {
        Random random = new((1000 * d) + rows);
        return [.. Enumerable.Range(0, rows * d).Select(_ => random.Next(-5, 8))];
    }
}
