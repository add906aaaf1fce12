using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpectralInit.Kernels;

/// <summary>Uniform draws in place: middle + half·v, v an odd multiple of 2⁻²⁴ (float) or 2⁻⁵² (double) in (−1, 1), kept within [lowest, highest].</summary>
internal readonly unsafe struct UniformDraw<T>(T middle, T half, T lowest, T highest) : IDraw<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Transform<TLanes, TReal, TBits>(T* tiles, int count)
        where TLanes : struct, IRandomLanes<TReal, TBits, T>
    {
        T* end = tiles + ((nint)count * (typeof(T) == typeof(float) ? Philox.SingleTile : Philox.DoubleTile));
        TReal shift = TLanes.Broadcast(middle), scale = TLanes.Broadcast(half), low = TLanes.Broadcast(lowest), high = TLanes.Broadcast(highest);
        for (; tiles < end; tiles += TLanes.Count)
        {
            TReal v = Symmetric<TLanes, TReal, TBits>(TLanes.Load(tiles));
            TLanes.Store(tiles, TLanes.Max(low, TLanes.Min(high, TLanes.MultiplyAdd(v, scale, shift))));
        }
    }

    // The upper 24 or 52 bits plus a half, centred; every step is exact.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TReal Symmetric<TLanes, TReal, TBits>(TBits word)
        where TLanes : struct, IRandomLanes<TReal, TBits, T>
    {
        if (typeof(T) == typeof(float))
            return TLanes.Multiply(TLanes.Subtract(TLanes.FromSigned(TLanes.ShiftRight(word, 8)), TLanes.Real(8388607.5)), TLanes.Real(1.0 / 8388608));
        TReal unit = TLanes.AsReal(TLanes.Or(TLanes.ShiftRight(word, 12), TLanes.Bits(0x4000000000000000)));
        return TLanes.Add(TLanes.Subtract(unit, TLanes.Real(3)), TLanes.Real(1.0 / 4503599627370496));
    }
}
