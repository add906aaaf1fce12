namespace SpectralInit.Tests.Spectrum;

/// <summary>Symmetric matrices that test eigensolvers, by recipe.</summary>
internal static class TestMatrices
{
    /// <summary>Entries uniform on (−1, 1).</summary>
    public static double[] Uniform(int n, int seed)
    {
        Random random = new(seed);
        double[] matrix = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = i; j < n; j++)
                matrix[(i * n) + j] = matrix[(j * n) + i] = (2 * random.NextDouble()) - 1;
        }

        return matrix;
    }
}
