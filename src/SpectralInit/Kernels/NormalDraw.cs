using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpectralInit.Kernels;

/// <summary>Box–Muller in place: the words of a tile become mean + deviation·z.</summary>
internal readonly unsafe struct NormalDraw<T>(T mean, T deviation) : IDraw<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // A pair is word 2p of a block, which gives the radius, and word 2p + 1, which gives the angle; half a tile apart in memory or a quarter.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Transform<TLanes, TReal, TBits>(T* tiles, int count)
        where TLanes : struct, IRandomLanes<TReal, TBits, T>
    {
        int blocks = typeof(T) == typeof(float) ? 16 : 8;
        int pairs = count * (typeof(T) == typeof(float) ? 2 : 1);
        TReal shift = TLanes.Broadcast(mean), scale = TLanes.Broadcast(deviation);
        for (int pair = 0; pair < pairs; pair++, tiles += 2 * blocks)
        {
            for (int j = 0; j < blocks; j += TLanes.Count)
            {
                TReal radius = Radius<TLanes, TReal, TBits>(TLanes.Load(tiles + j));
                Direction<TLanes, TReal, TBits>(TLanes.Load(tiles + blocks + j), out TReal sin, out TReal cos);
                TLanes.Store(tiles + j, TLanes.MultiplyAdd(TLanes.Multiply(radius, cos), scale, shift));
                TLanes.Store(tiles + blocks + j, TLanes.MultiplyAdd(TLanes.Multiply(radius, sin), scale, shift));
            }
        }
    }

    // √(−2·ln u), u = (word + ½)/2³² or (the upper 52 bits + ½)/2⁵².
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TReal Radius<TLanes, TReal, TBits>(TBits word)
        where TLanes : struct, IRandomLanes<TReal, TBits, T>
    {
        TReal e, f;
        if (typeof(T) == typeof(float))
        {
            // Near 1 the difference u − 1 is taken in integers, before rounding.
            RandomMath<TLanes, TReal, TBits, T>.Split(TLanes.Add(TLanes.FromUnsigned(word), TLanes.Real(0.5)), 32, out e, out f);
            TReal near = TLanes.Multiply(TLanes.Add(TLanes.FromSigned(word), TLanes.Real(0.5)), TLanes.Real(1.0 / 4294967296));
            f = TLanes.Select(TLanes.Equal(e, TLanes.Real(0)), near, f);
        }
        else
        {
            TReal unit = TLanes.AsReal(TLanes.Or(TLanes.ShiftRight(word, 12), TLanes.Bits(0x3FF0000000000000)));
            RandomMath<TLanes, TReal, TBits, T>.Split(TLanes.Subtract(unit, TLanes.Real(1 - (1.0 / 9007199254740992))), 0, out e, out f);
        }

        return TLanes.Sqrt(TLanes.Multiply(RandomMath<TLanes, TReal, TBits, T>.Log(e, f), TLanes.Real(-2)));
    }

    // Sine and cosine of 2π·(word + ½ unit)/2³² (2⁶⁴, upper 54 bits): nearest quarter turn, and the signed rest of it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Direction<TLanes, TReal, TBits>(TBits word, out TReal sin, out TReal cos)
        where TLanes : struct, IRandomLanes<TReal, TBits, T>
    {
        TReal angle;
        TBits top, eighth, quarter;
        if (typeof(T) == typeof(float))
        {
            top = TLanes.Bits(0x80000000);
            eighth = TLanes.Bits(0x20000000);
            quarter = TLanes.Bits(0x40000000);
            TBits rest = TLanes.Or(TLanes.ShiftLeft(word, 2), TLanes.Bits(2));
            angle = TLanes.Multiply(TLanes.FromSigned(rest), TLanes.Real(Math.PI / 2 / 4294967296));
        }
        else
        {
            top = TLanes.Bits(0x8000000000000000);
            eighth = TLanes.Bits(0x2000000000000000);
            quarter = TLanes.Bits(0x4000000000000000);
            TBits rest = TLanes.ShiftRight(TLanes.Xor(TLanes.ShiftLeft(word, 2), top), 12);
            TReal unit = TLanes.AsReal(TLanes.Or(rest, TLanes.Bits(0x3FF0000000000000)));
            TReal turn = TLanes.Add(TLanes.Subtract(unit, TLanes.Real(1.5)), TLanes.Real(1.0 / 9007199254740992));
            angle = TLanes.Multiply(turn, TLanes.Real(Math.PI / 2));
        }

        RandomMath<TLanes, TReal, TBits, T>.SinCos(angle, out TReal s, out TReal c);
        TBits turns = TLanes.Add(word, eighth);
        TBits odd = TLanes.TopBit(TLanes.ShiftLeft(turns, 1));
        sin = TLanes.AsReal(TLanes.Xor(TLanes.AsBits(TLanes.Select(odd, c, s)), TLanes.And(turns, top)));
        cos = TLanes.AsReal(TLanes.Xor(TLanes.AsBits(TLanes.Select(odd, s, c)), TLanes.And(TLanes.Add(turns, quarter), top)));
    }
}
