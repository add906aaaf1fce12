using SpectralInit.Kernels;

namespace SpectralInit.Evidence;

/// <summary>Seeded permutations.</summary>
internal static class Shuffle
{
    /// <summary>Fisher–Yates over 0 … count−1 with Philox draws.</summary>
    public static int[] Permutation(int count, ulong seed)
    {
        double[] draws = new double[count];
        RandomFill.Uniform(draws.AsSpan(), 0, 1, seed);
        int[] order = new int[count];
        for (int i = 0; i < count; i++)
            order[i] = i;
        for (int i = count - 1; i > 0; i--)
        {
            int j = Math.Min(i, (int)(draws[i] * (i + 1)));
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }
}
