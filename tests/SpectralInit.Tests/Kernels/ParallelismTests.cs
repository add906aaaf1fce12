using System.Collections.Concurrent;
using SpectralInit.Kernels;

namespace SpectralInit.Tests.Kernels;

public class ParallelismTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Every_part_runs_exactly_once(int threads)
    {
        using IDisposable limit = Parallelism.Limit(threads);
        for (int count = 0; count < 300; count++)
        {
            int[] runs = new int[count];
            Parallelism.Run(count, part => Interlocked.Increment(ref runs[part]));
            runs.All(times => times == 1).Should().BeTrue();
        }
    }

    [Fact]
    public void No_more_threads_than_allowed_take_part()
    {
        foreach (int threads in new[] { 1, 2, 3 })
        {
            using IDisposable limit = Parallelism.Limit(threads);
            int inside = 0, most = 0;
            Parallelism.Run(200, _ =>
            {
                int now = Interlocked.Increment(ref inside);
                InterlockedMax(ref most, now);
                Thread.SpinWait(2000);
                Interlocked.Decrement(ref inside);
            });
            most.Should().BeLessThanOrEqualTo(threads);
        }
    }

    [Fact]
    public void Another_thread_helps_with_long_parts()
    {
        using IDisposable limit = Parallelism.Limit(2);
        using Barrier both = new(2);
        Parallelism.Run(2, _ => both.SignalAndWait(TimeSpan.FromSeconds(30)).Should().BeTrue());
    }

    [Fact]
    public void A_part_is_sequential_and_stays_on_its_thread()
    {
        using IDisposable limit = Parallelism.Limit(4);
        ConcurrentBag<bool> same = [];
        Parallelism.Run(8, _ =>
        {
            int thread = Environment.CurrentManagedThreadId;
            Parallelism.MaxThreads.Should().Be(1);
            Parallelism.Run(16, _ => same.Add(Environment.CurrentManagedThreadId == thread));
        });
        same.Should().HaveCount(8 * 16).And.OnlyContain(value => value);
        Parallelism.MaxThreads.Should().Be(4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void The_exception_of_the_lowest_failing_part_comes_out(int threads)
    {
        using IDisposable limit = Parallelism.Limit(threads);
        for (int round = 0; round < 50; round++)
        {
            int started = 0;
            Action run = () => Parallelism.Run(1000, part =>
            {
                Interlocked.Increment(ref started);
                if (part % 10 == 7)
                    throw new InvalidOperationException($"part {part}");
                Thread.SpinWait(part % 3 * 50);
            });
            run.Should().Throw<InvalidOperationException>().WithMessage("part 7");
            started.Should().BeLessThan(1000);
            Parallelism.MaxThreads.Should().Be(threads);
        }
    }

    [Fact]
    public void Many_callers_share_the_team()
    {
        long[] sums = new long[24];
        Thread[] callers = [.. Enumerable.Range(0, sums.Length).Select(caller => new Thread(() =>
        {
            using IDisposable limit = Parallelism.Limit(1 + (caller % 4));
            for (int round = 0; round < 200; round++)
                Parallelism.Run(20, part => Interlocked.Add(ref sums[caller], part));
        }))];
        foreach (Thread caller in callers)
            caller.Start();
        foreach (Thread caller in callers)
            caller.Join();
        sums.Should().OnlyContain(sum => sum == 200 * 190);
    }

    [Fact]
    public void Sleeping_workers_wake_up()
    {
        using IDisposable limit = Parallelism.Limit(3);
        for (int round = 0; round < 20; round++)
        {
            Thread.Sleep(round % 3);
            int sum = 0;
            Parallelism.Run(10, part =>
            {
                Thread.SpinWait(20_000);
                Interlocked.Add(ref sum, part);
            });
            sum.Should().Be(45);
        }
    }

    [Fact]
    public void Limits_nest_and_end()
    {
        int before = Parallelism.MaxThreads;
        using (Parallelism.Limit(5))
        {
            Parallelism.MaxThreads.Should().Be(5);
            using (Parallelism.Limit(2))
                Parallelism.MaxThreads.Should().Be(2);
            Parallelism.MaxThreads.Should().Be(5);
        }

        Parallelism.MaxThreads.Should().Be(before);
        Action zero = () => Parallelism.Limit(0);
        zero.Should().Throw<ArgumentOutOfRangeException>().WithParameterName("threads");
        Action negative = () => Parallelism.MaxThreads = -1;
        negative.Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Limits_end_in_any_order_and_on_any_thread()
    {
        int before = Parallelism.MaxThreads;
        IDisposable outer = Parallelism.Limit(5), middle = Parallelism.Limit(3), inner = Parallelism.Limit(2);
        outer.Dispose();
        Parallelism.MaxThreads.Should().Be(2);
        middle.Dispose();
        inner.Dispose();
        Parallelism.MaxThreads.Should().Be(before);

        IDisposable own = Parallelism.Limit(4);
        Thread other = new(() =>
        {
            using IDisposable limit = Parallelism.Limit(6);
            own.Dispose();
            Parallelism.MaxThreads.Should().Be(6);
        });
        other.Start();
        other.Join();
        Parallelism.MaxThreads.Should().Be(before);
        using (Parallelism.Limit(7))
        {
            own.Dispose();
            Parallelism.MaxThreads.Should().Be(7, "it had ended before");
        }
    }

    [Fact]
    public void A_thread_makes_way_for_its_waker()
    {
        if (!OperatingSystem.IsLinux() || Environment.ProcessorCount < 2)
            return;
        int moved = 0;
        Thread thread = new(() =>
        {
            // Nothing but the affinity moves this thread off a processor at once, twenty times in a row.
            ThreadPlacement placement = new();
            for (int i = 0; i < 20; i++)
            {
                placement.Rest();
                int before = Thread.GetCurrentProcessorId();
                placement.MakeWay();
                for (int look = 0; look < 100_000 && Thread.GetCurrentProcessorId() == before; look++)
                {
                }

                moved += Thread.GetCurrentProcessorId() != before ? 1 : 0;
            }
        });
        thread.Start();
        thread.Join();
        moved.Should().BeGreaterThan(15);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (int seen = Volatile.Read(ref target); value > seen; seen = Volatile.Read(ref target))
            Interlocked.CompareExchange(ref target, value, seen);
    }
}
