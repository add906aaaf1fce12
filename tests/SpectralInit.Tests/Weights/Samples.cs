using SpectralInit.Kernels;

namespace SpectralInit.Tests.Weights;

/// <summary>Made data for tests.</summary>
internal static class Samples
{
    /// <summary>Standard normal rows; the label is the sign of feature 4 (of the last one where there are fewer).</summary>
    public static (double[] Rows, int[] Labels) Sign(int n, int d, ulong seed)
    {
        double[] rows = new double[n * d];
        RandomFill.Normal<double>(rows, 0, 1, seed);
        int feature = Math.Min(4, d - 1);
        return (rows, [.. Enumerable.Range(0, n).Select(i => rows[(i * d) + feature] > 0 ? 1 : 0)]);
    }

    /// <summary>Mean over the units of the unbiased variance of w·x over the rows.</summary>
    public static double MeanVariance(double[] weights, double[] rows, int d)
    {
        int n = rows.Length / d, units = weights.Length / d;
        double sum = 0;
        for (int u = 0; u < units; u++)
        {
            double[] values = [.. Enumerable.Range(0, n).Select(i => System.Numerics.Tensors.TensorPrimitives.Dot(weights.AsSpan(u * d, d), rows.AsSpan(i * d, d)))];
            double mean = values.Average();
            sum += values.Sum(value => (value - mean) * (value - mean)) / (n - 1);
        }

        return sum / units;
    }
}
