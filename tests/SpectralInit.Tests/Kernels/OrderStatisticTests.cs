using SpectralInit.Kernels;

namespace SpectralInit.Tests.Kernels;

public class OrderStatisticTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1000)]
    public void It_is_what_sorting_puts_there(int n)
    {
        double[][] inputs =
        [
            [.. Enumerable.Range(0, n).Select(i => (double)(i * 37 % 101))],
            [.. Enumerable.Range(0, n).Select(i => (double)i)],
            [.. Enumerable.Range(0, n).Select(i => -(double)i)],
            [.. Enumerable.Repeat(3.0, n)],
            [.. Enumerable.Range(0, n).Select(i => (double)Math.Abs(i - (n / 2)))],
            [.. Enumerable.Range(0, n).Select(i => i % 3 == 0 ? 0.0 : i)],
        ];
        foreach (double[] input in inputs)
        {
            double[] sorted = [.. input.Order()];
            foreach (int k in new[] { 0, n / 3, n / 2, n - 1 })
            {
                double[] work = [.. input];
                OrderStatistic.Place(work, k).Should().Be(sorted[k]);
                work[..k].All(value => value <= sorted[k]).Should().BeTrue();
                work[k..].All(value => value >= sorted[k]).Should().BeTrue();
                work.Order().Should().Equal(sorted);
            }
        }
    }
}
