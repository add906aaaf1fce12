using SpectralInit.Kernels;

namespace SpectralInit.Tests.Moments;

/// <summary>Rows made to find the seams of the covariance: values that are not finite where chunks end or kernels mask, units at the ends of a type, calls in any order.</summary>
public class AdversarialRowsTests
{
    // Rows turned or packed, folded, odd, short of a vector, and on both sides of where another kernel takes over.
    public static TheoryData<int> Columns => [1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 31, 33, 65, 127, 128, 129, 200];

    [Theory]
    [MemberData(nameof(Columns))]
    public void What_is_not_finite_is_found_beside_anything(int d)
    {
        Random random = new(d);
        foreach (int n in Lengths(d))
        {
            double[] normal = Normal(n * d, 0);
            foreach (double scale in new[] { 0, 1e-38, 1, 1e37 })
            {
                foreach (double bad in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
                {
                    // In a column of another scale than the rest; in the last row, or anywhere with the opposite infinity in the row after.
                    double[] rows = [.. normal];
                    int column = random.Next(d);
                    for (int i = column; i < rows.Length; i += d)
                        rows[i] *= scale;
                    int at = rows.Length - 1 - random.Next(d);
                    Refused(rows, d, at, bad);
                    at = random.Next(rows.Length);
                    if (at + d < rows.Length)
                        rows[at + d] = -bad;
                    Refused(rows, d, at, bad);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Columns))]
    public void A_power_of_two_scales_covariances_of_doubles_to_the_bit(int d)
    {
        foreach ((int n, double mean) in Lengths(d).SelectMany(n => new[] { (n, 0.0), (n, 1000) }))
        {
            double[] rows = Normal(n * d, mean), expected = Values<double>(rows, d);
            foreach (int exponent in new[] { -480, -300, -120, 120, 300, 480 })
                Values<double>([.. rows.Select(x => Math.ScaleB(x, exponent))], d).Should().Equal(expected.Select(x => Math.ScaleB(x, 2 * exponent)), $"{n} rows of mean {mean} times 2^{exponent}");
        }
    }

    [Theory]
    [MemberData(nameof(Columns))]
    public void Floats_of_every_unit_have_the_covariance_of_the_same_doubles(int d)
    {
        foreach ((int n, double mean) in Lengths(d).SelectMany(n => new[] { (n, 0.0), (n, 1), (n, 1000) }))
        {
            double[] rows = Normal(n * d, mean);
            foreach (int exponent in new[] { -126, -110, -80, -60, -45, -41, -40, -39, -38, -30, 30, 50, 56, 57, 58, 59, 60, 80, 112 })
            {
                float[] floats = [.. rows.Select(x => (float)Math.ScaleB(x, exponent))];
                Distance(Values<float>(floats, d), Values<double>(Array.ConvertAll(floats, x => (double)x), d), d).Should().BeLessThan(1e-6, $"{n} rows of mean {mean} times 2^{exponent}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Columns))]
    public void The_largest_and_the_smallest_numbers_are_exact_or_refused(int d)
    {
        foreach (int n in new[] { 2, 3, 64, 1000, 9000 })
        {
            foreach ((string name, Func<int, double> value) in new (string, Func<int, double>)[]
            {
                ("both ends", i => i / d % 2 == 0 ? double.MaxValue : -double.MaxValue), ("one row apart", i => i < d ? 1e300 : -1e300),
                ("one value", i => i == (n * d) - 1 ? 1e308 : 0), ("drift", i => i / d * 1e304),
            })
                new Action(() => Values<double>(Made(value), d)).Should().Throw<ArgumentException>($"{name}, {n} rows").WithParameterName("rows").WithMessage("*scale the rows*");
            Values<double>(Made(_ => double.MaxValue), d).Should().OnlyContain(x => x == 0);
            foreach ((string name, Func<int, float> value) in new (string, Func<int, float>)[]
            {
                ("both ends", i => i / d % 2 == 0 ? float.MaxValue : float.MinValue), ("largest", _ => float.MaxValue),
                ("smallest", i => i / d % 2 == 0 ? float.Epsilon : 0), ("last row apart", i => i >= (n - 1) * d ? 3e38f : 1e7f),
            })
            {
                float[] floats = Made(value);
                Distance(Values<float>(floats, d), Values<double>(Array.ConvertAll(floats, x => (double)x), d), d).Should().BeLessThan(1e-6, $"{name}, {n} rows");
            }

            T[] Made<T>(Func<int, T> value) => [.. Enumerable.Range(0, n * d).Select(value)];
        }
    }

    [Theory]
    [MemberData(nameof(Columns))]
    public void Refused_rows_questions_and_empty_pieces_leave_no_trace(int d)
    {
        int chunk = ScatterStream.ChunkRows(d), n = (7 * chunk) + 11;
        double[] rows = Drifting(n, d);
        float[] floats = Array.ConvertAll(rows, x => (float)x), bad = new float[5 * chunk * d];
        bad.AsSpan(0, bad.Length / 2).Fill(1e20f);
        bad[^1] = float.NaN;
        double[] badDoubles = Array.ConvertAll(bad, x => (double)x);
        Random random = new(d);
        foreach (bool single in new[] { true, false })
        {
            MomentAccumulator whole = new(d), disturbed = new(d);
            Add(whole, 0, n);
            for (int at = 0; at < n;)
            {
                int taken = Math.Min(n - at, 1 + random.Next(random.Next(3) == 0 ? 3 * chunk : chunk / 2));
                Add(disturbed, at, at + taken);
                at += taken;
                Action refused = random.Next(6) switch
                {
                    0 => () => disturbed.Add(bad),
                    1 => () => disturbed.Add(badDoubles),
                    2 => () => disturbed.Add(RowSource.From(bad, d)),
                    3 => () => disturbed.Merge(new(d + 1)),
                    4 => () => MomentAccumulator.Restore(disturbed.Snapshot().AsSpan(1)),
                    _ => () => disturbed.ToCovariance((CovarianceNormalization)random.Next(2, 9)),
                };
                refused.Should().Throw<ArgumentException>();
                disturbed.Add(ReadOnlySpan<double>.Empty);
                disturbed.Add(ReadOnlySpan<float>.Empty);
                _ = disturbed.Mean;
                disturbed.Count.Should().Be(at);
            }

            disturbed.ToCovariance().Values.AsSpan().SequenceEqual(whole.ToCovariance().Values).Should().BeTrue();

            void Add(MomentAccumulator moments, int from, int to)
            {
                if (single)
                    moments.Add(floats.AsSpan(from * d, (to - from) * d));
                else
                    moments.Add(rows.AsSpan(from * d, (to - from) * d));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Columns))]
    public void Merging_empty_ones_changes_nothing_and_merging_with_itself_counts_twice(int d)
    {
        int chunk = ScatterStream.ChunkRows(d), n = (3 * chunk) + 11;
        double[] rows = Drifting(n, d);
        MomentAccumulator merged = new(d), direct = new(d), empty = new(d);
        direct.Add(rows);
        merged.Merge(empty);
        for (int at = 0; at < n; at += chunk + 5)
        {
            MomentAccumulator part = new(d);
            part.Add(rows.AsSpan(at * d, (Math.Min(n, at + chunk + 5) - at) * d));
            merged.Merge(part);
            double[] before = merged.ToCovariance().Values;
            merged.Merge(empty);
            merged.ToCovariance().Values.Should().Equal(before);
        }

        double[] once = merged.ToCovariance(CovarianceNormalization.MaximumLikelihood).Values;
        Distance(once, direct.ToCovariance(CovarianceNormalization.MaximumLikelihood).Values, d).Should().BeLessThan(1e-11);
        merged.Merge(merged);
        merged.Count.Should().Be(2L * n);
        Distance(merged.ToCovariance(CovarianceNormalization.MaximumLikelihood).Values, once, d).Should().BeLessThan(1e-15);
    }

    // Around one and two chunks, and around the vectors of the kernels.
    private static int[] Lengths(int d)
    {
        int chunk = ScatterStream.ChunkRows(d);
        return [1, 2, 65, chunk - 1, chunk, chunk + 1, (2 * chunk) + 3];
    }

    private static void Refused(double[] rows, int d, int at, double value)
    {
        double before = rows[at];
        rows[at] = value;
        float[] floats = Array.ConvertAll(rows, x => (float)x);
        string where = $"Row {at / d}, column {at % d} ";
        foreach (Action call in (Action[])[() => Values<double>(rows, d), () => Values<float>(floats, d), () => Covariance.Of(RowSource.From(floats, d), CovarianceNormalization.MaximumLikelihood)])
            call.Should().Throw<ArgumentException>().Which.Message.Should().StartWith(where);
        rows[at] = before;
    }

    private static double[] Values<T>(ReadOnlySpan<T> rows, int d)
        where T : unmanaged => (typeof(T) == typeof(float)
            ? Covariance.Of(System.Runtime.InteropServices.MemoryMarshal.Cast<T, float>(rows), d, CovarianceNormalization.MaximumLikelihood)
            : Covariance.Of(System.Runtime.InteropServices.MemoryMarshal.Cast<T, double>(rows), d, CovarianceNormalization.MaximumLikelihood)).Values;

    /// <summary>The largest error, relative to the deviations of the two columns.</summary>
    private static double Distance(double[] actual, double[] expected, int d)
    {
        double worst = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double error = Math.Abs(actual[i] - expected[i]);
            if (error != 0)
                worst = Math.Max(worst, error / (Math.Sqrt(expected[i / d * (d + 1)]) * Math.Sqrt(expected[i % d * (d + 1)])));
        }

        return worst;
    }

    private static double[] Normal(int count, double mean)
    {
        double[] values = new double[count];
        RandomFill.Normal<double>(values, mean, 1, 3);
        return Array.ConvertAll(values, x => (double)(float)x);
    }

    // The mean moves in the middle of a chunk, so that the shift of the one before no longer does.
    private static double[] Drifting(int n, int d) => [.. Normal(n * d, 0).Select((x, i) => (double)(float)(x + (i / d > n / 2 ? 100 : 1)))];
}
