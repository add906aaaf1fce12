using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SpectralInit.Kernels;

/// <summary>A rented block of <see cref="Scratch"/>; dispose it to give it back.</summary>
internal sealed unsafe class Scratch<T> : IDisposable
    where T : unmanaged
{
    private const int Alignment = 64;
    private ulong[]? _block;

    internal Scratch(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        _block = Scratch.Take(checked((count * sizeof(T)) + Alignment));
        byte* start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_block));
        Pointer = (T*)(((nuint)start + (Alignment - 1)) & ~(nuint)(Alignment - 1));
        Length = count;
    }

    /// <summary>The first value, on a 64-byte boundary; valid until disposal, as long as this object is reachable.</summary>
    public T* Pointer { get; }

    /// <summary>Number of values.</summary>
    public long Length { get; }

    /// <summary>The values as a span; at most 2³¹−1 of them.</summary>
    public Span<T> Span => new(Pointer, checked((int)Length));

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _block, null) is { } block)
            Scratch.Return(block);
    }
}
