using System.Globalization;
using SpectralInit.Kernels;

namespace SpectralInit.Tests.Kernels;

public unsafe class RandomFillTests
{
    // Known answers of Random123, kat_vectors: philox4x32 10.
    [Theory]
    [InlineData(0UL, 0UL, 0UL, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(0xffffffffffffffffUL, 0xffffffffffffffffUL, 0xffffffffffffffffUL, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x85a308d3243f6a88UL, 0x0370734413198a2eUL, 0x299f31d0a4093822UL, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Philox_gives_the_published_answers(ulong block, ulong stream, ulong seed, uint x0, uint x1, uint x2, uint x3) =>
        Philox.Block(seed, stream, block).Should().Be((x0, x1, x2, x3));

    [Fact]
    public void Fills_equal_the_reference_written_from_the_specification()
    {
        int lines = 0;
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Golden", "Random", "fills.txt")))
        {
            string[] parts = line.Split(' ');
            double a = double.Parse(parts[2], CultureInfo.InvariantCulture), b = double.Parse(parts[3], CultureInfo.InvariantCulture);
            ulong seed = ulong.Parse(parts[4], CultureInfo.InvariantCulture), stream = ulong.Parse(parts[5], CultureInfo.InvariantCulture);
            long offset = long.Parse(parts[6], CultureInfo.InvariantCulture);
            float[] singles = new float[70];
            double[] doubles = new double[70];
            if (parts[0] == "normal")
            {
                RandomFill.Normal<float>(singles, a, b, seed, stream, offset);
                RandomFill.Normal<double>(doubles, a, b, seed, stream, offset);
            }
            else
            {
                RandomFill.Uniform<float>(singles, a, b, seed, stream, offset);
                RandomFill.Uniform<double>(doubles, a, b, seed, stream, offset);
            }

            IEnumerable<string> bits = parts[1] == "float32"
                ? singles.Select(x => BitConverter.SingleToUInt32Bits(x).ToString("x", CultureInfo.InvariantCulture))
                : doubles.Select(x => BitConverter.DoubleToUInt64Bits(x).ToString("x", CultureInfo.InvariantCulture));
            bits.Should().Equal(parts[7..], line[..40]);
            lines++;
        }

        lines.Should().Be(16);
    }

    [Theory]
    [InlineData(512)]
    [InlineData(256)]
    public void Vector_paths_give_the_bits_of_the_portable_one(int bits)
    {
        RandomPath path = bits == 512 ? RandomPath.Bits512 : RandomPath.Bits256;
        if (path > RandomPaths.Best)
            return;
        TruncatedNormalTails symmetric = TruncatedNormalTails.Of(-2, 2), skewed = TruncatedNormalTails.Of(-0.3, 7), tail = TruncatedNormalTails.Of(6, 25);
        Same(new NormalDraw<float>(0.5f, 3), path, 300_000);
        Same(new NormalDraw<double>(0.5, 3), path, 100_000);
        Same(new UniformDraw<float>(1, 3, -2, 4), path, 300_000);
        Same(new UniformDraw<double>(1, 3, -2, 4), path, 100_000);
        foreach (TruncatedNormalTails tails in new[] { symmetric, skewed, TruncatedNormalTails.Of(double.NegativeInfinity, double.PositiveInfinity) })
            Same(new TruncatedNormalDraw<float>(tails, 0.1, 2, -50, 50), path, 300_000);
        foreach (TruncatedNormalTails tails in new[] { symmetric, skewed, tail })
            Same(new TruncatedNormalDraw<double>(tails, 0.1, 2, -50, 60), path, 100_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Fills_do_not_depend_on_threads_or_on_how_they_are_cut(int threads)
    {
        CheckCuts<float>(threads);
        CheckCuts<double>(threads);
        CheckCuts<Half>(threads);
    }

    [Fact]
    public void Half_is_the_float_stream_rounded()
    {
        const int Count = 5000;
        Half[] halves = new Half[Count];
        float[] singles = new float[Count];
        RandomFill.Normal<Half>(halves, 1, 2, 5, 6, 7);
        RandomFill.Normal<float>(singles, 1, 2, 5, 6, 7);
        halves.SequenceEqual(singles.Select(x => (Half)x)).Should().BeTrue();
        RandomFill.TruncatedNormal<Half>(halves, 1, 2, -1, 4, 5, 6, 7);
        RandomFill.TruncatedNormal<float>(singles, 1, 2, -1, 4, 5, 6, 7);
        halves.SequenceEqual(singles.Select(x => (Half)x)).Should().BeTrue();
    }

    [Fact]
    public void Seed_and_stream_all_64_bits_count()
    {
        double[] reference = new double[8], other = new double[8];
        RandomFill.Uniform<double>(reference, 0, 1, 0, 0);
        for (int bit = 0; bit < 64; bit++)
        {
            RandomFill.Uniform<double>(other, 0, 1, 1UL << bit, 0);
            other.Should().NotEqual(reference);
            RandomFill.Uniform<double>(other, 0, 1, 0, 1UL << bit);
            other.Should().NotEqual(reference);
        }
    }

    [Fact]
    public void Uniform_draws_stay_below_the_upper_bound_and_symmetric_ones_inside()
    {
        float[] values = new float[1 << 20];
        float one = 1 + 1.2e-7f;
        RandomFill.Uniform<float>(values, 1, one, 1);
        values.All(x => x == 1).Should().BeTrue();
        foreach (float bound in new[] { 1f, 1.0000001f, 1.9999999f, 0.1f })
        {
            RandomFill.Uniform<float>(values, -bound, bound, 1);
            values.Max().Should().BeLessThan(bound).And.BeGreaterThan(0.9999f * bound);
            values.Min().Should().BeGreaterThan(-bound).And.BeLessThan(-0.9999f * bound);
        }

        double[] huge = new double[1000];
        RandomFill.Uniform<double>(huge, -double.MaxValue, double.MaxValue, 1);
        huge.Should().OnlyContain(x => double.IsFinite(x));
        huge.Max(Math.Abs).Should().BeGreaterThan(1e308);
    }

    [Theory]
    [InlineData(-2, 2)]
    [InlineData(-1, 3)]
    [InlineData(-0.1, 0.1)]
    [InlineData(4, 5)]
    [InlineData(-12, -9)]
    [InlineData(-100, 100)]
    [InlineData(0, double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity, -3)]
    [InlineData(double.NegativeInfinity, double.PositiveInfinity)]
    public void Truncated_draws_are_strictly_inside_and_follow_the_distribution(double a, double b)
    {
        const double Mean = 3, Deviation = 0.5;
        double low = Mean + (Deviation * a), high = Mean + (Deviation * b);
        double[] doubles = new double[200_000];
        RandomFill.TruncatedNormal<double>(doubles, Mean, Deviation, low, high, 11);
        doubles.Min().Should().BeGreaterThan(low);
        doubles.Max().Should().BeLessThan(high);
        float[] singles = new float[200_000];
        RandomFill.TruncatedNormal<float>(singles, Mean, Deviation, low, high, 12);
        singles.Min().Should().BeGreaterThan((float)low);
        singles.Max().Should().BeLessThan((float)high);
        Func<double, double> truncated = Distribution.TruncatedNormalCdf(a, b);
        double Cdf(double x) => truncated((x - Mean) / Deviation);
        Distribution.KolmogorovSmirnov(doubles, Cdf).Should().BeGreaterThan(1e-4);
        Distribution.KolmogorovSmirnov([.. singles.Select(x => (double)x)], Cdf).Should().BeGreaterThan(1e-4);
    }

    [Fact]
    public void Truncation_far_from_the_deviation_leaves_no_outliers()
    {
        float[] values = new float[1 << 21];
        RandomFill.TruncatedNormal<float>(values, 0, 0.002, -2, 2, 3);
        values.Max(Math.Abs).Should().BeLessThan(6.5f * 0.002f);
        double[] doubles = new double[1 << 19];
        RandomFill.TruncatedNormal<double>(doubles, 0, 0.002, -2, 2, 3);
        doubles.Max(Math.Abs).Should().BeLessThan(8.6 * 0.002);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Normal_draws_have_the_moments_and_the_tails_of_a_normal(bool inFloat)
    {
        const int Count = 1 << 22;
        double[] z = new double[Count];
        if (inFloat)
        {
            float[] values = new float[Count];
            RandomFill.Normal<float>(values, 0, 1, 21);
            z = [.. values.Select(x => (double)x)];
        }
        else
        {
            RandomFill.Normal<double>(z, 0, 1, 21);
        }

        // Moment m has variance E z^2m − (E z^m)².
        double[] expected = [0, 1, 0, 3, 0, 15], variance = [1, 2, 15, 96, 945, 10170];
        for (int m = 1; m <= 6; m++)
        {
            double score = (z.Average(x => Math.Pow(x, m)) - expected[m - 1]) / Math.Sqrt(variance[m - 1] / Count);
            Math.Abs(score).Should().BeLessThan(4.5, $"moment {m}");
        }

        foreach (double beyond in new[] { 3.0, 4, 4.5 })
        {
            double mean = 2 * Count * NormalTail.Upper(beyond);
            Math.Abs(z.Count(x => Math.Abs(x) > beyond) - mean).Should().BeLessThan(4.5 * Math.Sqrt(mean), $"beyond {beyond}");
        }

        // Neighbours in memory, the two halves of a Box–Muller pair, and neighbouring tiles are uncorrelated, and so are their squares.
        foreach (int lag in new[] { 1, 8, 16, 64 })
        {
            double sum = 0, squares = 0;
            for (int i = 0; i + lag < Count; i++)
            {
                sum += z[i] * z[i + lag];
                squares += ((z[i] * z[i]) - 1) * ((z[i + lag] * z[i + lag]) - 1);
            }

            Math.Abs(sum / Math.Sqrt(Count)).Should().BeLessThan(4.5, $"lag {lag}");
            Math.Abs(squares / (2 * Math.Sqrt(Count))).Should().BeLessThan(4.5, $"squares at lag {lag}");
        }
    }

    [Theory]
    [InlineData(0.0, 0.5)]
    [InlineData(1.0, 0.15865525393145705141)]
    [InlineData(1.96, 0.024997895148220435)]
    [InlineData(2.0, 0.02275013194817920720)]
    [InlineData(5.0, 2.8665157187919391167e-7)]
    [InlineData(10.0, 7.6198530241605260660e-24)]
    [InlineData(30.0, 4.9067139271481873e-198)]
    [InlineData(-1.0, 0.84134474606854294859)]
    public void The_normal_tail_is_accurate(double x, double expected) => (NormalTail.Upper(x) / expected).Should().BeApproximately(1, 5e-14);

    [Fact]
    public void The_variance_of_a_truncated_normal_is_exact()
    {
        // scipy.stats.truncnorm; the first is the constant of variance scaling.
        Math.Sqrt(NormalTail.Truncated(-2, 2).Variance).Should().BeApproximately(0.87962566103423978, 1e-15);
        (double mean, double variance) = NormalTail.Truncated(0, double.PositiveInfinity);
        mean.Should().BeApproximately(Math.Sqrt(2 / Math.PI), 1e-14);
        variance.Should().BeApproximately(1 - (2 / Math.PI), 1e-14);
        NormalTail.Truncated(-1e-3, 1e-3).Variance.Should().BeApproximately(1e-6 / 3, 1e-12);
    }

    private static void Same(NormalDraw<float> draw, RandomPath path, int count) => SameBits<float, NormalDraw<float>>(draw, path, count);

    private static void Same(NormalDraw<double> draw, RandomPath path, int count) => SameBits<double, NormalDraw<double>>(draw, path, count);

    private static void Same(UniformDraw<float> draw, RandomPath path, int count) => SameBits<float, UniformDraw<float>>(draw, path, count);

    private static void Same(UniformDraw<double> draw, RandomPath path, int count) => SameBits<double, UniformDraw<double>>(draw, path, count);

    private static void Same(TruncatedNormalDraw<float> draw, RandomPath path, int count) => SameBits<float, TruncatedNormalDraw<float>>(draw, path, count);

    private static void Same(TruncatedNormalDraw<double> draw, RandomPath path, int count) => SameBits<double, TruncatedNormalDraw<double>>(draw, path, count);

    private static void SameBits<T, TDraw>(TDraw draw, RandomPath path, int count)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        where TDraw : struct, IDraw<T>
    {
        T[] portable = new T[count], vector = new T[count];
        RandomFill.Fill(portable, draw, 3, 4, 5, RandomPath.Portable);
        RandomFill.Fill(vector, draw, 3, 4, 5, path);
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(vector.AsSpan())
            .SequenceEqual(System.Runtime.InteropServices.MemoryMarshal.AsBytes(portable.AsSpan())).Should().BeTrue(typeof(TDraw).ToString());
    }

    private static void CheckCuts<T>(int threads)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        const int Count = 200_001;
        T[] whole = new T[Count], cut = new T[Count];
        foreach (Action<Memory<T>, long> fill in new Action<Memory<T>, long>[]
        {
            (x, offset) => RandomFill.Normal(x.Span, 0, 1, 9, 2, offset),
            (x, offset) => RandomFill.Uniform(x.Span, 0, 1, 9, 2, offset),
            (x, offset) => RandomFill.TruncatedNormal(x.Span, 0, 1, -2, 2, 9, 2, offset),
            (x, offset) => RandomFill.TruncatedNormal(x.Span, 0, 1, 11, 12, 9, 2, offset),
        })
        {
            using (Parallelism.Limit(1))
                fill(whole, 0);
            using (Parallelism.Limit(threads))
            {
                int from = 0;
                foreach (int to in new[] { 1, 2, 17, 63, 64, 65, 1000, 70_003, Count })
                {
                    fill(cut.AsMemory(from, to - from), from);
                    from = to;
                }
            }

            cut.AsSpan().SequenceEqual(whole).Should().BeTrue();
        }
    }
}
