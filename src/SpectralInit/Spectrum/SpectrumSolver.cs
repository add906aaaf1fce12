namespace SpectralInit;

/// <summary>How the spectrum of data is found.</summary>
public enum SpectrumSolver
{
    /// <summary>By rows, features, components and the memory budget (default); the choice is told on the result.</summary>
    Auto,

    /// <summary>The d×d covariance in one pass, then its eigenvectors: all by the direct solver, the leading ones by block Krylov where that pays.</summary>
    Covariance,

    /// <summary>The n×n Gram matrix of the centered rows, for n &lt; d: its eigenvectors, carried over to the features.</summary>
    Gram,

    /// <summary>
    /// Block Krylov on products with the centered rows; neither d×d nor n×n memory. Rows in memory, n ≤ d: one pass per step, where the rows lie, in
    /// their own precision. Other rows: two passes per step, in double.
    /// </summary>
    MatrixFree,
}
