using SpectralInit.Kernels;

namespace SpectralInit.Tests;

public unsafe class QuantizedRowsTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 15)]
    [InlineData(40, 16)]
    [InlineData(33, 100)]
    [InlineData(211, 389)]
    [InlineData(30, 9001)]
    public void Products_are_those_of_integers_times_the_scale_of_their_row(int rows, int columns)
    {
        if (!QuantizedRows.IsSupported)
            return;
        float[] w = new float[rows * columns];
        double[] v = new double[GramProduct.Vectors * columns], image = [.. v.Select(_ => double.NaN)], z = image[..(QuantizedGram.Vectors * columns)];
        RandomFill.Normal<float>(w, 0, 1, 1);
        RandomFill.Normal<double>(v, 0, 1, 2);
        for (int j = 0; j < columns; j++)
            w[j] *= 1e-3f;
        if (rows > 1)
            w.AsSpan((rows - 1) * columns).Clear();

        // Row i is s·q + e with s = max ÷ 32767 and q the nearest integers.
        double[] near = new double[w.Length], errors = new double[w.Length];
        for (int i = 0; i < rows; i++)
        {
            Span<float> row = w.AsSpan(i * columns, columns);
            float scale = 0;
            foreach (float value in row)
                scale = Math.Max(scale, Math.Abs(value) / 32767);
            for (int j = 0; j < columns; j++)
            {
                near[(i * columns) + j] = scale == 0 ? 0 : (double)scale * MathF.Round(row[j] * (1 / scale));
                errors[(i * columns) + j] = row[j] - near[(i * columns) + j];
                Math.Abs(errors[(i * columns) + j]).Should().BeLessThanOrEqualTo(0.51 * scale);
            }
        }

        float largest;
        fixed (float* pw = w)
        fixed (double* pv = v, pi = image, pz = z)
        {
            using QuantizedRows copy = new(pw, rows, columns, pv, pi);
            largest = copy.Largest();
            foreach (bool backward in new[] { false, true })
            {
                copy.Multiply(pv, pz, backward);
                Distance(z, GramProductTests.Reference(near, rows, columns, v[..z.Length]), 1).Should().BeLessThan(2e-6);
            }
        }

        largest.Should().BeApproximately(w.Max(Math.Abs), 1e-6f);
        Distance(image, GramProductTests.Reference(errors, rows, columns, v), 1e-9).Should().BeLessThan(2e-5, "errors are differences, rounded to float");
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void What_is_not_finite_shows_in_the_largest_magnitude(float value)
    {
        if (!QuantizedRows.IsSupported)
            return;
        foreach (int at in new[] { 0, 37, 99, 500, 699 })
        {
            float[] w = new float[700];
            w[at] = value;
            double[] v = new double[800], z = new double[800];
            fixed (float* pw = w)
            fixed (double* pv = v, pz = z)
            {
                using QuantizedRows copy = new(pw, 7, 100, pv, pz);
                float.IsFinite(copy.Largest()).Should().BeFalse();
            }
        }
    }

    // Relative to what is expected, or to a floor where that is rounding itself.
    private static double Distance(double[] actual, double[] expected, double floor)
    {
        double norm = Math.Sqrt(expected.Sum(x => x * x));
        return Math.Sqrt(actual.Zip(expected, (x, y) => (x - y) * (x - y)).Sum()) / Math.Max(norm, floor);
    }
}
