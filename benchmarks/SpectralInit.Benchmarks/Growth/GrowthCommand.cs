using System.Diagnostics;
using System.Globalization;
using System.Text;
using SpectralInit.Benchmarks.Peers;

namespace SpectralInit.Benchmarks.Growth;

/// <summary>How time and memory grow with rows n (streamed), features d and components k; writes a table and pictures.</summary>
internal static class GrowthCommand
{
    private const int WideCount = 2000, WideColumns = 224 * 224 * 3, WideComponents = 64;

    private static readonly string[] s_folder = ["benchmarks", "results"];

    public static int Run(string[] args)
    {
        // One measurement in a fresh process, so that its peak memory is its own.
        if (args is ["--rows", string count])
            return MeasureRows(long.Parse(count, CultureInfo.InvariantCulture));
        if (args is ["--wide", string kind])
            return MeasureWide(kind);

        if (!SaveFolder.TryRead(args, out string? folder))
            return 2;
        folder ??= Path.Combine(s_folder);
        Directory.CreateDirectory(folder);
        StringBuilder report = new();
        report.AppendLine("# How cost grows").AppendLine();
        report.AppendLine($"{Machine.Describe()}").AppendLine();
        Rows(folder, report);
        Features(folder, report);
        Components(folder, report);
        Wide(report);
        File.WriteAllText(Path.Combine(folder, "growth.md"), report.ToString());
        return 0;
    }

    private static void Rows(string folder, StringBuilder report)
    {
        const int Columns = 256;
        long[] counts = [10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000, 30_000_000, 60_000_000];
        List<double> seconds = [], megabytes = [];
        Line(report, $"## Rows: covariance of n × {Columns} float rows, generated while they are read\n\n| n | seconds | of them making rows | peak memory, MB | allocated in all, MB |\n|---:|---:|---:|---:|---:|");
        foreach (long n in counts)
        {
            double[] parts = [.. Child("growth", "--rows", n.ToString(CultureInfo.InvariantCulture)).Split(' ').Select(part => double.Parse(part, CultureInfo.InvariantCulture))];
            seconds.Add(parts[0]);
            megabytes.Add(parts[2]);
            Line(report, string.Create(CultureInfo.InvariantCulture, $"| {n:N0} | {parts[0]:F3} | {parts[1]:F3} | {parts[2]:F0} | {parts[3]:F1} |"));
        }

        Line(report, "\nBuffers do not grow with n. What is allocated beside them is garbage, which shows as memory until there is enough of it for the collector to come.");
        double[] x = [.. counts.Select(n => (double)n)];
        new SvgPlot("Streaming covariance, d = 256: time grows with n", "rows n", "seconds") { LogX = true, LogY = true }.Line("time", x, [.. seconds]).Points("", x, [.. seconds]).Save(Path.Combine(folder, "growth-rows-time.svg"));
        new SvgPlot("Streaming covariance, d = 256: memory levels off", "rows n", "peak memory, MB") { LogX = true }.Line("memory", x, [.. megabytes]).Reference(0, "").Save(Path.Combine(folder, "growth-rows-memory.svg"));
    }

