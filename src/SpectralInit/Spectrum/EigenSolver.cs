namespace SpectralInit;

/// <summary>How leading eigenpairs are to be found.</summary>
public enum EigenSolver
{
    /// <summary>By size, number of pairs and observed convergence. The default; the choice is told on the result.</summary>
    Auto,

    /// <summary>The direct solver, whatever the size. An operator is applied to every unit vector first.</summary>
    Direct,

    /// <summary>Block Krylov, to the end.</summary>
    Krylov,
}
