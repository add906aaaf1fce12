using System.Runtime.CompilerServices;

namespace SpectralInit.Kernels;

/// <summary>A factor that a finished tile is multiplied by, kept as bits: as a number it would take one of the sixteen registers that a tile of AVX2 fills while k runs.</summary>
/// <param name="value">The factor.</param>
internal readonly unsafe struct TileFactor<T>(T value)
    where T : unmanaged
{
    private readonly ulong _bits = sizeof(T) == sizeof(ulong) ? Unsafe.BitCast<T, ulong>(value) : Unsafe.BitCast<T, uint>(value);

    public T Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => sizeof(T) == sizeof(ulong) ? Unsafe.BitCast<ulong, T>(_bits) : Unsafe.BitCast<uint, T>((uint)_bits);
    }
}
