using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SpectralInit.Benchmarks.Limits;

/// <summary>What the machine can do at best: fused multiply-adds per second and memory bandwidth, on all allowed threads.</summary>
internal static unsafe class MachineLimits
{
    private const long BandwidthBytes = 512L << 20;

    private static readonly Lazy<double> s_doublePeak = new(MeasurePeak<double>);
    private static readonly Lazy<double> s_singlePeak = new(MeasurePeak<float>);
    private static readonly Lazy<(double Read, double Write)> s_bandwidth = new(MeasureBandwidth);

    public static void Print()
    {
        Console.WriteLine($"FMA peak, {Environment.ProcessorCount} threads: {FmaPeak<double>() / 1e9:F0} GFLOPS double, {FmaPeak<float>() / 1e9:F0} GFLOPS float");
        (double read, double write) = Bandwidth;
        Console.WriteLine($"Memory: {read / 1e9:F1} GB/s read, {write / 1e9:F1} GB/s write");
    }

    /// <summary>Floating-point operations per second of register-only multiply-adds, all threads; measured once.</summary>
    public static double FmaPeak<T>()
        where T : unmanaged => typeof(T) == typeof(float) ? s_singlePeak.Value : s_doublePeak.Value;

    /// <summary>Bytes per second read and written, all threads together, far beyond the caches; measured once.</summary>
    public static (double Read, double Write) Bandwidth => s_bandwidth.Value;

    /// <summary><see cref="FmaPeak{T}"/> as it is at this moment: one short measurement.</summary>
    public static double FmaRate<T>()
        where T : unmanaged => FmaRate<T>(1_000_000);

    /// <summary>Bytes per second at which all threads read some memory once, at this moment.</summary>
    public static double ReadRate(byte* memory, long bytes)
    {
        long share = bytes / Environment.ProcessorCount / 1024 * 1024;
        return share * Environment.ProcessorCount / OnAllThreads(thread => Sink(Sum(memory + (thread * share), share)));
    }

    /// <summary>Bytes per second at which all threads write some memory once, at this moment.</summary>
    public static double WriteRate(byte* memory, long bytes)
    {
        // Stores past the caches take whole lines.
        memory = (byte*)(((nuint)memory + 63) & ~(nuint)63);
        long share = (bytes - 64) / Environment.ProcessorCount / 1024 * 1024;
        return share * Environment.ProcessorCount / OnAllThreads(thread => Fill(memory + (thread * share), share));
    }

    private static double MeasurePeak<T>()
        where T : unmanaged
    {
        double best = 0;
        for (int repeat = 0; repeat < 5; repeat++)
            best = Math.Max(best, FmaRate<T>(20_000_000));
        return best;
    }

    private static double FmaRate<T>(long steps)
        where T : unmanaged
    {
        int lanes = Vector512.IsHardwareAccelerated ? Vector512<T>.Count : Vector256<T>.Count;
        return 2.0 * 10 * lanes * steps * Environment.ProcessorCount / OnAllThreads(_ => Multiply<T>(steps));
    }

    private static (double Read, double Write) MeasureBandwidth()
    {
        byte* memory = (byte*)NativeMemory.AlignedAlloc((nuint)BandwidthBytes, 64);
        NativeMemory.Fill(memory, (nuint)BandwidthBytes, 1);
        double read = 0, write = 0;
        for (int repeat = 0; repeat < 7; repeat++)
        {
            read = Math.Max(read, ReadRate(memory, BandwidthBytes));
            write = Math.Max(write, WriteRate(memory, BandwidthBytes));
        }

        NativeMemory.AlignedFree(memory);
        return (read, write);
    }

    private static void Multiply<T>(long steps)
        where T : unmanaged
    {
        if (Vector512.IsHardwareAccelerated)
            Sink(Fma512<T>(steps));
        else
            Sink(Fma256<T>(steps));
    }

