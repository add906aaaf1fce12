using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SpectralInit.Kernels;

/// <summary>How one SIMD width of a stored matrix comes into a register. Implementations are empty structs, so that kernels specialize at compile time.</summary>
internal unsafe interface ILoad<TVector, TStored>
    where TStored : unmanaged
{
    static abstract TVector Load(TStored* source);
}

/// <summary>As it is stored.</summary>
internal readonly unsafe struct PlainLoad<TLanes, TVector, T> : ILoad<TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load(T* source) => TLanes.Load(source);
}

/// <summary>Integers of 16 bits, as float: half the memory traffic for two instructions on ports that products leave idle.</summary>
internal readonly unsafe struct ShortLoad : ILoad<Vector512<float>, short>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(short* source) => Vector512.ConvertToSingle(Vector512.WidenLower(Vector256.Load(source).ToVector512Unsafe()));
}
