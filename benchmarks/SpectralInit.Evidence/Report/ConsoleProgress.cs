using System.Diagnostics;

namespace SpectralInit.Evidence;

/// <summary>A line on the error stream every few seconds.</summary>
internal sealed class ConsoleProgress(string title) : IProgress<(double Part, string What)>
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private double _next = 3;

    public void Report((double Part, string What) value)
    {
        double seconds = _clock.Elapsed.TotalSeconds;
        if (seconds < _next)
            return;
        _next = seconds + 3;
        Console.Error.WriteLine($"  {title}: {100 * value.Part,3:F0}%  {value.What}, {seconds:F0} s");
    }
}
