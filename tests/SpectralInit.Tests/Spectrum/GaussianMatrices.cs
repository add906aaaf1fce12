namespace SpectralInit.Tests;

/// <summary>The matrices of Golden/norms/spectral_radius.py.</summary>
internal static class GaussianMatrices
{
    public static double[] Draw(int m, int k)
    {
        double[] matrix = new double[k * k];
        for (int e = 0; e < matrix.Length; e++)
        {
            ulong counter = ((ulong)m << 32) + (2 * (ulong)e);
            double u1 = 1 - ((Mix(counter) >> 11) / 9007199254740992.0), u2 = (Mix(counter + 1) >> 11) / 9007199254740992.0;
            matrix[e] = Math.Sqrt(-2 * Math.Log(u1)) * Math.Cos(2 * Math.PI * u2);
        }

        return matrix;
    }

    /// <summary>SplitMix64.</summary>
    public static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
