namespace SpectralInit;

/// <summary>How far a long computation of several stages has come. Within a stage <see cref="Done"/> rises; a stage may come again.</summary>
/// <param name="Stage">What is being done, for example "rows", "Krylov", "Lanczos", "Arnoldi", "power", "kernel", "frequencies" or "direct".</param>
/// <param name="Done">Units done: rows read, eigenpairs found, products or steps taken, percent of a direct decomposition.</param>
/// <param name="Total">Units in all, or null when that is not known.</param>
public readonly record struct SolverProgress(string Stage, long Done, long? Total);
