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
        float[] w = Matrix(rows, columns);
        double[] v = new double[GramProduct.Vectors * columns], z = [.. v.Select(_ => double.NaN)];
        RandomFill.Normal<double>(v, 0, 1, 2);
        double[] near = Copy(w, rows, columns, seed: 3);
        float largest;
        fixed (float* pw = w)
        fixed (double* pv = v, pz = z)
        {
            using QuantizedRows copy = new(pw, rows, columns, 3);
            largest = copy.Largest();
            foreach (bool backward in new[] { false, true })
            {
                copy.Multiply(pv, pz, backward);
                Distance(z, GramProductTests.Reference(near, rows, columns, v), 1).Should().BeLessThan(2e-6);
            }
        }

        largest.Should().BeApproximately(w.Max(Math.Abs), 1e-6f);
    }

    [Theory]
    [InlineData(40, 16)]
    [InlineData(33, 100)]
    [InlineData(64, 389)]
    public void Rounding_is_up_with_the_probability_of_what_is_cut_off(int rows, int columns)
    {
        if (!QuantizedRows.IsSupported)
            return;
        const int Copies = 400;
        float[] w = Matrix(rows, columns);
        double[] sums = new double[w.Length], squares = new double[w.Length];
        for (int seed = 0; seed < Copies; seed++)
        {
            double[] near = Copy(w, rows, columns, (ulong)seed);
            for (int i = 0; i < w.Length; i++)
            {
                double scale = Scale(w, i / columns, columns), error = scale == 0 ? w[i] : (w[i] - near[i]) / scale;
                Math.Abs(error).Should().BeLessThan(1 + (1.0 / 200));
                sums[i] += error;
                squares[i] += error * error;
            }
        }

        // With fraction f the error is f with probability 1 − f and f − 1 otherwise: mean 0, variance f(1 − f).
        double total = 0;
        for (int i = 0; i < w.Length; i++)
        {
            double scale = Scale(w, i / columns, columns), value = scale == 0 ? 0 : w[i] / scale, fraction = value - Math.Floor(value);
            total += sums[i];
            Math.Abs(sums[i] / Copies).Should().BeLessThan((6 * 0.5 / Math.Sqrt(Copies)) + (1.0 / 200));
            (squares[i] / Copies).Should().BeApproximately(fraction * (1 - fraction), 0.12);
        }

        Math.Abs(total / Copies / w.Length).Should().BeLessThan((6 * 0.5 / Math.Sqrt((double)Copies * w.Length)) + 1e-3, "means of all errors together are zero as well");
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 300)]
    [InlineData(300, 1)]
    [InlineData(211, 389)]
    [InlineData(1000, 70)]
    public void Errors_do_no_more_to_a_fixed_subspace_than_is_said(int rows, int columns)
    {
        if (!QuantizedRows.IsSupported)
            return;
        float[] w = Matrix(rows, columns);
        const int Copies = 60;
        int dimension = Math.Min(4, columns), wrong = 0;
        double largest = 0, bound = 0;
        for (int seed = 0; seed < Copies; seed++)
        {
            double[] near = Copy(w, rows, columns, (ulong)seed, out bound);
            double[] errors = [.. w.Zip(near, (exact, rounded) => exact - rounded)];

            // Coordinates, constants, alternating signs and a ramp span the subspace; its worst vector from the Gram matrix of the images.
            double[][] basis = Orthonormal([.. new Func<int, double>[] { j => j == 0 ? 1 : 0, _ => 1, j => 1 - (2 * (j % 2)), j => j }.Take(dimension).Select(f => Enumerable.Range(0, columns).Select(f).ToArray())]);
            double[][] images = [.. basis.Select(x => Enumerable.Range(0, rows).Select(i => Enumerable.Range(0, columns).Sum(j => errors[(i * columns) + j] * x[j])).ToArray())];
            double[] gram = [.. images.SelectMany(a => images.Select(b => a.Zip(b, (x, y) => x * y).Sum()))];
            double norm = Math.Sqrt(Math.Max(0, SymmetricEigen.Decompose(gram, basis.Length).Values[0]));
            largest = Math.Max(largest, norm);
            wrong += norm > bound ? 1 : 0;
        }

        wrong.Should().BeLessThanOrEqualTo(3);
        if (rows > 100 && columns > 1)
            largest.Should().BeGreaterThan(bound / 4, "the bound is not idle");
    }

    [Theory]
    [InlineData(5, 7)]
    [InlineData(7, 64)]
    [InlineData(8, 389)]
    public void The_copy_is_the_same_on_every_processor(int rows, int columns)
    {
        if (!QuantizedRows.IsSupported)
            return;
        float[] w = Matrix(rows, columns);
        double[] copy = Copy(w, rows, columns, seed: 9);

        // By the definition, entry by entry: sixteen words of random bits for 64 entries, a byte for each.
        int tiles = (columns + 255) / 256;
        uint[] bits = new uint[tiles * Philox.SingleTile];
        for (int i = 0; i < rows; i++)
        {
            fixed (uint* words = bits)
                Philox.Words(RandomPath.Portable, words, 9, 0, (ulong)(i * tiles), tiles);
            ReadOnlySpan<float> row = w.AsSpan(i * columns, columns);
            float largest = Math.Abs(System.Numerics.Tensors.TensorPrimitives.MaxMagnitude(row)), factor = largest == 0 ? 0 : short.MaxValue * 256 / largest;
            for (int j = 0; j < columns; j++)
            {
                int random = (int)(bits[(j / 64 * 16) + (j % 16)] >> (j / 16 % 4 * 8)) & 255;
                copy[(i * columns) + j].Should().Be((double)(largest / short.MaxValue) * (((int)MathF.Round(row[j] * factor) + random) >> 8));
            }
        }
    }

    [Fact]
    public void The_copy_is_the_same_on_any_number_of_threads()
    {
        if (!QuantizedRows.IsSupported)
            return;
        float[] w = Matrix(211, 389);
        double[][] copies = [.. new[] { 1, 2, 5 }.Select(threads =>
        {
            using IDisposable limit = Parallelism.Limit(threads);
            return Copy(w, 211, 389, 7);
        })];
        copies[1].Should().Equal(copies[0]);
        copies[2].Should().Equal(copies[0]);
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
            fixed (float* pw = w)
            {
                using QuantizedRows copy = new(pw, 7, 100, 0);
                float.IsFinite(copy.Largest()).Should().BeFalse();
            }
        }
    }

    // Normal entries; the first row is small and the last one zero.
    private static float[] Matrix(int rows, int columns)
    {
        float[] w = new float[rows * columns];
        RandomFill.Normal<float>(w, 0, 1, 1);
        for (int j = 0; j < columns; j++)
            w[j] *= 1e-3f;
        if (rows > 1)
            w.AsSpan((rows - 1) * columns).Clear();
        return w;
    }

    private static double Scale(float[] w, int row, int columns)
    {
        float scale = 0;
        foreach (float value in w.AsSpan(row * columns, columns))
            scale = Math.Max(scale, Math.Abs(value) / 32767);
        return scale;
    }

    private static double[] Copy(float[] w, int rows, int columns, ulong seed) => Copy(w, rows, columns, seed, out _);

    // W', and what its errors do to four dimensions, wrong for one copy in twenty at most.
    private static double[] Copy(float[] w, int rows, int columns, ulong seed, out double distance)
    {
        double[] near = new double[w.Length];
        fixed (float* pw = w)
        {
            using QuantizedRows copy = new(pw, rows, columns, seed);
            for (int i = 0; i < near.Length; i++)
                near[i] = copy[i / columns, i % columns];
            distance = copy.Distance(4, 0.05);
            copy.Distance(4, 1e-9).Should().BeGreaterThan(distance);
            copy.Distance(1, 0.05).Should().BeLessThan(distance);
        }

        return near;
    }

    private static double[][] Orthonormal(double[][] vectors)
    {
        for (int i = 0; i < vectors.Length; i++)
        {
            for (int pass = 0; pass < 2; pass++)
            {
                for (int k = 0; k < i; k++)
                {
                    double overlap = vectors[i].Zip(vectors[k], (x, y) => x * y).Sum();
                    vectors[i] = [.. vectors[i].Zip(vectors[k], (x, y) => x - (overlap * y))];
                }
            }

            double norm = Math.Sqrt(vectors[i].Sum(x => x * x));
            vectors[i] = [.. vectors[i].Select(x => norm > 1e-6 ? x / norm : 0)];
        }

        return vectors;
    }

    // Relative to what is expected, or to a floor where that is rounding itself.
    private static double Distance(double[] actual, double[] expected, double floor)
    {
        double norm = Math.Sqrt(expected.Sum(x => x * x));
        return Math.Sqrt(actual.Zip(expected, (x, y) => (x - y) * (x - y)).Sum()) / Math.Max(norm, floor);
    }
}
