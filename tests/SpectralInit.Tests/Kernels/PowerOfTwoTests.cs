using System.Numerics;
using SpectralInit.Kernels;

namespace SpectralInit.Tests.Kernels;

public class PowerOfTwoTests
{
    private static readonly int[] s_exponents = [0, 1, -1, 2, -3, 52, -52, 148, 149, -149, 150, 276, -276, 1000, -1022, 1023, -1023, 1074, -1074, 2046, 2047, -2047, 2097, -2097, 5000, -5000, int.MaxValue, int.MinValue];

    [Fact]
    public void Every_exponent_gives_the_nearest_double() =>
        Scales([0, -0.0, 1, -1.5, Math.PI, double.Epsilon, -3 * double.Epsilon, 1e-300, -1e300, double.MaxValue, double.PositiveInfinity, double.NegativeInfinity, double.NaN], -1022);

    [Fact]
    public void Every_exponent_gives_the_nearest_float() =>
        Scales([0, -0.0f, 1, -1.5f, MathF.PI, float.Epsilon, -3 * float.Epsilon, 1e-38f, -1e38f, float.MaxValue, float.PositiveInfinity, float.NegativeInfinity, float.NaN], -126);

    [Fact]
    public void Factors_are_numbers_for_every_exponent_of_one()
    {
        for (int exponent = -1074; exponent <= 1074; exponent++)
        {
            (double first, double second) = PowerOfTwo.Factors<double>(exponent);
            (Math.ILogB(first) + Math.ILogB(second)).Should().Be(exponent);
            (float one, float two) = PowerOfTwo.Factors<float>(exponent / 8);
            (MathF.ILogB(one) + MathF.ILogB(two)).Should().Be(exponent / 8);
        }
    }

    // Two factors may round twice, but only what is no normal number in the end.
    private static void Scales<T>(T[] values, int leastNormal)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (int exponent in s_exponents)
        {
            T[] scaled = [.. values];
            PowerOfTwo.Scale<T>(scaled, exponent);
            for (int i = 0; i < values.Length; i++)
            {
                T expected = T.ScaleB(values[i], exponent);
                if (T.IsFinite(expected) && expected != T.Zero && T.ILogB(expected) < leastNormal)
                    T.Abs(scaled[i] - expected).Should().BeLessThanOrEqualTo(T.Epsilon, $"{values[i]}·2^{exponent}");
                else
                    scaled[i].Should().Be(expected, $"{values[i]}·2^{exponent}");
            }
        }
    }
}
