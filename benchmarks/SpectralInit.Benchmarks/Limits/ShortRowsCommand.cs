using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace SpectralInit.Benchmarks.Limits;

/// <summary>
/// Covariance of many short rows against what the machine allows: reading them, or multiplying and adding the upper triangle. Both limits are measured
/// again beside every measurement, because on a shared machine they change by the second.
/// </summary>
internal static unsafe class ShortRowsCommand
{
    private const long Bytes = 256L << 20;
    private const int Repeats = 7;

    private static readonly int[] s_columns = [1, 2, 3, 4, 5, 7, 8, 12, 16, 20, 24, 30, 32, 40, 48, 64, 80, 96, 128];

    public static int Run(string[] args)
    {
        if (!SaveFolder.TryRead(args, out string? folder))
            return 2;
        StringBuilder report = new();
        report.Append(CultureInfo.InvariantCulture, $"""
            # Covariance of short rows

            {Bytes >> 20} MB of rows in memory, medians of {Repeats} measurements. Each is set against the same memory read once, by all threads, and against register-only multiply-adds,
            both measured just before it, the best of three times; of the multiply-adds only the d(d+1)/2 a row needs count. The last column of each type is the share of whichever limit is nearer.

            {Machine.Describe()}.

            | d | float: GB/s | of reading | of FMA peak | of the limit | double: GB/s | of reading | of FMA peak | of the limit |
            |---:|---:|---:|---:|---:|---:|---:|---:|---:|

            """);
        byte* memory = (byte*)NativeMemory.AlignedAlloc((nuint)Bytes, 64);
        Share[] singles = Measure<float>(memory), doubles = Measure<double>(memory);
        NativeMemory.AlignedFree(memory);
        for (int i = 0; i < s_columns.Length; i++)
            report.Append(CultureInfo.InvariantCulture, $"| {s_columns[i]} | {singles[i]} | {doubles[i]} |\n");
        Console.Write(report);
        if (folder is null)
            return 0;
        File.WriteAllText(Path.Combine(folder, "short-rows.md"), report.ToString());
        double[] x = [.. s_columns.Select(d => (double)d)];
        new SvgPlot("Covariance of short rows: share of the nearer limit", "columns d", "share of the limit") { LogX = true }
            .Line("float", x, [.. singles.Select(share => share.Limits.OfNearer)]).Points("", x, [.. singles.Select(share => share.Limits.OfNearer)])
            .Line("double", x, [.. doubles.Select(share => share.Limits.OfNearer)]).Points("", x, [.. doubles.Select(share => share.Limits.OfNearer)])
            .Reference(0.8, "80 %").Save(Path.Combine(folder, "short-rows.svg"));
        return 0;
    }

    private static Share[] Measure<T>(byte* memory)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int count = (int)(Bytes / sizeof(T));
        Random random = new(1);
        for (int i = 0; i < count; i++)
            ((T*)memory)[i] = i < 1 << 20 ? T.CreateTruncating(3 + random.NextDouble() - random.NextDouble()) : ((T*)memory)[i - (1 << 20)];

        WarmUp.Run(() =>
        {
            foreach (int d in s_columns)
                Covariance(memory, count / d / 8, d, sizeof(T));
        });
        return [.. s_columns.Select(d => Measure<T>(memory, count / d, d))];
    }

    private static Share Measure<T>(byte* memory, int n, int d)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double bytes = (double)n * d * sizeof(T), operations = (double)n * d * (d + 1);
        Covariance(memory, n, d, sizeof(T));
        LimitShare share = LimitShare.Measure<T>(() => Covariance(memory, n, d, sizeof(T)), memory, Bytes, () => bytes, writes: false, () => operations, Repeats);
        return new(bytes / share.Seconds / 1e9, share);
    }

    private static void Covariance(byte* memory, int n, int d, int size)
    {
        if (size == sizeof(float))
            SpectralInit.Covariance.Of(new ReadOnlySpan<float>(memory, n * d), d);
        else
            SpectralInit.Covariance.Of(new ReadOnlySpan<double>(memory, n * d), d);
    }

    private readonly record struct Share(double Rate, LimitShare Limits)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Rate:F1} | {100 * Limits.OfMemory:F0} % | {100 * Limits.OfPeak:F0} % | {100 * Limits.OfNearer:F0} %");
    }
}
