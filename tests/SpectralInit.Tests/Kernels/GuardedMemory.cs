using System.Runtime.InteropServices;

namespace SpectralInit.Tests.Kernels;

/// <summary>Memory between two pages that nobody may touch: whoever reads or writes beyond it ends the process with an access violation.</summary>
internal sealed unsafe class GuardedMemory : IDisposable
{
    private const int ReadAndWrite = 3, PrivateAndAnonymous = 0x22;

    private readonly nint _mapped, _bytes;
    private readonly byte* _start, _end;

    /// <param name="bytes">Room for this much.</param>
    public GuardedMemory(int bytes)
    {
        nint page = Environment.SystemPageSize;
        _bytes = ((bytes + page - 1) / page * page) + (2 * page);
        _mapped = Map(0, _bytes, ReadAndWrite, PrivateAndAnonymous, -1, 0);
        if (_mapped == -1)
            throw new InvalidOperationException("No memory was mapped.");
        _start = (byte*)_mapped + page;
        _end = (byte*)_mapped + _bytes - page;
        if (Protect(_mapped, page, 0) != 0 || Protect((nint)_end, page, 0) != 0)
            throw new InvalidOperationException("The pages around the memory stayed open.");
    }

    /// <summary>A copy that ends where the memory ends.</summary>
    public Span<T> AtEnd<T>(ReadOnlySpan<T> values)
        where T : unmanaged => Copy(values, new((T*)_end - values.Length, values.Length));

    /// <summary>A copy that begins where the memory begins.</summary>
    public Span<T> AtStart<T>(ReadOnlySpan<T> values)
        where T : unmanaged => Copy(values, new(_start, values.Length));

    public void Dispose() => Unmap(_mapped, _bytes).Should().Be(0);

    private Span<T> Copy<T>(ReadOnlySpan<T> values, Span<T> target)
        where T : unmanaged
    {
        ((long)values.Length * sizeof(T)).Should().BeLessThanOrEqualTo(_end - _start);
        values.CopyTo(target);
        return target;
    }

    [DllImport("libc", EntryPoint = "mmap")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern nint Map(nint address, nint length, int protection, int flags, int file, nint offset);

    [DllImport("libc", EntryPoint = "mprotect")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Protect(nint address, nint length, int protection);

    [DllImport("libc", EntryPoint = "munmap")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Unmap(nint address, nint length);
}

/// <summary>A fact about <see cref="GuardedMemory"/>, skipped where the system calls are others.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class GuardedFactAttribute : FactAttribute
{
    public GuardedFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
            Skip = "Needs mmap as on 64-bit Linux.";
    }
}
