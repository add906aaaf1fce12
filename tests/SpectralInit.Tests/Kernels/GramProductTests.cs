using System.Numerics;
using SpectralInit.Kernels;

namespace SpectralInit.Tests;

public class GramProductTests
{
    public static TheoryData<int, int> Shapes
    {
        get
        {
            TheoryData<int, int> shapes = [];
            foreach (int rows in new[] { 1, 2, 7, 17, 33, 100, 270 })
            {
                foreach (int columns in new[] { 1, 7, 15, 16, 17, 33, 48, 95, 513, 1031 })
                    shapes.Add(rows, columns);
            }

            // More than the last cache is taken to keep: rows are fetched ahead.
            shapes.Add(3200, 1031);
            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_fused_product_equals_two_products_in_double(int rows, int columns)
    {
        double[] w = new double[rows * columns], v = new double[GramProduct.Vectors * columns];
        RandomFill.Normal<double>(w, 0, 1, 1);
        RandomFill.Normal<double>(v, 0, 1, 2);
        float[] narrow = [.. w.Select(value => (float)value)];
        foreach (bool backward in new[] { false, true })
        {
            double[] expected = Reference(w, rows, columns, v), rounded = Reference([.. narrow.Select(value => (double)value)], rows, columns, v);
            // Float sums run down one chain per lane; without vectors that is one chain in all.
            double single = System.Runtime.Intrinsics.Vector128.IsHardwareAccelerated ? 3e-6 : 1e-5;
            double scale = Math.Max(1, Math.Sqrt((double)rows * columns) + rows);
            Distance(Product<double, double>(w, rows, columns, v, backward), expected).Should().BeLessThan(1e-13 * scale);
            Distance(Product<float, double>(narrow, rows, columns, v, backward), rounded).Should().BeLessThan(1e-13 * scale);
            Distance(Product<float, float>(narrow, rows, columns, v, backward), rounded).Should().BeLessThan(single * scale);
        }
    }

    [Fact]
    public void The_same_bits_on_any_number_of_threads()
    {
        const int Rows = 211, Columns = 389;
        float[] w = new float[Rows * Columns];
        double[] v = new double[GramProduct.Vectors * Columns];
        RandomFill.Normal<float>(w, 0, 1, 3);
        RandomFill.Normal<double>(v, 0, 1, 4);
        double[][] results = [.. new[] { 1, 2, 3, 7 }.Select(threads =>
        {
            using IDisposable limit = Parallelism.Limit(threads);
            return Product<float, float>(w, Rows, Columns, v, backward: true);
        })];
        results.Should().AllSatisfy(result => result.AsSpan().SequenceEqual(results[0]).Should().BeTrue());
    }

    private static unsafe double[] Product<TData, T>(TData[] w, int rows, int columns, double[] v, bool backward)
        where TData : unmanaged, IBinaryFloatingPointIeee754<TData>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] z = [.. Enumerable.Repeat(double.NaN, v.Length)];
        fixed (TData* pw = w)
        fixed (double* pv = v, pz = z)
            GramProduct.Multiply<TData, T>(pw, rows, columns, pv, pz, backward);
        return z;
    }

    /// <summary>v·WᵀW for every row of v, by the definition.</summary>
    internal static double[] Reference(double[] w, int rows, int columns, double[] v)
    {
        double[] z = new double[v.Length];
        for (int i = 0; i < v.Length / columns; i++)
        {
            for (int r = 0; r < rows; r++)
            {
                double sum = 0;
                for (int c = 0; c < columns; c++)
                    sum += w[(r * columns) + c] * v[(i * columns) + c];
                for (int c = 0; c < columns; c++)
                    z[(i * columns) + c] += sum * w[(r * columns) + c];
            }
        }

        return z;
    }

    private static double Distance(double[] actual, double[] expected) => actual.Zip(expected, (x, y) => Math.Abs(x - y)).Max();
}
