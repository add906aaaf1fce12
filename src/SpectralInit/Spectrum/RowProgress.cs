namespace SpectralInit;

/// <summary>Rows read, as a stage of a longer computation.</summary>
internal sealed class RowProgress : IProgress<long>
{
    private readonly IProgress<SolverProgress> _progress;
    private readonly long? _total;

    private RowProgress(IProgress<SolverProgress> progress, long? total) => (_progress, _total) = (progress, total);

    public static RowProgress? Of(IProgress<SolverProgress>? progress, long? total) => progress is null ? null : new(progress, total);

    public void Report(long value) => _progress.Report(new SolverProgress("rows", value, _total));
}
