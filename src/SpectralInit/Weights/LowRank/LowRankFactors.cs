using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>Two thin factors and what they leave of a weight matrix: W = residual + scale·B·A.</summary>
/// <remarks>In adapter terms B is <c>lora_B</c> [out, r], A is <c>lora_A</c> [r, in], and scale is alpha/r.</remarks>
public sealed class LowRankFactors
{
    private LowRankFactors(int rows, int columns, double scale, double[] up, double[] down, double[] residual)
    {
        Rows = rows;
        Columns = columns;
        Rank = rows == 0 ? down.Length / Math.Max(1, columns) : up.Length / rows;
        Scale = scale;
        Up = up;
        Down = down;
        Residual = residual;
        Error = Norm(residual);
    }

    /// <summary>Rows of W: outputs.</summary>
    public int Rows { get; }

    /// <summary>Columns of W: inputs.</summary>
    public int Columns { get; }

    /// <summary>r, columns of <see cref="Up"/> and rows of <see cref="Down"/>.</summary>
    public int Rank { get; }

    /// <summary>The factor the product is multiplied by when it is added (alpha/r of an adapter).</summary>
    public double Scale { get; }

    /// <summary>B, rows × r, row-major.</summary>
    public double[] Up { get; }

    /// <summary>A, r × columns, row-major.</summary>
    public double[] Down { get; }

    /// <summary>W − scale·B·A, rows × columns: the frozen weights that keep the layer's function unchanged at the start.</summary>
    public double[] Residual { get; }

    /// <summary>‖W − scale·B·A‖ (Frobenius), measured on the factors.</summary>
    public double Error { get; }

    /// <summary>Shapes, and what the product leaves out.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Rows}×{Rank} times {Rank}×{Columns}, ‖W − BA‖ = {Error:G4}");

    /// <summary>Measures the residual of finished factors. A matrix without values stands for zeros.</summary>
    internal static unsafe LowRankFactors Of(ReadOnlySpan<double> weights, int rows, int columns, int rank, double scale, double[] up, double[] down)
    {
        double[] residual = weights.ToArray();
        fixed (double* pu = up, pd = down, pr = residual)
            MatrixProduct.Multiply(false, false, rows, columns, rank, -scale, pu, rank, pd, columns, 1.0, pr, columns);
        return new LowRankFactors(rows, columns, scale, up, down, residual);
    }

    /// <summary>‖·‖ (Frobenius), in units of the largest value where squares would leave the range of double.</summary>
    private static double Norm(double[] values, string parameter = "weights")
    {
        double norm = TensorPrimitives.Norm<double>(values);
        if (values.Length == 0 || norm is > 1e-150 and < 1e150)
            return norm;
        double largest = Math.Abs(TensorPrimitives.MaxMagnitude<double>(values));
        if (!double.IsFinite(largest))
            throw new ArgumentException("The factors or their product overflow double: scale the weights down, or choose another scale.", parameter);
        return largest == 0 ? 0 : largest * Math.Sqrt(values.Sum(value => value / largest * (value / largest)));
    }

    /// <summary>B = U·√(Σ/scale) and A = √(Σ/scale)·Vᵀ of chosen singular triples; ranks beyond them are zero.</summary>
    internal static LowRankFactors Balanced(ReadOnlySpan<double> weights, SingularTriples svd, int first, int rank, double scale)
    {
        int kept = Math.Min(rank, svd.Count - first);
        double[] up = new double[svd.Rows * rank];
        double[] down = new double[rank * svd.Columns];
        for (int i = 0; i < kept; i++)
        {
            double root = Math.Sqrt(svd.Values[first + i] / scale);
            ReadOnlySpan<double> left = svd.LeftVector(first + i);
            for (int row = 0; row < svd.Rows; row++)
                up[(row * rank) + i] = root * left[row];
            TensorPrimitives.Multiply(svd.RightVector(first + i), root, down.AsSpan(i * svd.Columns, svd.Columns));
        }

        return Of(weights, svd.Rows, svd.Columns, rank, scale, up, down);
    }
}
