using System.ComponentModel;
using System.Diagnostics;

namespace SpectralInit.Kernels;

/// <summary>
/// Keeps a worker off the processor of whoever wakes it. In a virtual machine the Linux scheduler takes a halted processor for a busy one, and leaves a
/// woken thread on the processor it slept on even if its waker computes there: the two then share one processor until the next timer tick, which may
/// be longer than the whole operation. Elsewhere than on Linux nothing is done.
/// </summary>
internal sealed class ThreadPlacement
{
    private readonly Process? _thread;
    private readonly nint _allowed;
    private int _processor = -1;
    private bool _works;

    /// <summary>The calling thread's.</summary>
    public ThreadPlacement()
    {
        if (!OperatingSystem.IsLinux() || Environment.ProcessorCount is < 2 or > 64)
            return;
        try
        {
            // "PID/task/TID". The kernel takes a thread's number wherever it takes a process's.
            string? task = File.ResolveLinkTarget("/proc/thread-self", returnFinalTarget: false)?.Name;
            if (!int.TryParse(task, out int id))
                return;
            _thread = Process.GetProcessById(id);
            _allowed = _thread.ProcessorAffinity;
            _works = true;
        }
        catch (Exception exception) when (IsExpected(exception))
        {
        }
    }

    /// <summary>To be called by the thread itself before it sleeps.</summary>
    public void Rest() => _processor = Thread.GetCurrentProcessorId();

    /// <summary>To be called by the waker before it wakes the thread: moves it if it slept on the waker's processor.</summary>
    public void MakeWay()
    {
        int here = Thread.GetCurrentProcessorId();
        nint others = _allowed & ~((nint)1 << here);
        if (!_works || here != _processor || others == 0 || !OperatingSystem.IsLinux())
            return;
        try
        {
            _thread!.ProcessorAffinity = others;
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            _works = false;
        }
    }

    // No /proc, a sandbox, an affinity that changed meanwhile: then the scheduler decides alone.
    private static bool IsExpected(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException or Win32Exception or PlatformNotSupportedException or NotSupportedException;
}
