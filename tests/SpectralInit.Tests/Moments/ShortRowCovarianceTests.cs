using System.Numerics;

namespace SpectralInit.Tests.Moments;

/// <summary>Short rows have a kernel of their own, with a special case in every dimension: columns, rows, and where the mean lies.</summary>
public class ShortRowCovarianceTests
{
    private static readonly int[] s_rows = [1, 2, 255, 256, 257, 1000, 2100, 5000];

    public static TheoryData<int> Columns => [.. Enumerable.Range(1, 70)];

    [Theory]
    [MemberData(nameof(Columns))]
    public void Every_number_of_columns_is_right(int d)
    {
        foreach (int n in s_rows.Take(d < 34 ? 8 : d % 9 == 0 ? 7 : 6))
        {
            foreach ((string name, Func<int, double> offset) in Offsets(n))
            {
                double[] rows = Rows(n, d, offset);
                float[] floats = Array.ConvertAll(rows, value => (float)value);
                CovarianceEstimate doubles = Covariance.Of(rows, d, CovarianceNormalization.MaximumLikelihood), singles = Covariance.Of(floats, d, CovarianceNormalization.MaximumLikelihood);
                Error(rows, d, doubles).Should().BeLessThan(1e-12, $"{n} × {d}, {name}, double");
                Error(floats, d, singles).Should().BeLessThan(4e-6, $"{n} × {d}, {name}, float");
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(12)]
    [InlineData(33)]
    [InlineData(70)]
    [InlineData(127)]
    public void Bits_depend_on_the_rows_alone(int d)
    {
        // Several slabs, and drift in the middle of them.
        int n = (600_000 / d) + 77;
        double[] rows = Rows(n, d, row => row > n / 2 ? row : 0);
        float[] floats = Array.ConvertAll(rows, value => (float)value);
        double[]? first = null, firstSingle = null;
        foreach ((int threads, int piece) in new[] { (1, n), (2, n), (3, (n / 3) + 1), (7, 4099), (2, 999) })
        {
            using IDisposable limit = Parallelism.Limit(threads);
            MomentAccumulator doubles = new(d), singles = new(d);
            for (int from = 0; from < n; from += piece)
            {
                int length = Math.Min(piece, n - from) * d;
                doubles.Add(rows.AsSpan(from * d, length));
                singles.Add(floats.AsSpan(from * d, length));
            }

            double[] values = doubles.ToCovariance().Values, singleValues = singles.ToCovariance().Values;
            (first ??= values).AsSpan().SequenceEqual(values).Should().BeTrue($"{threads} threads, pieces of {piece}");
            (firstSingle ??= singleValues).AsSpan().SequenceEqual(singleValues).Should().BeTrue($"{threads} threads, pieces of {piece}");
        }
    }

    [Fact]
    public void What_is_not_finite_is_found_wherever_it_is()
    {
        foreach (int d in new[] { 1, 2, 3, 7, 8, 21, 64 })
        {
            int n = 10_000;
            float[] floats = Array.ConvertAll(Rows(n, d, _ => 0), value => (float)value);
            double[] doubles = Array.ConvertAll(floats, value => (double)value);
            foreach (float bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
            {
                foreach (int at in new[] { 0, d - 1, (n * d / 2) + (d / 2), (n * d) - 1 })
                {
                    (float single, double @double) = (floats[at], doubles[at]);
                    (floats[at], doubles[at]) = (bad, bad);
                    string where = $"*Row {at / d}, column {at % d} *";
                    new Action(() => Covariance.Of(floats, d)).Should().Throw<ArgumentException>().WithMessage(where);
                    new Action(() => Covariance.Of(doubles, d)).Should().Throw<ArgumentException>().WithMessage(where);
                    (floats[at], doubles[at]) = (single, @double);
                }
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(30)]
    public void Floats_near_the_ends_of_their_range_keep_their_digits(int d)
    {
        // Tiny, huge, and one after the other, so that a shift and a scale chosen for the first rows are wrong for the next.
        foreach (Func<int, double> scale in new Func<int, double>[] { _ => 1e-30, _ => 1e30, row => row < 9000 ? 1e-30 : 1, row => row < 9000 ? 1 : 1e-30, row => row < 9000 ? 1e30 : 1 })
        {
            double[] rows = Rows(20_000, d, _ => 0);
            for (int i = 0; i < rows.Length; i++)
                rows[i] *= scale(i / d);
            float[] floats = Array.ConvertAll(rows, value => (float)value);
            Error(floats, d, Covariance.Of(floats, d, CovarianceNormalization.MaximumLikelihood)).Should().BeLessThan(1e-6);
        }

        // Of both signs in equal numbers, so small that squares vanish in float: the sums are zero, the variance is not.
        float[] signs = new float[20_000 * d];
        for (int i = 0; i < signs.Length; i++)
            signs[i] = i / d < 10_000 ? (i / d % 2) - 0.5f : ((i / d % 2) - 0.5f) * 2e-30f;
        Covariance.Of(signs.AsSpan(10_000 * d), d, CovarianceNormalization.MaximumLikelihood).Values.Should().OnlyContain(value => Math.Abs((value / 1e-60) - 1) < 1e-6);
    }

    [Fact]
    public void A_column_that_grows_and_one_that_does_not_move_are_exact()
    {
        // Whole numbers: a shift may round, sums may not.
        foreach (int d in new[] { 2, 3, 6, 17 })
        {
            int n = 30_000;
            double[] rows = new double[n * d];
            for (int i = 0; i < rows.Length; i++)
                rows[i] = (i % d) switch { 0 => i / d, 1 => 7.25, _ => i * 31 % 251 };
            CovarianceEstimate estimate = Covariance.Of(rows, d, CovarianceNormalization.MaximumLikelihood);
            estimate.Values[0].Should().BeApproximately(((double)n * n - 1) / 12, 1e-6);
            Enumerable.Range(0, d).Select(j => estimate.Values[d + j]).Should().OnlyContain(value => value == 0);
            Error(rows, d, estimate).Should().BeLessThan(1e-13);
            float[] floats = Array.ConvertAll(rows, value => (float)value);
            Error(floats, d, Covariance.Of(floats, d, CovarianceNormalization.MaximumLikelihood)).Should().BeLessThan(1e-7);
        }
    }

    private static IEnumerable<(string, Func<int, double>)> Offsets(int n)
    {
        yield return ("mean 0", _ => 0);
        yield return ("mean 1e4", _ => 1e4);
        if (n < 1000)
            yield break;
        yield return ("drift", row => 1e4 * row / n);
        yield return ("outliers first", row => row < 256 ? 1e4 : 0);
    }

    // Uniform, each column with a share of the one before, so that all covariances count.
    private static double[] Rows(int n, int d, Func<int, double> offset)
    {
        Random random = new((1000 * d) + n);
        double[] rows = new double[n * d];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = random.NextDouble() - 0.5 + (i % d > 0 ? 0.5 * (rows[i - 1] - offset(i / d)) : 0) + offset(i / d);
        return rows;
    }

    /// <summary>The largest error of a covariance, relative to the deviations; the truth comes from two passes with compensated sums.</summary>
    private static double Error<T>(T[] rows, int d, CovarianceEstimate estimate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = rows.Length / d;
        double[] sums = new double[d], lost = new double[d], centered = new double[d], exact = new double[d * d], low = new double[d * d];

        // Compensated sums (Neumaier 1974).
        for (int i = 0; i < rows.Length; i++)
            Add(ref sums[i % d], ref lost[i % d], double.CreateTruncating(rows[i]));
        for (int row = 0; row < n; row++)
        {
            for (int j = 0; j < d; j++)
                centered[j] = double.CreateTruncating(rows[(row * d) + j]) - (sums[j] / n) - (lost[j] / n);
            for (int i = 0; i < d; i++)
            {
                for (int j = 0; j <= i; j++)
                    Add(ref exact[(i * d) + j], ref low[(i * d) + j], centered[i] * centered[j]);
            }
        }

        double worst = 0;
        for (int i = 0; i < d; i++)
        {
            estimate.Mean[i].Should().BeApproximately((sums[i] + lost[i]) / n, 1e-6 * Math.Sqrt((exact[i * (d + 1)] / n) + double.Epsilon) + (Math.Abs(sums[i] / n) * 1e-14));
            for (int j = 0; j <= i; j++)
            {
                double scale = Math.Sqrt(exact[i * (d + 1)]) * Math.Sqrt(exact[j * (d + 1)]) / n, error = Math.Abs(estimate.Values[(i * d) + j] - ((exact[(i * d) + j] + low[(i * d) + j]) / n));
                worst = Math.Max(worst, error == 0 ? 0 : error / scale);
                estimate.Values[(i * d) + j].Should().Be(estimate.Values[(j * d) + i]);
            }
        }

        return worst;
    }

    private static void Add(ref double sum, ref double lost, double value)
    {
        double total = sum + value;
        lost += Math.Abs(sum) >= Math.Abs(value) ? sum - total + value : value - total + sum;
        sum = total;
    }
}
