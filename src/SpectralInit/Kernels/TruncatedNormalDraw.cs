using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpectralInit.Kernels;

/// <summary>
/// Truncated normal draws in place, by inverting the distribution function from whichever tail is nearer, so that no probability is the difference of
/// two near 1: a word below the split falls left of the mean, p = left tail + mass·u, the others right of it, p = right tail + mass·(1 − u).
/// </summary>
internal readonly unsafe struct TruncatedNormalDraw<T> : IDraw<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ulong _split;
    private readonly T _leftTail, _rightTail, _mass, _mean, _deviation, _lowest, _highest;

    /// <summary>Truncates N(mean, deviation²) to the open interval between <paramref name="tails"/>' bounds.</summary>
    public TruncatedNormalDraw(TruncatedNormalTails tails, double mean, double deviation, T lowest, T highest)
    {
        bool single = typeof(T) == typeof(float);
        _split = single ? (ulong)Math.Min(tails.LeftShare * 4294967296, 4294967295) : (ulong)Math.Min(tails.LeftShare * 18446744073709551616.0, 18446744073709549568.0);
        _leftTail = T.CreateTruncating(tails.Left);
        _rightTail = T.CreateTruncating(tails.Right);
        _mass = T.CreateTruncating(single ? tails.Mass / 4294967296 : tails.Mass);
        _mean = T.CreateTruncating(mean);
        _deviation = T.CreateTruncating(tails.Reflected ? -deviation : deviation);
        (_lowest, _highest) = (lowest, highest);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Transform<TLanes, TReal, TBits>(T* tiles, int count)
        where TLanes : struct, IRandomLanes<TReal, TBits, T>
    {
        T* end = tiles + ((nint)count * (typeof(T) == typeof(float) ? Philox.SingleTile : Philox.DoubleTile));
        TReal shift = TLanes.Broadcast(_mean), scale = TLanes.Broadcast(_deviation), low = TLanes.Broadcast(_lowest), high = TLanes.Broadcast(_highest);
        TReal left = TLanes.Broadcast(_leftTail), right = TLanes.Broadcast(_rightTail), mass = TLanes.Broadcast(_mass);
        TBits split = TLanes.Bits(_split), ones = TLanes.Bits(ulong.MaxValue), top = TLanes.Bits(typeof(T) == typeof(float) ? 0x80000000 : 0x8000000000000000);
        for (; tiles < end; tiles += TLanes.Count)
        {
            TBits word = TLanes.Load(tiles);
            TBits below = TLanes.Less(word, split);
            TBits distance = TLanes.Xor(word, TLanes.Xor(below, ones));
            TReal p = TLanes.MultiplyAdd(Unit<TLanes, TReal, TBits>(distance), mass, TLanes.Select(below, left, right));
            TReal z = Upper<TLanes, TReal, TBits>(p);
            z = TLanes.AsReal(TLanes.Xor(TLanes.AsBits(z), TLanes.And(below, top)));
            TLanes.Store(tiles, TLanes.Max(low, TLanes.Min(high, TLanes.MultiplyAdd(z, scale, shift))));
        }
    }

    // (word + ½), still times 2³², or (upper 52 bits + ½)/2⁵².
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TReal Unit<TLanes, TReal, TBits>(TBits word)
        where TLanes : struct, IRandomLanes<TReal, TBits, T>
    {
        if (typeof(T) == typeof(float))
            return TLanes.Add(TLanes.FromUnsigned(word), TLanes.Real(0.5));
        TReal unit = TLanes.AsReal(TLanes.Or(TLanes.ShiftRight(word, 12), TLanes.Bits(0x3FF0000000000000)));
        return TLanes.Subtract(unit, TLanes.Real(1 - (1.0 / 9007199254740992)));
    }

    // The z with P(Z > z) = p, for p up to ½ and its rounding.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TReal Upper<TLanes, TReal, TBits>(TReal p)
        where TLanes : struct, IRandomLanes<TReal, TBits, T>
    {
        TReal product = TLanes.Multiply(TLanes.MultiplyAdd(TLanes.Subtract(TLanes.Real(0), p), p, p), TLanes.Real(4));
        RandomMath<TLanes, TReal, TBits, T>.Split(product, 0, out TReal e, out TReal f);
        TReal w = TLanes.Max(TLanes.Real(0), TLanes.Subtract(TLanes.Real(0), RandomMath<TLanes, TReal, TBits, T>.Log(e, f)));
        TReal slope = typeof(T) == typeof(float) ? SingleSlope<TLanes, TReal, TBits>(w) : DoubleSlope<TLanes, TReal, TBits>(w);
        return TLanes.Multiply(TLanes.MultiplyAdd(TLanes.Real(-2), p, TLanes.Real(1)), slope);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TReal SingleSlope<TLanes, TReal, TBits>(TReal w)
        where TLanes : struct, IRandomLanes<TReal, TBits, T>
    {
        const double Root = 2.4494897427831781, Far = 5.75;
        TReal slope = Polynomial<TLanes, TReal, TBits, float>(NormalQuantile.Single, TLanes.MultiplyAdd(w, TLanes.Real(1.0 / 3), TLanes.Real(-1)));
        TBits tail = TLanes.Greater(w, TLanes.Real(NormalQuantile.SingleMiddle));
        if (!TLanes.Any(tail))
            return slope;
        TReal x = TLanes.MultiplyAdd(TLanes.Sqrt(w), TLanes.Real(2 / (Far - Root)), TLanes.Real(-(Far + Root) / (Far - Root)));
        return TLanes.Select(tail, Polynomial<TLanes, TReal, TBits, float>(NormalQuantile.SingleTail, x), slope);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TReal DoubleSlope<TLanes, TReal, TBits>(TReal w)
        where TLanes : struct, IRandomLanes<TReal, TBits, T>
    {
        TReal slope = Polynomial<TLanes, TReal, TBits, double>(NormalQuantile.Double, TLanes.MultiplyAdd(w, TLanes.Real(1 / 3.125), TLanes.Real(-1)));
        TBits tail = TLanes.Greater(w, TLanes.Real(NormalQuantile.DoubleMiddle));
        if (!TLanes.Any(tail))
            return slope;
        TReal root = TLanes.Sqrt(w);
        TReal x = TLanes.Multiply(TLanes.Subtract(root, TLanes.Real(4)), TLanes.Real(1 / 1.5));
        slope = TLanes.Select(tail, Polynomial<TLanes, TReal, TBits, double>(NormalQuantile.DoubleTail, x), slope);
        TBits far = TLanes.Greater(root, TLanes.Real(NormalQuantile.DoubleFar));
        if (!TLanes.Any(far))
            return slope;
        x = TLanes.Multiply(TLanes.Subtract(root, TLanes.Real(14)), TLanes.Real(1 / 8.5));
        return TLanes.Select(far, Polynomial<TLanes, TReal, TBits, double>(NormalQuantile.DoubleFarTail, x), slope);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TReal Polynomial<TLanes, TReal, TBits, TCoefficient>(ReadOnlySpan<TCoefficient> coefficients, TReal x)
        where TLanes : struct, IRandomLanes<TReal, TBits, T>
        where TCoefficient : unmanaged =>
        RandomMath<TLanes, TReal, TBits, T>.Polynomial(System.Runtime.InteropServices.MemoryMarshal.Cast<TCoefficient, T>(coefficients), x);
}
