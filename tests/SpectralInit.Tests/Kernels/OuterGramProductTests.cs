using System.Numerics;
using SpectralInit.Kernels;

namespace SpectralInit.Tests;

public class OuterGramProductTests
{
    public static TheoryData<int, int, int> Shapes
    {
        get
        {
            TheoryData<int, int, int> shapes = [];
            foreach (int rows in new[] { 1, 2, 23, 49, 100, 271 })
            {
                foreach (int columns in new[] { 1, 15, 16, 33, 48, 95, 513, 1031 })
                {
                    foreach (int count in new[] { 1, 8, 13, 16 })
                        shapes.Add(rows, columns, count);
                }
            }

            // Several blocks of columns.
            shapes.Add(8000, 431, 9);
            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_fused_product_equals_two_products_in_double(int rows, int columns, int count)
    {
        double[] w = new double[rows * columns], v = new double[count * rows];
        RandomFill.Normal<double>(w, 0, 1, 1);
        RandomFill.Normal<double>(v, 0, 1, 2);
        float[] narrow = [.. w.Select(value => (float)value)];
        (double[] image, double[] z) = Reference(w, rows, columns, count, v);
        (double[] narrowImage, double[] narrowZ) = Reference([.. narrow.Select(value => (double)value)], rows, columns, count, v);
        double scale = Math.Max(1, Math.Sqrt((double)rows * columns) + columns + rows), single = System.Runtime.Intrinsics.Vector128.IsHardwareAccelerated ? 3e-6 : 1e-5;
        (double[] image64, double[] z64) = Product(w, rows, columns, count, v);
        (double[] image32, double[] z32) = Product(narrow, rows, columns, count, v);
        Distance(z64, z).Should().BeLessThan(1e-13 * scale);
        Distance(image64, image).Should().BeLessThan(1e-13 * scale);
        Distance(z32, narrowZ).Should().BeLessThan(single * scale);
        Distance(image32, narrowImage).Should().BeLessThan(single * scale);
    }

    [Fact]
    public void The_same_bits_on_any_number_of_threads()
    {
        const int Rows = 3001, Columns = 1100, Count = 16;
        float[] w = new float[Rows * Columns];
        double[] v = new double[Count * Rows];
        RandomFill.Normal<float>(w, 0, 1, 3);
        RandomFill.Normal<double>(v, 0, 1, 4);
        double[][] results = [.. new[] { 1, 2, 3, 7 }.Select(threads =>
        {
            using IDisposable limit = Parallelism.Limit(threads);
            return Product(w, Rows, Columns, Count, v).Product;
        })];
        results.Should().AllSatisfy(result => result.AsSpan().SequenceEqual(results[0]).Should().BeTrue());
    }

    private static unsafe (double[] Image, double[] Product) Product<T>(T[] w, int rows, int columns, int count, double[] v)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] z = [.. Enumerable.Repeat(double.NaN, v.Length)], image = [.. Enumerable.Repeat(double.NaN, count * columns)];
        fixed (T* pw = w)
        fixed (double* pv = v, pz = z, pi = image)
            OuterGramProduct.Multiply(pw, rows, columns, count, pv, pz, pi);
        return (image, z);
    }

    private static (double[] Image, double[] Product) Reference(double[] w, int rows, int columns, int count, double[] v)
    {
        double[] image = new double[count * columns], z = new double[count * rows];
        for (int i = 0; i < count; i++)
        {
            for (int r = 0; r < rows; r++)
            {
                for (int c = 0; c < columns; c++)
                    image[(i * columns) + c] += v[(i * rows) + r] * w[(r * columns) + c];
            }

            for (int r = 0; r < rows; r++)
            {
                for (int c = 0; c < columns; c++)
                    z[(i * rows) + r] += image[(i * columns) + c] * w[(r * columns) + c];
            }
        }

        return (image, z);
    }

    private static double Distance(double[] actual, double[] expected) => actual.Zip(expected, (x, y) => Math.Abs(x - y)).Max();
}
