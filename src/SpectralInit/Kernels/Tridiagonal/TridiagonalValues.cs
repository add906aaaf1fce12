namespace SpectralInit.Kernels;

/// <summary>Eigenvalues of a symmetric tridiagonal matrix without its eigenvectors: by divide and conquer, or by QL where that does not pay or did not converge.</summary>
internal static unsafe class TridiagonalValues
{
    /// <summary>Up to this size values alone are faster by QL than by divide and conquer.</summary>
    private const int QlSize = 32;

    /// <param name="diagonal">n values; on return the eigenvalues, unsorted.</param>
    /// <param name="offDiagonal">n−1 values, destroyed.</param>
    /// <param name="n">Dimension ≥ 1.</param>
    /// <param name="workspace">Padded n rows.</param>
    /// <param name="stride">Elements between rows of <paramref name="workspace"/>.</param>
    /// <param name="rootIterations">Evaluations per root of divide and conquer before QL takes over; few of them only to try that out.</param>
    /// <param name="cancellationToken">Looked at between merges.</param>
    /// <param name="carried">n rows of <see cref="Lane.Alignment"/> values, multiplied from the left by the transposed eigenvectors; null for none.</param>
    public static void Solve(double* diagonal, double* offDiagonal, int n, double* workspace, nint stride, int rootIterations, CancellationToken cancellationToken, double* carried = null)
    {
        Span<double> values = new(diagonal, n), couplings = new(offDiagonal, n - 1), rows = new(carried, carried == null ? 0 : n * Lane.Alignment);
        double[] keptValues = values.ToArray(), keptCouplings = couplings.ToArray(), keptRows = rows.ToArray();

        // The QL iteration without roots has no rotations to carry anything by.
        bool found = n > QlSize
            ? DivideAndConquer.Values(diagonal, offDiagonal, n, workspace, stride, rootIterations, cancellationToken, carried) >= 0
            : carried == null && RootFreeQl.Diagonalize(diagonal, offDiagonal, n);
        if (found)
            return;

        keptValues.CopyTo(values);
        keptCouplings.CopyTo(couplings);
        keptRows.CopyTo(rows);
        using Scratch<double> rotations = Scratch.Rent<double>(2L * n);
        if (ImplicitQl.Diagonalize(diagonal, offDiagonal, n, carried, Lane.Alignment, Lane.Alignment, rotations.Pointer) < 0)
            throw ImplicitQl.NotConverged();
    }
}
