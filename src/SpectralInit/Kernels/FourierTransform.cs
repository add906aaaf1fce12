using System.Numerics;

namespace SpectralInit.Kernels;

/// <summary>The discrete Fourier transform X_k = Σ x_j·e^(−2πi·jk/n) of any length, mixed radix (Cooley and Tukey, 1965): n·Σ(prime factors of n) complex products.</summary>
internal sealed class FourierTransform
{
    private readonly Complex[] _roots;

    public FourierTransform(int length)
    {
        _roots = new Complex[length];
        for (int j = 0; j < length; j++)
            _roots[j] = Root(j, length);
    }

    public int Length => _roots.Length;

    /// <summary>e^(−2πi·j/n), exact at the quarter turns.</summary>
    public static Complex Root(long j, int n)
    {
        j = ((j % n) + n) % n;
        return 4 * j % n == 0
            ? (4 * j / n) switch { 0 => Complex.One, 1 => -Complex.ImaginaryOne, 2 => -Complex.One, _ => Complex.ImaginaryOne }
            : Complex.FromPolarCoordinates(1, -2 * Math.PI * j / n);
    }

    /// <summary>The sum of the prime factors: complex products per value.</summary>
    public static int CostPerValue(int length)
    {
        int cost = 0;
        for (int n = length; n > 1; n /= SmallestFactor(n))
            cost += SmallestFactor(n);
        return cost;
    }

    /// <param name="input">n values.</param>
    /// <param name="output">n values, another array.</param>
    public void Forward(ReadOnlySpan<Complex> input, Span<Complex> output) => Transform(input, 1, output[..Length]);

    // Decimation in time: the transforms of every p-th value, then p-point butterflies.
    private void Transform(ReadOnlySpan<Complex> input, int stride, Span<Complex> output)
    {
        int n = output.Length;
        if (n == 1)
        {
            output[0] = input[0];
            return;
        }

        int p = SmallestFactor(n), m = n / p, turn = Length / n;
        for (int r = 0; r < p; r++)
            Transform(input[(r * stride)..], stride * p, output.Slice(r * m, m));
        Span<Complex> parts = p <= 64 ? stackalloc Complex[p] : new Complex[p];
        for (int k = 0; k < m; k++)
        {
            for (int r = 0; r < p; r++)
                parts[r] = output[(r * m) + k] * _roots[(int)((long)r * k % n * turn)];
            for (int q = 0; q < p; q++)
            {
                Complex sum = parts[0];
                for (int r = 1; r < p; r++)
                    sum += parts[r] * _roots[(int)((long)r * q % p * m * turn)];
                output[k + (q * m)] = sum;
            }
        }
    }

    private static int SmallestFactor(int n)
    {
        for (int p = 2; (long)p * p <= n; p++)
        {
            if (n % p == 0)
                return p;
        }

        return n;
    }
}
