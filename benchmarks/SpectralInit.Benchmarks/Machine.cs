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
    public static string RunSelf(params IReadOnlyList<string> arguments)
    {
        string command = Environment.ProcessPath!;
        List<string> all = [.. arguments];
        if (Path.GetFileNameWithoutExtension(command) == "dotnet")
            all.Insert(0, typeof(Machine).Assembly.Location);
        using Process process = Process.Start(new ProcessStartInfo(command, all) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"'{string.Join(' ', arguments)}' ended with exit code {process.ExitCode}.");
    }
}
