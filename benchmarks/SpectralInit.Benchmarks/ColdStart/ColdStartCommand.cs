using System.Diagnostics;
using System.Globalization;

namespace SpectralInit.Benchmarks.ColdStart;

/// <summary>
/// How long a script waits for its first answer: principal components of 1797 × 64 rows (the size of the digits data set)
/// in a fresh process, just-in-time compilation included.
/// </summary>
internal static class ColdStartCommand
{
    private const int Rows = 1797;
    private const int Columns = 64;
    private const int Processes = 9;

    public static int Run()
    {
        double[] milliseconds = [.. Enumerable.Range(0, Processes).Select(_ => Child()).Order()];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"First principal components of {Rows} × {Columns} in a fresh process, compilation included: median {milliseconds[Processes / 2]:F0} ms, best {milliseconds[0]:F0} ms, worst {milliseconds[^1]:F0} ms of {Processes} processes"));
        return 0;
    }

    /// <summary>The fresh process: makes rows without touching the library, times the first fit, prints milliseconds.</summary>
    public static int RunChild()
    {
        Random random = new(1);
        double[] rows = new double[Rows * Columns];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = random.Next(17) * ((i % Columns) + 1.0) / Columns;

        long start = Stopwatch.GetTimestamp();
        DataSpectrum spectrum = DataSpectrum.Fit(RowSource.From(rows, Columns), new DataSpectrumOptions { Components = 16 });
        float[] weights = new PrincipalComponentInitializer(spectrum).Create<float>(WeightShape.Dense(Columns, 16));
        double elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        GC.KeepAlive(weights);
        Console.WriteLine(elapsed.ToString("R", CultureInfo.InvariantCulture));
        return 0;
    }

    private static double Child() => double.Parse(Machine.RunSelf("coldstart-child"), CultureInfo.InvariantCulture);
}
