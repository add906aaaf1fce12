using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>
/// An orthonormal adapter: W = Q·R, B = the first r columns of Q, A = the first r rows of R, and the frozen weights lose s·B·A
/// (Büyükakyüz, "OLoRA: orthonormal low-rank adaptation of large language models", 2024, §3).
/// </summary>
public static class Olora
{
    /// <summary>Factors trained weights. R has a non-negative diagonal, so the factors of full-rank weights are unique; the product B·A does not depend on that choice.</summary>
    /// <inheritdoc cref="Pissa.Factor(ReadOnlySpan{double}, int, int, int, double, IProgress{double}, CancellationToken)" path="/param[@name != 'cancellationToken' and @name != 'progress']"/>
    /// <inheritdoc cref="Pissa.Factor(ReadOnlySpan{double}, int, int, int, double, IProgress{double}, CancellationToken)" path="/exception"/>
    public static unsafe LowRankFactors Factor(ReadOnlySpan<double> weights, int rows, int columns, int rank, double scale = 1)
    {
        LowRankGuard.Check(weights, rows, columns, rank, scale);

        // The first r columns of Q depend on the first r columns of W alone, and R_r = Q_rᵀ·W.
        double[] up = new double[rows * rank];
        for (int row = 0; row < rows; row++)
            weights.Slice(row * columns, rank).CopyTo(up.AsSpan(row * rank));
        double[] down = new double[rank * columns];
        fixed (double* pu = up, pd = down, pw = weights)
        {
            QrFactorization.Householder(pu, rows, rank, rank, null, 0);
            MatrixProduct.Multiply(true, false, rank, columns, rows, 1.0, pu, rank, pw, columns, 0.0, pd, columns);
        }

        // Below the diagonal R is zero by definition and rounding by computation.
        for (int row = 1; row < rank; row++)
            down.AsSpan(row * columns, row).Clear();
        return LowRankFactors.Of(weights, rows, columns, rank, scale, up, down);
    }

    /// <inheritdoc cref="Factor(ReadOnlySpan{double}, int, int, int, double)"/>
    public static LowRankFactors Factor(double[] weights, int rows, int columns, int rank, double scale = 1)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return Factor(weights.AsSpan(), rows, columns, rank, scale);
    }
}
