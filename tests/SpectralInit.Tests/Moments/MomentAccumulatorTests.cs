using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using MathNet.Numerics.LinearAlgebra;

namespace SpectralInit.Tests.Moments;

public class MomentAccumulatorTests
{
    // Narrow rows go by slabs, wide ones by strips; odd sizes have tails of every kind.
    public static TheoryData<int, int> Shapes => new()
    {
        { 1, 3 }, { 2, 1 }, { 3, 5 }, { 255, 2 }, { 256, 9 }, { 257, 16 }, { 2048, 7 }, { 2049, 24 }, { 5000, 17 }, { 6200, 3 },
        { 700, 96 }, { 700, 97 }, { 513, 130 }, { 1100, 200 }, { 60, 300 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Mean_and_scatter_are_right(int n, int d)
    {
        double[] rows = Rows(n, d, 3);
        CovarianceEstimate expected = Exact(rows, d);
        MomentAccumulator moments = new(d);
        moments.Add(rows);
        CovarianceEstimate actual = moments.ToCovariance(CovarianceNormalization.MaximumLikelihood);
        actual.Count.Should().Be(n);
        Worst(actual, expected).Should().BeLessThan(1e-14);
        moments.Mean.Zip(expected.Mean, (a, e) => Math.Abs(a - e)).Max().Should().BeLessThan(1e-14);
        IsSymmetric(actual).Should().BeTrue();

        MomentAccumulator singles = new(d);
        float[] floats = Array.ConvertAll(rows, value => (float)value);
        singles.Add(floats);
        Worst(singles.ToCovariance(CovarianceNormalization.MaximumLikelihood), Exact(Array.ConvertAll(floats, value => (double)value), d)).Should().BeLessThan(1e-6);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e2)]
    [InlineData(1e4)]
    public void A_mean_far_from_zero_costs_no_digits(double mean)
    {
        double[] rows = Rows(5000, 6, mean);
        Worst(Covariance.Of(rows, 6, CovarianceNormalization.MaximumLikelihood), Exact(rows, 6)).Should().BeLessThan(1e-12);
        float[] floats = Array.ConvertAll(rows, value => (float)value);
        Worst(Covariance.Of(floats, 6, CovarianceNormalization.MaximumLikelihood), Exact(Array.ConvertAll(floats, value => (double)value), 6)).Should().BeLessThan(4e-6);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(150)]
    public void A_mean_a_billion_deviations_from_zero_costs_no_digits(int d)
    {
        // Rows of such a mean that are exact: what is added is taken away again without rounding.
        const double Mean = 1L << 30;
        double[] rows = Array.ConvertAll(Rows(20_000, d, 4), value => Math.Round(value * (1 << 20)) / (1 << 20)), moved = Array.ConvertAll(rows, value => value + Mean);
        CovarianceEstimate near = Covariance.Of(rows, d), far = Covariance.Of(moved, d);
        MomentAccumulator first = new(d), second = new(d);
        first.Add(moved.AsSpan(0, 7000 * d));
        second.Add(moved.AsSpan(7000 * d));
        first.Merge(second);
        foreach (CovarianceEstimate estimate in new[] { far, first.ToCovariance() })
        {
            for (int i = 0; i < d * d; i++)
                Math.Abs(estimate.Values[i] - near.Values[i]).Should().BeLessThan(1e-13 * Math.Sqrt(near.Values[i / d * (d + 1)] * near.Values[i % d * (d + 1)]));
        }
    }

    [Fact]
    public void No_rows_of_the_other_type_change_nothing()
    {
        float[] rows = new float[5 * 100];
        SpectralInit.Kernels.RandomFill.Normal<float>(rows, 0, 1, 3);
        MomentAccumulator whole = new(5), cut = new(5);
        whole.Add(rows);
        cut.Add(rows.AsSpan(0, 50));
        cut.Add(ReadOnlySpan<double>.Empty);
        cut.Add(rows.AsSpan(50));
        cut.ToCovariance().Values.Should().Equal(whole.ToCovariance().Values);
    }

    [Fact]
    public void Drift_costs_no_digits()
    {
        double[] rows = Rows(6000, 5, 0);
        for (int i = 0; i < rows.Length; i++)
            rows[i] += i / 5 * (1e4 / 6000);
        Worst(Covariance.Of(rows, 5, CovarianceNormalization.MaximumLikelihood), Exact(rows, 5)).Should().BeLessThan(1e-12);
    }

    [Fact]
    public void Outliers_first_cost_no_digits()
    {
        double[] rows = Rows(6000, 5, 0);
        for (int i = 0; i < 256 * 5; i++)
            rows[i] += 1e6;
        Worst(Covariance.Of(rows, 5, CovarianceNormalization.MaximumLikelihood), Exact(rows, 5)).Should().BeLessThan(1e-12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e3)]
    [InlineData(1e5)]
    public void The_principal_axis_of_a_tiny_difference_survives_in_float(double m)
    {
        // Rows (m+1, m) and (m, m+1): the covariance is ½·[[1, −1], [−1, 1]].
        float[] rows = [(float)m + 1, (float)m, (float)m, (float)m + 1];
        Covariance.Of(rows, 2).Values.Should().Equal(0.5, -0.5, -0.5, 0.5);
    }

    [Fact]
    public void Bytes_as_float_are_exact()
    {
        Random random = new(4);
        double[] rows = new double[3000 * 20];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = i % 20 < 10 ? random.Next(256) : random.Next(100) == 0 ? 255 : 0;
        float[] floats = Array.ConvertAll(rows, value => (float)value);
        Worst(Covariance.Of(floats, 20, CovarianceNormalization.MaximumLikelihood), Exact(rows, 20)).Should().BeLessThan(1e-12);
    }

    [Fact]
    public void Pieces_and_threads_do_not_change_a_bit()
    {
        foreach (int d in new[] { 5, 120 })
        {
            double[] rows = Rows(5500, d, 1);
            float[] floats = Array.ConvertAll(rows, value => (float)value);
            double[]? first = null, firstSingle = null;
            foreach (int threads in new[] { 1, 2, 3, 7 })
            {
                using IDisposable limit = Parallelism.Limit(threads);
                foreach (int piece in new[] { 5500, 4096, 1000, 257, 31 })
                {
                    MomentAccumulator doubles = new(d), singles = new(d);
                    for (int from = 0; from < 5500; from += piece)
                    {
                        int length = Math.Min(piece, 5500 - from) * d;
                        doubles.Add(rows.AsSpan(from * d, length));
                        singles.Add(floats.AsSpan(from * d, length));
                    }

                    Same(ref first, doubles.ToCovariance().Values);
                    Same(ref firstSingle, singles.ToCovariance().Values);
                }

                MomentAccumulator direct = new(d), streamed = new(d);
                direct.Add(RowSource.From(rows, d));
                Same(ref first, direct.ToCovariance().Values);
                streamed.Add(RowSource.From(Enumerable.Range(0, 5500).Select(i => rows[(i * d)..((i + 1) * d)])));
                Same(ref first, streamed.ToCovariance().Values);
            }
        }

        static void Same(ref double[]? first, double[] values)
        {
            first ??= values;
            values.AsSpan().SequenceEqual(first).Should().BeTrue();
        }
    }

    [Theory]
    [InlineData(7, 3)]
    [InlineData(1024, 20)]
    [InlineData(2500, 20)]
    [InlineData(9000, 40)]
    [InlineData(100, 150)]
    [InlineData(256, 150)]
    [InlineData(1500, 150)]
    public void All_rows_at_once_give_what_an_accumulator_gives(int n, int d)
    {
        double[] rows = Rows(n, d, 3);
        float[] floats = Array.ConvertAll(rows, value => (float)value);
        MomentAccumulator doubles = new(d), singles = new(d);
        doubles.Add(rows);
        singles.Add(floats);
        Same(doubles, Covariance.Of(rows, d), Covariance.Of(RowSource.From(rows, d)), Covariance.Of(RowSource.From(Enumerable.Range(0, n).Select(i => rows[(i * d)..((i + 1) * d)]))));
        Same(singles, Covariance.Of(floats, d), Covariance.Of(RowSource.From(floats, d)));

        // Rows that fill no chunk are told by their numbers, too.
        rows[^1] = double.NaN;
        new Action(() => Covariance.Of(rows, d)).Should().Throw<ArgumentException>().WithParameterName("rows").WithMessage($"*ow {n - 1}*");
        new Action(() => Covariance.Of(RowSource.From(rows, d))).Should().Throw<ArgumentException>().WithParameterName("rows").WithMessage($"*ow {n - 1}*");

        static void Same(MomentAccumulator accumulated, params CovarianceEstimate[] estimates)
        {
            foreach (CovarianceEstimate estimate in estimates)
            {
                estimate.Values.AsSpan().SequenceEqual(accumulated.ToCovariance().Values).Should().BeTrue();
                estimate.Mean.AsSpan().SequenceEqual(accumulated.Mean).Should().BeTrue();
            }
        }
    }

    [Theory]
    [InlineData(130)]
    [InlineData(179)]
    public void Wide_rows_in_pieces_that_end_within_batches_are_the_same_to_the_bit(int d)
    {
        // More chunks than rank-1 terms are collected of; the small pieces put off every batch after them.
        const int Rows = 70 * 256;
        float[] rows = Array.ConvertAll(MomentAccumulatorTests.Rows(Rows, d, 1), value => (float)value);
        double[]? first = null;
        foreach ((int threads, int[] ends) in new[] { (1, (int[])[Rows]), (2, [Rows]), (7, [300, Rows]), (2, [256, 5000, 5001, Rows]), (3, [770, 16_300, Rows]) })
        {
            using IDisposable limit = Parallelism.Limit(threads);
            MomentAccumulator moments = new(d);
            int from = 0;
            foreach (int end in ends)
            {
                moments.Add(rows.AsSpan(from * d, (end - from) * d));
                from = end;
            }

            double[] values = moments.ToCovariance().Values;
            (first ??= values).AsSpan().SequenceEqual(values).Should().BeTrue($"{threads} threads, pieces to {string.Join(", ", ends)}");
        }
    }

    [Fact]
    public void Asking_in_between_changes_nothing()
    {
        double[] rows = Rows(3000, 100, 0);
        MomentAccumulator asked = new(100), silent = new(100);
        for (int from = 0; from < 3000; from += 300)
        {
            asked.Add(rows.AsSpan(from * 100, 300 * 100));
            silent.Add(rows.AsSpan(from * 100, 300 * 100));
            _ = asked.ToCovariance();
            _ = asked.Mean;
            _ = asked.Snapshot();
        }

        asked.ToCovariance().Values.Should().Equal(silent.ToCovariance().Values);
    }

    [Fact]
    public void Merging_parts_is_accumulating_all() =>
        Prop.ForAll(Gen.Choose(0, 700).Three().ToArbitrary(), Gen.Choose(1, 110).ToArbitrary(), (counts, d) =>
        {
            (int a, int b, int c) = counts;
            if (a + b + c == 0)
                return;
            double[] rows = Rows(a + b + c, d, 10);
            MomentAccumulator left = new(d), middle = new(d), right = new(d);
            left.Add(rows.AsSpan(0, a * d));
            middle.Add(rows.AsSpan(a * d, b * d));
            right.Add(rows.AsSpan((a + b) * d));
            left.Merge(middle);
            left.Merge(MomentAccumulator.Restore(right.Snapshot()));
            left.Count.Should().Be(a + b + c);
            Worst(left.ToCovariance(CovarianceNormalization.MaximumLikelihood), Exact(rows, d)).Should().BeLessThan(1e-13);
            right.Count.Should().Be(c);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void What_is_not_finite_is_refused_and_leaves_no_trace(double bad)
    {
        foreach (int d in new[] { 3, 110 })
        {
            double[] good = Rows(3000, d, 0);
            MomentAccumulator moments = new(d);
            moments.Add(good.AsSpan(0, 400 * d));
            double[] before = moments.ToCovariance().Values;
            foreach (int n in new[] { 1, 100, 300, 2600 })
            {
                foreach (int row in new[] { 0, n / 2, n - 1 })
                {
                    double[] rows = [.. good.AsSpan(0, n * d)];
                    rows[(row * d) + 2] = bad;
                    string where = $"*Row {row}, column 2 *";
                    new Action(() => moments.Add(rows)).Should().Throw<ArgumentException>().WithMessage(where).WithParameterName("rows");
                    new Action(() => moments.Add(Array.ConvertAll(rows, value => (float)value))).Should().Throw<ArgumentException>().WithMessage(where).WithParameterName("rows");
                    new Action(() => moments.Add(RowSource.From(rows, d))).Should().Throw<ArgumentException>().WithMessage(where).WithParameterName("source");
                    new Action(() => moments.Add(RowSource.From(Pieces(rows, d)))).Should().Throw<ArgumentException>().WithMessage(where).WithParameterName("source");
                    moments.Count.Should().Be(400);
                }
            }

            moments.ToCovariance().Values.Should().Equal(before);
            moments.Add(good.AsSpan(400 * d));
            moments.ToCovariance().Values.AsSpan().SequenceEqual(Covariance.Of(good, d).Values).Should().BeTrue();
        }
    }

    [Fact]
    public void What_is_not_finite_is_found_beside_columns_too_large_for_float_products()
    {
        foreach (int d in new[] { 3, 110 })
        {
            float[] rows = Array.ConvertAll(Rows(600, d, 0), value => (float)value);
            for (int i = 0; i < rows.Length; i += d)
                rows[i] *= 1e30f;
            rows[(300 * d) + d - 1] = float.NaN;
            new Action(() => Covariance.Of(RowSource.From(rows, d))).Should().Throw<ArgumentException>().WithMessage($"*Row 300, column {d - 1} *");
        }
    }

    [Fact]
    public void A_cancelled_call_leaves_no_trace_and_progress_counts_rows()
    {
        double[] rows = Rows(300_000, 4, 0);
        MomentAccumulator moments = new(4);
        using CancellationTokenSource cancel = new();
        List<long> reports = [];
        Action add = () => moments.Add(RowSource.From(Pieces(rows, 4)), new Reports(count =>
        {
            reports.Add(count);
            cancel.Cancel();
        }), cancel.Token);
        add.Should().Throw<OperationCanceledException>();
        moments.Count.Should().Be(0);
        reports.Should().HaveCount(1);

        reports.Clear();
        moments.Add(RowSource.From(Pieces(rows, 4)), new Reports(reports.Add));
        reports.Should().BeInAscendingOrder();
        reports[^1].Should().Be(300_000);
    }

    [Fact]
    public void Scales_at_the_ends_of_the_range_are_right_or_refused()
    {
        double[] rows = Rows(600, 4, 0);
        double[] unit = Covariance.Of(rows, 4).Values;
        foreach (double scale in new[] { 1e-150, 1e-30, 1e30, 1e150 })
        {
            double[] actual = Covariance.Of(Array.ConvertAll(rows, value => value * scale), 4).Values;
            actual.Zip(unit, (a, u) => Math.Abs((a / scale / scale) - u)).Max().Should().BeLessThan(1e-13);
        }

        foreach (float scale in new[] { 1e-36f, 1e-30f, 1e-20f, 1e20f, 1e36f })
        {
            float[] scaled = Array.ConvertAll(rows, value => (float)value * scale);
            double[] actual = Covariance.Of(scaled, 4).Values, expected = Covariance.Of(Array.ConvertAll(scaled, value => (double)value), 4).Values;
            actual.Zip(expected, (a, e) => Math.Abs(a - e) / scale / scale).Max().Should().BeLessThan(1e-7);
        }

        MomentAccumulator huge = new(4);
        huge.Add(Array.ConvertAll(rows, value => value * 1e200));
        new Action(() => huge.ToCovariance()).Should().Throw<InvalidOperationException>().WithMessage("*scale*");
        Covariance.Of(Array.ConvertAll(rows, value => value * 1e-200), 4).Values.Should().OnlyContain(value => value == 0);
        float[] largest = [.. Enumerable.Repeat(float.MaxValue, 512)];
        Covariance.Of(largest, 1).Values.Should().Equal(0);
    }

    [Fact]
    public void Constant_columns_have_exactly_no_variance()
    {
        double[] rows = Rows(3000, 3, 0);
        for (int i = 0; i < 3000; i++)
            rows[(i * 3) + 1] = 0.1;
        CovarianceEstimate estimate = Covariance.Of(rows, 3);
        estimate.Values.Where((_, i) => i / 3 == 1 || i % 3 == 1).Should().OnlyContain(value => value == 0);
        estimate.Mean[1].Should().Be(0.1);
        Covariance.Of(Array.ConvertAll(rows, value => (float)value), 3).Values[4].Should().Be(0);
    }

    [Fact]
    public void Wrong_arguments_name_themselves()
    {
        MomentAccumulator moments = new(3);
        new Action(() => _ = new MomentAccumulator(0)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("columns");
        new Action(() => _ = new MomentAccumulator(50_000)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("columns");
        new Action(() => moments.Add(new double[4])).Should().Throw<ArgumentException>().WithParameterName("rows");
        new Action(() => moments.Add(RowSource.From(new double[4], 2))).Should().Throw<ArgumentException>().WithParameterName("source");
        new Action(() => moments.Merge(new MomentAccumulator(2))).Should().Throw<ArgumentException>().WithParameterName("other");
        new Action(() => moments.ToCovariance()).Should().Throw<InvalidOperationException>();
        moments.Add(new double[3]);
        new Action(() => moments.ToCovariance()).Should().Throw<InvalidOperationException>();
        moments.ToCovariance(CovarianceNormalization.MaximumLikelihood).Values.Should().OnlyContain(value => value == 0);
        new Action(() => Covariance.Of(new double[3], 3)).Should().Throw<ArgumentException>().WithParameterName("rows");
        new Action(() => Covariance.Of(ReadOnlySpan<double>.Empty, 3, CovarianceNormalization.MaximumLikelihood)).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Snapshots_come_back_to_the_bit_and_damage_is_noticed()
    {
        MomentAccumulator moments = new(7);
        MomentAccumulator.Restore(moments.Snapshot()).Count.Should().Be(0);
        moments.Add(Rows(1000, 7, 5));
        byte[] bytes = moments.Snapshot();
        bytes.Should().HaveCount((8 * (14 + 28)) + 28);
        MomentAccumulator restored = MomentAccumulator.Restore(bytes);
        restored.ToCovariance().Values.Should().Equal(moments.ToCovariance().Values);
        restored.Mean.Should().Equal(moments.Mean);
        restored.Snapshot().Should().Equal(bytes);

        for (int i = 0; i < bytes.Length; i++)
        {
            byte[] damaged = [.. bytes];
            damaged[i] ^= 0x10;
            new Action(() => MomentAccumulator.Restore(damaged)).Should().Throw<ArgumentException>().WithParameterName("snapshot");
            new Action(() => MomentAccumulator.Restore(bytes.AsSpan(0, i))).Should().Throw<ArgumentException>().WithParameterName("snapshot");
        }
    }

    [Theory]
    [InlineData(6)]
    [InlineData(130)]
    public void A_restored_snapshot_merges_to_the_same_bits(int d)
    {
        // A billion deviations from zero, and the second half of the rows some deviations from the first: the mean itself does not hold as many digits.
        double[] rows = [.. Rows(1400, d, 0).Select((value, i) => 1e9 + value + (i < 700 * d ? 0 : 3))];
        MomentAccumulator first = new(d), second = new(d), merged = new(d), restored = new(d);
        first.Add(rows.AsSpan(0, 700 * d));
        second.Add(rows.AsSpan(700 * d));
        foreach (MomentAccumulator half in new[] { first, second })
        {
            merged.Merge(half);
            restored.Merge(MomentAccumulator.Restore(half.Snapshot()));
        }

        restored.ToCovariance().Values.Should().Equal(merged.ToCovariance().Values);
    }

    [Fact]
    public void MathNet_matrices_and_spans_give_the_same()
    {
        double[] rows = Rows(900, 6, 2);
        Matrix<double> matrix = Matrix<double>.Build.DenseOfRowMajor(900, 6, rows);
        Covariance.Of(matrix).Values.Should().Equal(Covariance.Of(rows, 6).Values);
        Covariance.Of(matrix.Map(value => (float)value)).Values.Should().Equal(Covariance.Of(Array.ConvertAll(rows, value => (float)value), 6).Values);
    }

    [RealDataFact]
    public void Nist_certified_deviations_lifted_to_two_dimensions()
    {
        // Columns y and 3 − 2y: the covariance is s²·[[1, −2], [−2, 4]]. The last two certified sets lose digits to the binary form of their data.
        foreach ((string file, double digits) in new[] { ("Lew", 14), ("Lottery", 14), ("NumAcc1", 14), ("NumAcc2", 13.5), ("NumAcc3", 9) })
        {
            (double mean, double deviation, double[] y) = Nist(RealData.PathOf($"nist/{file}.dat"));
            double[] rows = [.. y.SelectMany(value => new[] { value, 3 - (2 * value) })];
            CovarianceEstimate estimate = Covariance.Of(rows, 2);
            double tolerance = Math.Pow(10, -digits);
            estimate.Mean[0].Should().BeApproximately(mean, tolerance * Math.Abs(mean), file);
            double s = deviation * deviation;
            double[] expected = [s, -2 * s, -2 * s, 4 * s];
            estimate.Values.Zip(expected, (a, e) => Math.Abs((a / e) - 1)).Max().Should().BeLessThan(3 * tolerance, file);
        }
    }

    private static (double Mean, double Deviation, double[] Values) Nist(string path)
    {
        string[] lines = File.ReadAllLines(path);
        double mean = Last(lines.First(line => line.StartsWith("Sample Mean", StringComparison.Ordinal))), deviation = Last(lines.First(line => line.StartsWith("Sample Standard", StringComparison.Ordinal)));
        IEnumerable<string> data = lines.SkipWhile(line => !line.StartsWith("-----", StringComparison.Ordinal)).Skip(1);
        return (mean, deviation, [.. data.Where(line => !string.IsNullOrWhiteSpace(line)).Select(Last)]);

        static double Last(string line) => double.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[^1], CultureInfo.InvariantCulture);
    }

    private static double[] Rows(int n, int d, double mean)
    {
        Random random = new((n * 1000) + d);
        double[] rows = new double[n * d];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = mean + random.NextDouble() + (i % d > 0 ? 0.5 * (rows[i - 1] - mean) : 0) - 0.5;
        return rows;
    }

    private static IEnumerable<double[]> Pieces(double[] rows, int d)
    {
        for (int i = 0; i < rows.Length; i += d)
            yield return rows[i..(i + d)];
    }

    // Two-pass, means in extended precision: the definition.
    private static CovarianceEstimate Exact(double[] rows, int d)
    {
        int n = rows.Length / d;
        double[] mean = new double[d], values = new double[d * d], centered = new double[rows.Length];
        for (int j = 0; j < d; j++)
        {
            BigInteger sum = 0;
            for (int i = 0; i < n; i++)
                sum += new BigInteger(Math.ScaleB(rows[(i * d) + j], 60));
            mean[j] = Math.ScaleB((double)(sum / n), -60);
            for (int i = 0; i < n; i++)
                centered[(i * d) + j] = rows[(i * d) + j] - mean[j];
        }

        for (int a = 0; a < d; a++)
        {
            for (int b = 0; b <= a; b++)
            {
                double sum = 0;
                for (int i = 0; i < n; i++)
                    sum += centered[(i * d) + a] * centered[(i * d) + b];
                values[(a * d) + b] = values[(b * d) + a] = sum / n;
            }
        }

        return CovarianceEstimate.FromMatrix(Matrix<double>.Build.DenseOfRowMajor(d, d, values), mean, n);
    }

    private static double Worst(CovarianceEstimate actual, CovarianceEstimate expected)
    {
        int d = expected.Dimension;
        double worst = 0;
        for (int i = 0; i < d * d; i++)
        {
            double size = Math.Sqrt(expected.Values[i / d * (d + 1)] * expected.Values[i % d * (d + 1)]), error = Math.Abs(actual.Values[i] - expected.Values[i]);
            worst = Math.Max(worst, size == 0 ? error : error / size);
        }

        return worst;
    }

    private static bool IsSymmetric(CovarianceEstimate estimate)
    {
        int d = estimate.Dimension;
        return Enumerable.Range(0, d * d).All(i => estimate.Values[i] == estimate.Values[(i % d * d) + (i / d)]);
    }

    private sealed class Reports(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }
}
