using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>How many threads the library uses. Results never depend on it: work is cut into fixed parts and merged in a fixed order.</summary>
public static class Parallelism
{
    private static int s_maxThreads = Environment.ProcessorCount;

    [ThreadStatic]
    private static Scope? t_scope;

    [ThreadStatic]
    private static bool t_isPart;

    /// <summary>The most threads one operation uses, the calling one included; at least 1. Default: the number of processors.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public static int MaxThreads
    {
        get => t_isPart ? 1 : Innermost?.Threads ?? s_maxThreads;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxThreads));
            s_maxThreads = value;
        }
    }

    /// <summary>Limits operations started from the current thread until the result is disposed. Limits nest: of those not yet disposed the last one made counts.</summary>
    /// <param name="threads">The most threads, ≥ 1; it may also exceed <see cref="MaxThreads"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is less than 1.</exception>
    public static IDisposable Limit(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        return t_scope = new(threads, Innermost);
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

    /// <summary>True while this thread runs a part of an operation, which is then sequential.</summary>
    internal static bool IsPart
    {
        get => t_isPart;
        set => t_isPart = value;
    }

    // Limits may end in any order and on any thread: those that have are passed over.
    private static Scope? Innermost
    {
        get
        {
            while (t_scope is { HasEnded: true })
                t_scope = t_scope.Outer;
            return t_scope;
        }
    }

    private sealed class Scope(int threads, Scope? outer) : IDisposable
    {
        private volatile bool _hasEnded;

        public int Threads => threads;

        public Scope? Outer => outer;

        public bool HasEnded => _hasEnded;

        public void Dispose() => _hasEnded = true;
    }
}
