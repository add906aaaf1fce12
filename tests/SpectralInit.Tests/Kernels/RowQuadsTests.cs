using SpectralInit.Kernels;

namespace SpectralInit.Tests;

public unsafe class RowQuadsTests
{
    // Rows farther apart than the columns that count, for every rest beside whole SIMD widths, one and two at a time.
    [Fact]
    public void Products_are_added_to_what_is_there()
    {
        for (int columns = 0; columns <= 70; columns++)
        {
            int stride = columns + 3;
            double[] x = Draw(4 * stride, 1), y = Draw(4 * stride, 2), products = Draw(16, 3), before = [.. products];
            fixed (double* px = x, py = y, p = products)
                RowQuads.AddProducts(px, py, stride, columns, p);
            for (int i = 0; i < 16; i++)
            {
                double sum = before[i];
                for (int k = 0; k < columns; k++)
                    sum += x[(i / 4 * stride) + k] * y[(i % 4 * stride) + k];
                products[i].Should().BeApproximately(sum, 1e-13, "columns {0}, product {1}", columns, i);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(12)]
    public void Combinations_replace_rows_they_are_made_of_and_nothing_else(int count)
    {
        const int Ld = 8;
        for (int columns = 0; columns <= 70; columns++)
        {
            int stride = columns + 3, first = Math.Max(0, count - 4) * stride;
            double[] rows = Draw(Math.Max(4, count) * stride, 4), before = [.. rows], coefficients = Draw(count * Ld, 5);
            fixed (double* r = rows, c = coefficients)
                RowQuads.Combine(r, count, stride, columns, c, Ld, r + first);
            for (int i = 0; i < rows.Length; i++)
            {
                int column = i % stride, target = (i - first) / stride;
                double expected = before[i];
                if (i >= first && column < columns)
                {
                    expected = 0;
                    for (int k = 0; k < count; k++)
                        expected += coefficients[(k * Ld) + target] * before[(k * stride) + column];
                }

                rows[i].Should().BeApproximately(expected, 1e-13, "columns {0}, value {1}", columns, i);
            }
        }
    }

    private static double[] Draw(int count, ulong seed)
    {
        double[] values = new double[count];
        RandomFill.Normal<double>(values, 0, 1, seed);
        return values;
    }
}
