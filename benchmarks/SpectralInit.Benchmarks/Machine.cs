using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace SpectralInit.Benchmarks;

/// <summary>The machine a table comes from, and this program started again in a fresh process on it.</summary>
internal static class Machine
{
    public static string Describe()
    {
        string processor = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "processor unknown"
            : RuntimeInformation.ProcessArchitecture.ToString();
        string vectors = Avx512F.IsSupported ? "AVX-512" : Avx2.IsSupported ? "AVX2" : "no AVX2";
        return $"{processor}, {Environment.ProcessorCount} processors, {vectors}; {RuntimeInformation.FrameworkDescription}; {RuntimeInformation.OSDescription}";
    }

    /// <summary>Runs this program with other arguments in a fresh process and returns what it prints.</summary>
    public static string RunSelf(params IReadOnlyList<string> arguments) => RunSelf(arguments, null, "");

    /// <summary>The same with one environment variable set, or none for null.</summary>
    public static string RunSelf(IReadOnlyList<string> arguments, string? variable, string value)
    {
        string command = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(command) == "dotnet"
            ? Run(command, [typeof(Machine).Assembly.Location, .. arguments], variable, value)
            : Run(command, arguments, variable, value);
    }

    /// <summary>Runs a program in a fresh process and returns what it prints.</summary>
    /// <exception cref="InvalidOperationException">It ended with an error.</exception>
    public static string Run(string command, IReadOnlyList<string> arguments, string? variable = null, string value = "")
    {
        ProcessStartInfo start = new(command, arguments) { RedirectStandardOutput = true };
        if (variable is not null)
            start.Environment[variable] = value;
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"'{string.Join(' ', arguments)}' ended with exit code {process.ExitCode}.");
    }
}
