namespace SpectralInit;

/// <summary>The share a direct solver has done, as a stage of a longer computation.</summary>
internal sealed class DirectProgress : IProgress<double>
{
    private readonly IProgress<SolverProgress> _progress;

    private DirectProgress(IProgress<SolverProgress> progress) => _progress = progress;

    public static DirectProgress? Of(IProgress<SolverProgress>? progress) => progress is null ? null : new(progress);

    public void Report(double value) => _progress.Report(new SolverProgress("direct", (long)(100 * value), 100));
}
