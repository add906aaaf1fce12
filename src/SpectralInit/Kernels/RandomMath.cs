using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpectralInit.Kernels;

/// <summary>The elementary functions of the random transforms, by specification (docs/random.md): the same roundings in the same order on every path.</summary>
internal static unsafe class RandomMath<TLanes, TReal, TBits, T>
    where TLanes : struct, IRandomLanes<TReal, TBits, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double Ln2 = 0.69314718055994530942;

    private static bool Single
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float);
    }

    /// <summary>x = 2^(e + bias)·(1 + f) with 1 + f in [√½, √2), for positive normal x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Split(TReal x, int bias, out TReal e, out TReal f)
    {
        TBits offset = TLanes.Bits(Single ? 0x3F800000UL - 0x3F3504F3 : 0x3FF0000000000000UL - 0x3FE6A09E667F3BCD);
        TBits bits = TLanes.Add(TLanes.AsBits(x), offset);
        TBits power = TLanes.ShiftRight(bits, Single ? 23 : 52);

        // The exponent becomes the low bits of 2^23 or 2^52, from which subtraction is exact.
        e = TLanes.Subtract(
            TLanes.AsReal(TLanes.Or(power, TLanes.Bits(Single ? 0x4B000000UL : 0x4330000000000000UL))),
            TLanes.Real(Single ? 8388608.0 + 127 + bias : 4503599627370496.0 + 1023 + bias));
        TBits mantissa = TLanes.And(bits, TLanes.Bits(Single ? 0x007FFFFFUL : 0x000FFFFFFFFFFFFFUL));
        f = TLanes.Subtract(TLanes.AsReal(TLanes.Add(mantissa, TLanes.Bits(Single ? 0x3F3504F3UL : 0x3FE6A09E667F3BCDUL))), TLanes.Real(1));
    }

    /// <summary>e·ln 2 + log(1 + f) = e·ln 2 + 2·artanh(s), s = f/(2 + f), by artanh's Taylor series.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TReal Log(TReal e, TReal f)
    {
        TReal s = TLanes.Divide(f, TLanes.Add(f, TLanes.Real(2)));
        TReal z = TLanes.Multiply(s, s);
        TReal p;
        if (Single)
        {
            p = TLanes.Real(2.0 / 9);
        }
        else
        {
            p = TLanes.MultiplyAdd(TLanes.Real(2.0 / 21), z, TLanes.Real(2.0 / 19));
            p = TLanes.MultiplyAdd(p, z, TLanes.Real(2.0 / 17));
            p = TLanes.MultiplyAdd(p, z, TLanes.Real(2.0 / 15));
            p = TLanes.MultiplyAdd(p, z, TLanes.Real(2.0 / 13));
            p = TLanes.MultiplyAdd(p, z, TLanes.Real(2.0 / 11));
            p = TLanes.MultiplyAdd(p, z, TLanes.Real(2.0 / 9));
        }

        p = TLanes.MultiplyAdd(p, z, TLanes.Real(2.0 / 7));
        p = TLanes.MultiplyAdd(p, z, TLanes.Real(2.0 / 5));
        p = TLanes.MultiplyAdd(p, z, TLanes.Real(2.0 / 3));
        TReal tail = TLanes.MultiplyAdd(s, TLanes.Multiply(p, z), TLanes.Add(s, s));
        return TLanes.MultiplyAdd(e, TLanes.Real(Ln2), tail);
    }

    /// <summary>Sine and cosine of an angle in [−π/4, π/4] by Taylor series.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SinCos(TReal angle, out TReal sin, out TReal cos)
    {
        TReal z = TLanes.Multiply(angle, angle);
        TReal a, b;
        if (Single)
        {
            a = TLanes.Real(1.0 / 362880);
            b = TLanes.Real(-1.0 / 3628800);
        }
        else
        {
            a = TLanes.MultiplyAdd(TLanes.Real(1.0 / 355687428096000), z, TLanes.Real(-1.0 / 1307674368000));
            a = TLanes.MultiplyAdd(a, z, TLanes.Real(1.0 / 6227020800));
            a = TLanes.MultiplyAdd(a, z, TLanes.Real(-1.0 / 39916800));
            a = TLanes.MultiplyAdd(a, z, TLanes.Real(1.0 / 362880));
            b = TLanes.MultiplyAdd(TLanes.Real(1.0 / 20922789888000), z, TLanes.Real(-1.0 / 87178291200));
            b = TLanes.MultiplyAdd(b, z, TLanes.Real(1.0 / 479001600));
            b = TLanes.MultiplyAdd(b, z, TLanes.Real(-1.0 / 3628800));
        }

        a = TLanes.MultiplyAdd(a, z, TLanes.Real(-1.0 / 5040));
        a = TLanes.MultiplyAdd(a, z, TLanes.Real(1.0 / 120));
        a = TLanes.MultiplyAdd(a, z, TLanes.Real(-1.0 / 6));
        sin = TLanes.MultiplyAdd(TLanes.Multiply(a, z), angle, angle);
        b = TLanes.MultiplyAdd(b, z, TLanes.Real(1.0 / 40320));
        b = TLanes.MultiplyAdd(b, z, TLanes.Real(-1.0 / 720));
        b = TLanes.MultiplyAdd(b, z, TLanes.Real(1.0 / 24));
        b = TLanes.MultiplyAdd(b, z, TLanes.Real(-0.5));
        cos = TLanes.MultiplyAdd(b, z, TLanes.Real(1));
    }

    /// <summary>Horner's rule, highest power first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TReal Polynomial(ReadOnlySpan<T> coefficients, TReal x)
    {
        TReal sum = TLanes.Broadcast(coefficients[0]);
        for (int i = 1; i < coefficients.Length; i++)
            sum = TLanes.MultiplyAdd(sum, x, TLanes.Broadcast(coefficients[i]));
        return sum;
    }
}
