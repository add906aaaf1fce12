using System.Globalization;
using System.Text;
using System.Text.Json;
using SpectralInit.Benchmarks.Limits;
using SpectralInit.Benchmarks.Native;

namespace SpectralInit.Benchmarks.Peers;

/// <summary>
/// Races SpectralInit against OpenBLAS in this process and NumPy, SciPy, scikit-learn and PyTorch beside it, interleaved
/// run by run so that a slow minute of the machine hits everyone.
/// </summary>
internal static class PeersCommand
{
    private const string Ours = "SpectralInit";

    // OpenBLAS and OpenMP workers spin for tens of milliseconds after a call; nobody is timed while another's threads still burn a core.
    private static readonly TimeSpan s_settle = TimeSpan.FromMilliseconds(120);

    // Shorter runs are timed the second time. Memory that a run gave back to the kernel goes on to the host of a virtual machine within two seconds, while others are timed: what needs hundreds of megabytes
    // anew, as numpy.cov does, would take up to three times as long as it does run after run.
    private static readonly TimeSpan s_repeated = TimeSpan.FromSeconds(1);

    // Measured time of one contestant in one case.
    private static readonly TimeSpan s_share = TimeSpan.FromSeconds(20);

    public static int Run(string[] args)
    {
        List<string> names = [];
        string? jsonFile = null, tableFile = null;
        int repeats = 7;
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--case" when i + 1 < args.Length:
                    names.Add(args[++i]);
                    break;
                case "--json" when i + 1 < args.Length:
                    jsonFile = args[++i];
                    break;
                case "--table" when i + 1 < args.Length:
                    tableFile = args[++i];
                    break;
                case "--repeats" when i + 1 < args.Length && int.TryParse(args[i + 1], out repeats) && repeats > 0:
                    i++;
                    break;
                case "--list":
                    Console.WriteLine(string.Join('\n', PeerCases.All.Keys));
                    return 0;
                case string name when PeerCases.All.ContainsKey(name):
                    names.Add(name);
                    break;
                default:
                    return Usage($"'{args[i]}' is not understood.");
            }
        }

        foreach (string name in names)
        {
            if (!PeerCases.All.ContainsKey(name))
                return Usage($"There is no case '{name}'.");
        }

        PrintMachine();
        // Made now: minutes of measurements should not end for want of a folder.
        foreach (string file in new[] { jsonFile, tableFile }.OfType<string>())
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        List<(string Case, string Subject, double Median)> results = [];
        foreach (string name in names.Count > 0 ? names : [.. PeerCases.All.Keys])
            results.AddRange(Race(name, repeats));

        if (jsonFile is not null)
        {
            File.WriteAllText(jsonFile, JsonSerializer.Serialize(results.Select(r => new Dictionary<string, object>
            {
                ["case"] = r.Case,
                ["subject"] = r.Subject,
                ["median_s"] = r.Median,
            })));
        }

        if (tableFile is not null)
            File.WriteAllText(tableFile, Table(results));
        return 0;
    }

    private static string Table(List<(string Case, string Subject, double Median)> results)
    {
        StringBuilder table = new();
        table.Append(CultureInfo.InvariantCulture, $"""
            # Peers

            Medians of one interleaved run, all processors; each measurement of less than a second follows a run that is not timed. Ratio: peer ÷ SpectralInit, above 1 where we are faster.

            {Machine.Describe()}.
            OpenBLAS: {OpenBlas.Configuration}, kernels {OpenBlas.CoreName}.
            Limits in the same run: {MachineLimits.FmaPeak<double>() / 1e9:F0} GFLOPS double, {MachineLimits.FmaPeak<float>() / 1e9:F0} GFLOPS float, {MachineLimits.Bandwidth.Read / 1e9:F0} GB/s read, {MachineLimits.Bandwidth.Write / 1e9:F0} GB/s written.

            | case | subject | median, ms | ratio |
            |---|---|---:|---:|

            """);
        foreach (IGrouping<string, (string Case, string Subject, double Median)> race in results.GroupBy(result => result.Case))
        {
            double ours = race.First().Median;
            foreach ((string name, string subject, double median) in race)
                table.Append(CultureInfo.InvariantCulture, $"| {name} | {subject} | {median * 1e3:F3} | {median / ours:F2} |\n");
        }

        return table.ToString();
    }

    private static List<(string Case, string Subject, double Median)> Race(string name, int repeats)
    {
        PeerCase race = PeerCases.All[name];
        using PythonPeers? python = race.HasPythonPeers ? PythonPeers.Start(name) : null;
        List<Subject> subjects = [.. race.Prepare()];
        if (python is not null)
            subjects.AddRange(python.Names.Select((peer, index) => new Subject(peer, () => python.Measure(index))));

        // A run of many seconds is as good as the median of several: who has had his time is not run again.
        List<double>[] times = [.. subjects.Select(_ => new List<double>())];
        double[] warmUps = [.. subjects.Select(subject => subject.WarmUp())];
        for (int s = 0; s < subjects.Count; s++)
        {
            if (warmUps[s] > s_share.TotalSeconds)
                times[s].Add(warmUps[s]);
        }

        for (int repeat = 0; repeat < repeats; repeat++)
        {
            for (int s = 0; s < subjects.Count; s++)
            {
                if (times[s].Sum() > s_share.TotalSeconds)
                    continue;
                Thread.Sleep(s_settle);
                if (warmUps[s] < s_repeated.TotalSeconds)
                    _ = subjects[s].Measure();
                times[s].Add(subjects[s].Measure());
            }
        }

        double[] medians = [.. times.Select(Median.Of)];
        Console.WriteLine();
        Console.WriteLine($"{name}   {race.Describe?.Invoke(medians[0])}");
        Console.WriteLine($"  {"subject",-34}{"median ms",12}{"best ms",12}{"peer ÷ ours",14}");
        for (int s = 0; s < subjects.Count; s++)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {subjects[s].Name,-34}{medians[s] * 1e3,12:F3}{times[s].Min() * 1e3,12:F3}{medians[s] / medians[0],14:F2}"));
        GC.Collect();
        return [.. subjects.Select((subject, s) => (name, subject.Name, medians[s]))];
    }

    private static void PrintMachine()
    {
        Console.WriteLine(Machine.Describe());
        Console.WriteLine($"OpenBLAS: {OpenBlas.Configuration}; kernels in use: {OpenBlas.CoreName}");
        MachineLimits.Print();
    }

    private static int Usage(string problem)
    {
        Console.Error.WriteLine(problem);
        Console.Error.WriteLine("Usage: peers [--case NAME …] [--json FILE] [--table FILE] [--repeats N] [--list]");
        return 2;
    }
}
