using System.Diagnostics;
using System.Globalization;
using System.Text;

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

    private const string Choice = """
        The package holds portable code (IL) alone. ReadyToRun would save about a tenth here, more than double the assembly and tie it to one system and processor; the vector kernels, in which the time goes, are compiled again at
        run time all the same, for the vectors the machine has. Kernels that a first call keeps busy are marked for full optimization at once; the rest starts in the quick tier, which is why
        the default is faster than optimizing everything first. Nothing needs to be set.
        """;

    /// <summary>What a user can set without touching the package, measured beside the runtime's default.</summary>
    private static readonly (string Name, string? Variable, string Value)[] _settings =
    [
        ("the runtime's default: tiers, profile-guided", null, ""),
        ("profiling off", "DOTNET_TieredPGO", "0"),
        ("no tiers: optimized code at once", "DOTNET_TieredCompilation", "0"),
        ("no quick code for methods with loops", "DOTNET_TC_QuickJitForLoops", "0"),
    ];

    /// <summary>Options: <c>--ready-to-run FOLDER</c> times a publication of this program with <c>PublishReadyToRun</c> too; <c>--save FOLDER</c> keeps the table.</summary>
    public static int Run(string[] arguments)
    {
        string? precompiled = null, folder = null;
        for (int i = 0; i < arguments.Length; i += 2)
        {
            string? value = i + 1 < arguments.Length ? arguments[i + 1] : null;
            switch (arguments[i])
            {
                case "--ready-to-run" when value is not null: precompiled = value; break;
                case "--save" when value is not null: folder = value; break;
                default:
                    Console.Error.WriteLine($"'{arguments[i]}' is no option of coldstart: use --ready-to-run FOLDER, --save FOLDER.");
                    return 2;
            }
        }

        StringBuilder table = new();
        table.AppendLine("# Cold start").AppendLine().AppendLine(Machine.Describe()).AppendLine()
            .AppendLine(CultureInfo.InvariantCulture, $"First principal components of {Rows} × {Columns} rows in a fresh process, compilation included, on its own clock; {Processes} processes each.")
            .AppendLine().AppendLine("| how the code is compiled | median, ms | best | worst |").AppendLine("|---|---:|---:|---:|");
        foreach ((string name, string? variable, string value) in _settings)
            table.AppendLine(Row(name, () => Machine.RunSelf(["coldstart-child"], variable, value)));
        if (precompiled is not null)
            table.AppendLine(Row("ReadyToRun, with the runtime's default tiers", () => Machine.Run(Path.Combine(precompiled, "SpectralInit.Benchmarks"), ["coldstart-child"])));

        table.AppendLine().AppendLine(Choice);
        Console.Write(table);
        if (folder is not null)
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(folder).FullName, "coldstart.md"), table.ToString());
        return 0;
    }

    private static string Row(string name, Func<string> child)
    {
        double[] milliseconds = [.. Enumerable.Range(0, Processes).Select(_ => double.Parse(child(), CultureInfo.InvariantCulture)).Order()];
        return string.Create(CultureInfo.InvariantCulture, $"| {name} | {milliseconds[Processes / 2]:F0} | {milliseconds[0]:F0} | {milliseconds[^1]:F0} |");
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
}
