using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SpectralInit.Kernels;

/// <summary>Widths of doubles: which <see cref="ILanes{TVector, T}"/> to run, and how rows are padded for the widest.</summary>
internal static class Lane
{
    /// <summary>Padded lengths are a multiple of this: whole vectors of every width.</summary>
    public const int Alignment = 8;

    /// <summary>Doubles in the widest vector of this processor: 8, 4, 2 or 1.</summary>
    public static int Width
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Avx512F.IsSupported ? 8 : Vector256.IsHardwareAccelerated && Fma.IsSupported ? 4 : Vector128.IsHardwareAccelerated ? 2 : 1;
    }

    /// <summary>The least multiple of <see cref="Alignment"/> that is ≥ <paramref name="n"/>.</summary>
    public static int Pad(int n) => (n + Alignment - 1) & -Alignment;

    /// <summary>Elements between rows of n values: whole vectors, and never a power-of-two distance, at which rows would fight for the same cache sets.</summary>
    public static nint Stride(int n)
    {
        int padded = Pad(n);
        return padded >= 256 && padded % 64 == 0 ? padded + Alignment : padded;
    }
}
