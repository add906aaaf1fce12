using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace SpectralInit.Kernels;

/// <summary>One parallel operation: parts 0 … count−1, taken in ascending order by whoever is free.</summary>
internal sealed class ParallelJob
{
    private readonly int _count;
    private readonly Action<int> _body;
    private readonly object _gate = new();
    private long _next;
    private int _left, _seats;
    private bool _awaited;
    private int _failedPart = int.MaxValue;
    private ExceptionDispatchInfo? _failure;

    public ParallelJob(int count, int threads, Action<int> body)
    {
        (_count, _body, _left, _seats) = (count, body, count, threads - 1);
    }

    /// <summary>Takes a seat for another thread; false when the job has enough threads or nothing left to start.</summary>
    public bool TryJoin() => Volatile.Read(ref _seats) > 0 && Volatile.Read(ref _next) < _count && Interlocked.Decrement(ref _seats) >= 0;

    /// <summary>Runs parts until none is left to start.</summary>
    public void Work()
    {
        int done = 0;
        for (long part = Interlocked.Increment(ref _next) - 1; part < _count; part = Interlocked.Increment(ref _next) - 1)
        {
            // Parts are taken in order and those below a failure still run, so the lowest failure is the same each time.
            if (part < Volatile.Read(ref _failedPart))
            {
                try
                {
                    _body((int)part);
                }
#pragma warning disable CA1031 // Whatever it is, it is rethrown on the calling thread.
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    Fail((int)part, exception);
                }
            }

            done++;
        }

        if (done > 0 && Interlocked.Add(ref _left, -done) == 0 && Volatile.Read(ref _awaited))
        {
            lock (_gate)
                Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Returns when every part has run; looks for <paramref name="patience"/> stopwatch ticks before it sleeps.</summary>
    public void AwaitEnd(long patience)
    {
        for (long start = Stopwatch.GetTimestamp(); Volatile.Read(ref _left) > 0 && Stopwatch.GetTimestamp() - start < patience;)
            Thread.SpinWait(4);
        if (Volatile.Read(ref _left) == 0)
            return;
        lock (_gate)
        {
            Volatile.Write(ref _awaited, true);
            Interlocked.MemoryBarrier();
            while (Volatile.Read(ref _left) > 0)
                Monitor.Wait(_gate);
        }
    }

    public void ThrowFirst() => _failure?.Throw();

    private void Fail(int part, Exception exception)
    {
        lock (_gate)
        {
            if (part < _failedPart)
            {
                _failure = ExceptionDispatchInfo.Capture(exception);
                Volatile.Write(ref _failedPart, part);
            }
        }
    }
}
