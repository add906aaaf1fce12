namespace SpectralInit;

/// <summary>How far a long computation has come.</summary>
/// <param name="Stage">What is being done, for example "rows", "Krylov" or "direct".</param>
/// <param name="Done">Units done: rows read, eigenpairs found, percent of a direct decomposition.</param>
/// <param name="Total">Units in all, or null when that is not known.</param>
public readonly record struct SolverProgress(string Stage, long Done, long? Total);