    // On the library's own threads, which keep off each other's processors; new ones may share one for as long as this takes. Each measures itself: a caller
    // that only waits may wake late and see less.
    private static double OnAllThreads(Action<int> body)
    {
        using Barrier barrier = new(Environment.ProcessorCount);
        double[] seconds = new double[Environment.ProcessorCount];
        Parallelism.Run(seconds.Length, thread =>
        {
            barrier.SignalAndWait(TimeSpan.FromSeconds(1));
            long start = Stopwatch.GetTimestamp();
            body(thread);
            seconds[thread] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        });
        return seconds.Max();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Sink<T>(T value) => GC.KeepAlive(value);

    // Ten chains cover a latency of four cycles on two ports with room to spare.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector512<T> Fma512<T>(long steps)
        where T : unmanaged
    {
        Vector512<T> a = Vector512<T>.Zero, b = a, c = a, d = a, e = a, f = a, g = a, h = a, i = a, j = a, x = Vector512<T>.One, y = x;
        for (long step = 0; step < steps; step++)
        {
            a = MultiplyAdd(x, y, a);
            b = MultiplyAdd(x, y, b);
            c = MultiplyAdd(x, y, c);
            d = MultiplyAdd(x, y, d);
            e = MultiplyAdd(x, y, e);
            f = MultiplyAdd(x, y, f);
            g = MultiplyAdd(x, y, g);
            h = MultiplyAdd(x, y, h);
            i = MultiplyAdd(x, y, i);
            j = MultiplyAdd(x, y, j);
        }

        return a + b + c + d + e + f + g + h + i + j;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector256<T> Fma256<T>(long steps)
        where T : unmanaged
    {
        Vector256<T> a = Vector256<T>.Zero, b = a, c = a, d = a, e = a, f = a, g = a, h = a, i = a, j = a, x = Vector256<T>.One, y = x;
        for (long step = 0; step < steps; step++)
        {
            a = MultiplyAdd(x, y, a);
            b = MultiplyAdd(x, y, b);
            c = MultiplyAdd(x, y, c);
            d = MultiplyAdd(x, y, d);
            e = MultiplyAdd(x, y, e);
            f = MultiplyAdd(x, y, f);
            g = MultiplyAdd(x, y, g);
            h = MultiplyAdd(x, y, h);
            i = MultiplyAdd(x, y, i);
            j = MultiplyAdd(x, y, j);
        }

        return a + b + c + d + e + f + g + h + i + j;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> MultiplyAdd<T>(Vector512<T> x, Vector512<T> y, Vector512<T> sum)
        where T : unmanaged =>
        typeof(T) == typeof(float)
            ? Vector512.FusedMultiplyAdd(x.AsSingle(), y.AsSingle(), sum.AsSingle()).As<float, T>()
            : Vector512.FusedMultiplyAdd(x.AsDouble(), y.AsDouble(), sum.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> MultiplyAdd<T>(Vector256<T> x, Vector256<T> y, Vector256<T> sum)
        where T : unmanaged =>
        typeof(T) == typeof(float)
            ? Vector256.FusedMultiplyAdd(x.AsSingle(), y.AsSingle(), sum.AsSingle()).As<float, T>()
            : Vector256.FusedMultiplyAdd(x.AsDouble(), y.AsDouble(), sum.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Sum(byte* memory, long bytes)
    {
        Vector512<double> a = Vector512<double>.Zero, b = a, c = a, d = a;
        for (byte* end = memory + bytes; memory < end; memory += 256)
        {
            a += Vector512.Load((double*)memory);
            b += Vector512.Load((double*)(memory + 64));
            c += Vector512.Load((double*)(memory + 128));
            d += Vector512.Load((double*)(memory + 192));
        }

        return Vector512.Sum(a + b + c + d);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fill(byte* memory, long bytes)
    {
        Vector512<double> one = Vector512<double>.One;
        for (byte* end = memory + bytes; memory < end; memory += 128)
        {
            one.StoreAlignedNonTemporal((double*)memory);
            one.StoreAlignedNonTemporal((double*)(memory + 64));
        }
    }
}
