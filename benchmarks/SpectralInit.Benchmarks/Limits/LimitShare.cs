using System.Diagnostics;

namespace SpectralInit.Benchmarks.Limits;

/// <summary>A time, and which share of it the machine would have needed to touch the memory and to multiply and add: medians of several measurements.</summary>
/// <param name="Seconds">The time.</param>
/// <param name="OfMemory">Share of reading, or writing.</param>
/// <param name="OfPeak">Share of the multiply-adds.</param>
/// <param name="OfNearer">Share of the slower of the two.</param>
internal readonly unsafe record struct LimitShare(double Seconds, double OfMemory, double OfPeak, double OfNearer)
{
    /// <summary>Measures both limits, the best of three times, and then the run, several times: on a shared machine the limits change by the second.</summary>
    /// <param name="run">What is measured.</param>
    /// <param name="memory">Memory to touch for comparison.</param>
    /// <param name="bytes">How much of it.</param>
    /// <param name="touched">Bytes that a run has to read, or write, asked after it.</param>
    /// <param name="writes">Written, not read.</param>
    /// <param name="operations">Floating-point operations that the result of a run needs, asked after it.</param>
    /// <param name="repeats">How often.</param>
    /// <typeparam name="T">Type of the arithmetic.</typeparam>
    public static LimitShare Measure<T>(Action run, byte* memory, long bytes, Func<double> touched, bool writes, Func<double> operations, int repeats)
        where T : unmanaged
    {
        LimitShare[] shares = new LimitShare[repeats];
        for (int i = 0; i < repeats; i++)
        {
            double rate = 0, peak = 0;
            for (int j = 0; j < 3; j++)
            {
                rate = Math.Max(rate, writes ? MachineLimits.WriteRate(memory, bytes) : MachineLimits.ReadRate(memory, bytes));
                peak = Math.Max(peak, MachineLimits.FmaRate<T>());
            }

            long start = Stopwatch.GetTimestamp();
            run();
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds, ofMemory = touched() / rate / seconds, ofPeak = operations() / peak / seconds;
            shares[i] = new(seconds, ofMemory, ofPeak, Math.Max(ofMemory, ofPeak));
        }

        return new(Median.Of(shares.Select(share => share.Seconds)), Median.Of(shares.Select(share => share.OfMemory)), Median.Of(shares.Select(share => share.OfPeak)), Median.Of(shares.Select(share => share.OfNearer)));
    }
}
