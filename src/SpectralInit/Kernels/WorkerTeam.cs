using System.Diagnostics;

namespace SpectralInit.Kernels;

/// <summary>
/// A persistent team of background threads behind <see cref="Parallelism.Run"/>. A caller posts its job on a small board and starts on the parts itself;
/// workers that are awake join within about a microsecond. A worker out of work looks at the board for a moment and then sleeps.
/// </summary>
/// <remarks>The caller never waits for a worker that has not started: whoever is free takes the next part. So jobs of many callers, or a busy machine, cost speed only.</remarks>
internal static class WorkerTeam
{
    private const int MaxWorkers = 127, BoardSize = 16;

    /// <summary>How long a thread looks for work, or for the end of its job, before it sleeps; short jobs follow one another faster than threads wake up.</summary>
    private static readonly long s_patience = Stopwatch.Frequency / 5_000;

    private static readonly ParallelJob?[] s_board = new ParallelJob?[BoardSize];
    private static readonly Worker?[] s_workers = new Worker?[MaxWorkers];
    private static readonly Lock s_hiring = new();
    private static int s_workerCount, s_looking, s_callers;

    public static void Run(int count, int threads, Action<int> body)
    {
        ParallelJob job = new(count, threads, body);
        int slot = Post(job);
        if (slot >= 0)
        {
            Interlocked.Increment(ref s_callers);
            WakeFor(threads - 1);
        }

        bool isPart = Parallelism.IsPart;
        Parallelism.IsPart = true;
        job.Work();
        Parallelism.IsPart = isPart;
        if (slot >= 0)
        {
            Volatile.Write(ref s_board[slot], null);
            job.AwaitEnd(Crowded ? 0 : s_patience);
            Interlocked.Decrement(ref s_callers);
        }

        job.ThrowFirst();
    }

    // Looking for work is only worth a processor that nobody of ours wants.
    private static bool Crowded => Volatile.Read(ref s_looking) + Volatile.Read(ref s_callers) > Environment.ProcessorCount;

    private static int Post(ParallelJob job)
    {
        for (int i = 0; i < BoardSize; i++)
        {
            // The exchange is a full fence: a worker that goes to sleep after it sees the job, one before it is seen asleep.
            if (Volatile.Read(ref s_board[i]) == null && Interlocked.CompareExchange(ref s_board[i], job, null) == null)
                return i;
        }

        return -1;
    }

    private static void WakeFor(int helpers)
    {
        if (Volatile.Read(ref s_workerCount) < helpers)
            Hire(Math.Min(helpers, MaxWorkers));
        helpers -= Volatile.Read(ref s_looking);
        int workers = Volatile.Read(ref s_workerCount);
        for (int i = 0; i < workers && helpers > 0; i++)
        {
            if (s_workers[i]!.Wake())
                helpers--;
        }
    }

    private static void Hire(int workers)
    {
        lock (s_hiring)
        {
            while (s_workerCount < workers)
            {
                s_workers[s_workerCount] = new Worker();
                Volatile.Write(ref s_workerCount, s_workerCount + 1);
            }
        }
    }

    private static bool WorkOnce()
    {
        bool worked = false;
        for (int i = 0; i < BoardSize; i++)
        {
            if (Volatile.Read(ref s_board[i]) is { } job && job.TryJoin())
            {
                Interlocked.Decrement(ref s_looking);
                job.Work();
                Interlocked.Increment(ref s_looking);
                worked = true;
            }
        }

        return worked;
    }

    private sealed class Worker
    {
        private readonly object _bed = new();
        private ThreadPlacement? _placement;
        private bool _asleep;

        public Worker() => new Thread(Live) { IsBackground = true, Name = "SpectralInit worker" }.UnsafeStart();

        public bool Wake()
        {
            if (!Volatile.Read(ref _asleep))
                return false;
            lock (_bed)
            {
                if (!_asleep)
                    return false;
                _asleep = false;
                _placement?.MakeWay();
                Monitor.Pulse(_bed);
                return true;
            }
        }

        private void Live()
        {
            Parallelism.IsPart = true;
            _placement = new ThreadPlacement();
            while (true)
            {
                Interlocked.Increment(ref s_looking);
                long start = Stopwatch.GetTimestamp();
                do
                {
                    if (WorkOnce())
                        start = Stopwatch.GetTimestamp();
                    else
                        Thread.SpinWait(8);
                }
                while (!Crowded && Stopwatch.GetTimestamp() - start < s_patience);

                // Asleep first, then one last look: a job posted before is seen, one posted after sees us asleep.
                _placement.Rest();
                Volatile.Write(ref _asleep, true);
                Interlocked.MemoryBarrier();
                bool worked = WorkOnce();
                Interlocked.Decrement(ref s_looking);
                lock (_bed)
                {
                    if (worked)
                        _asleep = false;
                    while (_asleep)
                        Monitor.Wait(_bed);
                }
            }
        }
    }
}
