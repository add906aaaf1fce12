using System.Diagnostics;
using System.Text.Json;

namespace SpectralInit.Benchmarks.Peers;

/// <summary>NumPy, SciPy, scikit-learn and PyTorch on one case, in a Python process that waits between runs.</summary>
internal sealed class PythonPeers : IDisposable
{
    private readonly Process _process;

    private PythonPeers(Process process, IReadOnlyList<string> names, string versions)
    {
        _process = process;
        Names = names;
        Versions = versions;
    }

    public IReadOnlyList<string> Names { get; }

    public string Versions { get; }

    /// <summary>Starts the peers of a case; null when Python or a package is missing, or the case has no Python peer.</summary>
    public static PythonPeers? Start(string caseName)
    {
        try
        {
            if (StartScript("peers.py", "--serve", caseName) is not { } process)
                return null;
            string? hello = process.StandardOutput.ReadLine();
            if (hello is null)
            {
                process.Dispose();
                return null;
            }

            JsonElement root = JsonDocument.Parse(hello).RootElement;
            return new PythonPeers(process, [.. root.GetProperty("peers").EnumerateArray().Select(name => name.GetString()!)], root.GetProperty("versions").ToString());
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    public double Measure(int peer)
    {
        _process.StandardInput.WriteLine(peer);
        return JsonSerializer.Deserialize<double>(_process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"The peer '{Names[peer]}' ended."));
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(5000))
            _process.Kill();
        _process.Dispose();
    }

    /// <summary>What a script of the peers' folder prints; null when Python or a package is missing.</summary>
    public static string? RunScript(string name, params IReadOnlyList<string> arguments)
    {
        try
        {
            using Process? process = StartScript(name, arguments);
            string? output = process?.StandardOutput.ReadToEnd();
            process?.WaitForExit();
            return process?.ExitCode == 0 ? output : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static Process? StartScript(string name, params IReadOnlyList<string> arguments)
    {
        if (FindScript(name) is not { } script)
            return null;
        ProcessStartInfo start = new(Environment.GetEnvironmentVariable("PEERS_PYTHON") ?? "/usr/bin/python3", [script, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[PeerEnvironment.CoreTypeVariable] = PeerEnvironment.CoreType;
        if (PeerEnvironment.TorchCapability is { } capability)
            start.Environment[PeerEnvironment.TorchVariable] = capability;
        Process process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }

    private static string? FindScript(string name)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string script = Path.Combine(folder.FullName, "benchmarks", "peers", name);
            if (File.Exists(script))
                return script;
        }

        return null;
    }
}
