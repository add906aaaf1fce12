using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>How many threads the library uses. Results never depend on it: work is cut into fixed parts and merged in a fixed order.</summary>
public static class Parallelism
{
    private static int s_maxThreads = Environment.ProcessorCount;

    [ThreadStatic]
    private static int t_limit;

    /// <summary>The most threads one operation uses, the calling one included; at least 1. Default: the number of processors.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public static int MaxThreads
    {
        get => t_limit > 0 ? t_limit : s_maxThreads;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            s_maxThreads = value;
        }
    }

    /// <summary>Limits operations started from the current thread until the result is disposed on the same thread; limits nest, the last one disposed first.</summary>
    /// <param name="threads">The most threads, ≥ 1; it may also exceed <see cref="MaxThreads"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is less than 1.</exception>
    public static IDisposable Limit(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Scope scope = new(t_limit);
        t_limit = threads;
        return scope;
    }

    /// <summary>Runs <paramref name="body"/> for 0 … count−1, each exactly once, in any order, on at most <see cref="MaxThreads"/> threads.</summary>
    /// <remarks>
    /// A part is itself sequential: calls from inside <paramref name="body"/> run on its thread. When parts throw, no further ones start, and the
    /// exception of the lowest part that threw is rethrown, whatever the timing.
    /// </remarks>
    internal static void Run(int count, Action<int> body)
    {
        int threads = Math.Min(MaxThreads, count);
        if (threads > 1)
        {
            WorkerTeam.Run(count, threads, body);
            return;
        }

        for (int i = 0; i < count; i++)
            body(i);
    }

    /// <summary>What <see cref="MaxThreads"/> was set to on this thread, 0 for nothing; the team sets it to 1 while a part runs.</summary>
    internal static int ThreadLimit
    {
        get => t_limit;
        set => t_limit = value;
    }

    private sealed class Scope(int previous) : IDisposable
    {
        public void Dispose() => t_limit = previous;
    }
}