    private static int MeasureRows(long n)
    {
        long start = Stopwatch.GetTimestamp();
        MomentAccumulator moments = new(256);
        moments.Add(new GeneratedRows(n, 256));
        GC.KeepAlive(moments.ToCovariance());
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        using Process self = Process.GetCurrentProcess();
        double peak = self.PeakWorkingSet64 / 1e6, allocated = GC.GetTotalAllocatedBytes(precise: true) / 1e6;

        start = Stopwatch.GetTimestamp();
        using (IRowReader reader = new GeneratedRows(n, 256).Open())
        {
            float[] buffer = new float[1024 * 256];
            while (reader.Read(buffer.AsSpan()) > 0)
            {
            }
        }

        double making = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds:R} {making:R} {peak:R} {allocated:R}"));
        return 0;
    }

    private static void Features(string folder, StringBuilder report)
    {
        int[] dimensions = [64, 128, 256, 512, 1024, 2048, 4096];
        const int Rows = 10_000;
        List<double> covariance = [], eigen = [];
        Line(report, $"\n## Features: {Rows:N0} float rows, and all eigenpairs of their covariance\n\n| d | covariance, ms | eigenpairs, ms |\n|---:|---:|---:|");
        foreach (int d in dimensions)
        {
            float[] rows = new float[Rows * d];
            using (IRowReader reader = new GeneratedRows(Rows, d).Open())
                reader.Read(rows.AsSpan());
            covariance.Add(Best(() =>
            {
                MomentAccumulator moments = new(d);
                moments.Add(RowSource.From(rows, d));
                GC.KeepAlive(moments.ToCovariance());
            }));
            double[] matrix = Problems.Wishart(d);
            eigen.Add(Best(() => SymmetricEigen.Decompose(matrix, d)));
            Line(report, string.Create(CultureInfo.InvariantCulture, $"| {d} | {covariance[^1] * 1e3:F2} | {eigen[^1] * 1e3:F2} |"));
        }

        double[] x = [.. dimensions.Select(d => (double)d)];
        new SvgPlot($"Cost against features d ({Rows:N0} rows)", "features d", "seconds") { LogX = true, LogY = true }
            .Line("covariance", x, [.. covariance]).Line("all eigenpairs", x, [.. eigen]).Save(Path.Combine(folder, "growth-features.svg"));
    }

    private static void Components(string folder, StringBuilder report)
    {
        const int Dimension = 1024;
        int[] counts = [1, 4, 16, 64, 128, 256, 512, 1024];
        double[] decaying = Problems.Symmetric(Dimension), flat = Problems.Wishart(Dimension);
        List<double> fast = [], slow = [];
        Line(report, $"\n## Components: k leading eigenpairs of a {Dimension} × {Dimension} matrix\n\n| k | eigenvalues 1/i, ms | flat spectrum, ms |\n|---:|---:|---:|");
        foreach (int k in counts)
        {
            fast.Add(Best(() => SymmetricEigen.Leading(decaying, Dimension, k)));
            slow.Add(Best(() => SymmetricEigen.Leading(flat, Dimension, k)));
            Line(report, string.Create(CultureInfo.InvariantCulture, $"| {k} | {fast[^1] * 1e3:F2} | {slow[^1] * 1e3:F2} |"));
        }

        double[] x = [.. counts.Select(k => (double)k)];
        new SvgPlot($"Cost against components k, d = {Dimension}", "components k", "seconds") { LogX = true, LogY = true }
            .Line("eigenvalues 1/i", x, [.. fast]).Line("flat spectrum", x, [.. slow]).Save(Path.Combine(folder, "growth-components.svg"));
    }

    private static void Wide(StringBuilder report)
    {
        Line(report, $"\n## Wide data: {WideComponents} components of {WideCount:N0} float rows of {WideColumns:N0} features (224 × 224 × 3), each in a fresh process\n\n"
            + "| rows | solver | seconds | of them making rows | passes over the rows | peak memory, MB | of them before the fit | λ₁ | λ₆₄ | largest residual ÷ λ₁ |\n|---|---|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (string kind in (string[])["gram", "matrixfree", "streamed"])
            Line(report, Child("growth", "--wide", kind));
    }

    private static int MeasureWide(string kind)
    {
        using Process self = Process.GetCurrentProcess();
        WideRowsSource made = new(WideCount, WideColumns);
        IRowSource rows = made;
        if (kind != "streamed")
        {
            float[] values = new float[WideCount * WideColumns];
            using IRowReader reader = made.Open();
            for (int row = 0; row < WideCount; row += 50)
                reader.Read(values.AsSpan(row * WideColumns, 50 * WideColumns));
            rows = RowSource.From(values, WideColumns);
        }

        DataSpectrumOptions options = new() { Components = WideComponents, Solver = kind == "gram" ? SpectrumSolver.Gram : SpectrumSolver.MatrixFree };
        self.Refresh();
        double before = self.PeakWorkingSet64 / 1e6;
        long start = Stopwatch.GetTimestamp();
        DataSpectrum spectrum = DataSpectrum.Fit(rows, options);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds, making = 0;
        self.Refresh();
        double peak = self.PeakWorkingSet64 / 1e6, allocated = GC.GetTotalAllocatedBytes(precise: true) / 1e6;
        if (kind == "streamed")
        {
            start = Stopwatch.GetTimestamp();
            double[] buffer = new double[64 * WideColumns];
            using IRowReader reader = made.Open();
            while (reader.Read(buffer.AsSpan()) > 0)
            {
            }

            making = spectrum.Passes * Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        double[] eigenvalues = spectrum.Components.Values;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {(kind == "streamed" ? "generated while they are read" : "in memory")} | {spectrum.Solver} | {seconds:F2} | {making:F2} | {spectrum.Passes} | {peak:F0} | {before:F0} | {eigenvalues[0]:G9} | {eigenvalues[^1]:G9} | {spectrum.Components.Residuals.Max() / eigenvalues[0]:E1} |"));
        return 0;
    }

    private static double Best(Action run)
    {
        double best = double.MaxValue;
        for (int repeat = 0; repeat < 4; repeat++)
        {
            long start = Stopwatch.GetTimestamp();
            run();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }

    private static void Line(StringBuilder report, string line)
    {
        Console.WriteLine(line);
        report.Append(line).Append('\n');
    }

    private static string Child(params string[] arguments) => Machine.RunSelf(arguments).Trim();
}
