using System.Diagnostics;

namespace SpectralInit.Benchmarks.Peers;

/// <summary>One contestant of a case: a name and one timed run.</summary>
/// <param name="Name">As printed and as written to JSON.</param>
/// <param name="Measure">Runs once and returns the seconds it took.</param>
internal sealed record Subject(string Name, Func<double> Measure)
{
    /// <summary>A contestant in this process.</summary>
    public static Subject Of(string name, Action run) => new(name, () =>
    {
        long start = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    });

    /// <inheritdoc cref="Of(string, Action)"/>
    public static Subject Of<T>(string name, Func<T> run) => Of(name, () => GC.KeepAlive(run()));
}
