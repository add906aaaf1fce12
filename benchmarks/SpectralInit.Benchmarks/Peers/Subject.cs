using System.Diagnostics;

namespace SpectralInit.Benchmarks.Peers;

/// <summary>One contestant of a case: a name and one timed run.</summary>
/// <param name="Name">As printed and as written to JSON.</param>
/// <param name="Measure">Runs once and returns the seconds it took.</param>
internal sealed record Subject(string Name, Func<double> Measure)
{
    private static readonly TimeSpan s_batch = TimeSpan.FromMilliseconds(10);

    /// <summary>A contestant in this process. Runs much shorter than a batch are repeated, so that timer and wake-up do not count.</summary>
    public static Subject Of(string name, Action run)
    {
        int runs = 1;
        return new(name, () =>
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < runs; i++)
                run();
            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            double seconds = elapsed.TotalSeconds / runs;
            runs = (int)Math.Clamp(s_batch.TotalSeconds / seconds, 1, 1000);
            return seconds;
        });
    }

    /// <summary>Runs until the just-in-time compiler has had its time. Returns the seconds of the last run.</summary>
    public double WarmUp()
    {
        double last = 0;
        Benchmarks.WarmUp.Run(() => last = Measure());
        return last;
    }

    /// <inheritdoc cref="Of(string, Action)"/>
    public static Subject Of<T>(string name, Func<T> run) => Of(name, () => GC.KeepAlive(run()));
}
