using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>(x − μ)·Wᵀ for rows x.</summary>
internal static unsafe class CenteredProduct
{
    /// <param name="rows">n×d values, row-major.</param>
    /// <param name="mean">μ, d values.</param>
    /// <param name="matrix">W, k×d, row-major.</param>
    /// <param name="outputs">k.</param>
    /// <param name="destination">n×k values.</param>
    public static void Of(ReadOnlySpan<double> rows, ReadOnlySpan<double> mean, ReadOnlySpan<double> matrix, int outputs, Span<double> destination)
    {
        int d = mean.Length, count = rows.Length / d;
        if (rows.Length % d != 0)
            throw new ArgumentException($"{rows.Length} values do not make rows of {d}.", nameof(rows));
        if (destination.Length != (long)count * outputs)
            throw new ArgumentException($"The destination has {destination.Length} elements, {count} rows of {outputs} are written.", nameof(destination));
        double[] centered = rows.ToArray();
        for (int i = 0; i < count; i++)
            TensorPrimitives.Subtract(centered.AsSpan(i * d, d), mean, centered.AsSpan(i * d, d));
        fixed (double* x = centered, w = matrix, y = destination)
            MatrixProduct.Multiply(false, true, count, outputs, d, 1, x, d, w, d, 0, y, outputs);
    }
}
