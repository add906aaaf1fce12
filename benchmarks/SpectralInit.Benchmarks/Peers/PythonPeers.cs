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
        string? script = FindScript();
        if (script is null)
            return null;
        ProcessStartInfo start = new(Environment.GetEnvironmentVariable("PEERS_PYTHON") ?? "/usr/bin/python3", [script, "--serve", caseName])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[PeerEnvironment.CoreTypeVariable] = PeerEnvironment.CoreType;
        try
        {
            Process process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
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

    private static string? FindScript()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string script = Path.Combine(folder.FullName, "benchmarks", "peers", "peers.py");
            if (File.Exists(script))
                return script;
        }

        return null;
    }
}
