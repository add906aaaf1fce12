using System.Diagnostics;
using System.Runtime;

namespace SpectralInit.Benchmarks;

/// <summary>
/// The just-in-time compiler compiles hot methods again, some of them twice, on a thread of its own: that takes a processor, for milliseconds at a time, from whoever is timed meanwhile.
/// </summary>
internal static class WarmUp
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(1.5), s_longest = TimeSpan.FromSeconds(6);

    // It starts when nothing new has run for 100 ms.
    private static readonly TimeSpan s_compilerDelay = TimeSpan.FromMilliseconds(120);

    /// <summary>Runs again and again until nothing more was compiled, for 1.5 to 6 seconds.</summary>
    public static void Run(Action run)
    {
        long start = Stopwatch.GetTimestamp(), compiled = -1, before;
        do
        {
            before = compiled;
            long batch = Stopwatch.GetTimestamp();
            for (int i = 0; i < 10 && Stopwatch.GetElapsedTime(batch) < s_shortest / 3; i++)
                run();
            Thread.Sleep(s_compilerDelay);
            compiled = JitInfo.GetCompiledMethodCount();
        }
        while (Stopwatch.GetElapsedTime(start) < s_longest && (compiled > before || Stopwatch.GetElapsedTime(start) < s_shortest));
    }
}
