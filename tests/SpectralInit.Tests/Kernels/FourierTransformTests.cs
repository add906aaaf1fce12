using System.Numerics;
using SpectralInit.Kernels;

namespace SpectralInit.Tests.Kernels;

public class FourierTransformTests
{
    [Fact]
    public void It_is_the_sum_it_is_defined_by()
    {
        foreach (int n in Enumerable.Range(1, 40).Concat([97, 128, 360, 507]))
        {
            double[] draws = new double[2 * n];
            RandomFill.Normal<double>(draws, 0, 1, (ulong)n);
            Complex[] input = [.. Enumerable.Range(0, n).Select(i => new Complex(draws[2 * i], draws[(2 * i) + 1]))], output = new Complex[n];
            new FourierTransform(n).Forward(input, output);
            for (int k = 0; k < n; k++)
            {
                Complex expected = 0;
                for (int j = 0; j < n; j++)
                    expected += input[j] * Complex.FromPolarCoordinates(1, -2 * Math.PI * ((long)j * k % n) / n);
                (output[k] - expected).Magnitude.Should().BeLessThan(1e-13 * n, $"{n}, {k}");
            }
        }
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(224, 17)]
    [InlineData(64, 12)]
    [InlineData(97, 97)]
    public void Its_cost_is_the_sum_of_the_prime_factors(int length, int cost) => FourierTransform.CostPerValue(length).Should().Be(cost);
}
