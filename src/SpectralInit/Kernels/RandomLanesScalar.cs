using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpectralInit.Kernels;

/// <summary>One value at a time: the reference that the vector paths reproduce to the bit, and the path of processors without AVX2 and FMA.</summary>
internal readonly unsafe struct RandomLanesScalar<T, TWord> : IRandomLanes<T, TWord, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWord Load(T* source) => *(TWord*)source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* destination, T value) => *destination = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Broadcast(T value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Real(double value) => T.CreateTruncating(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWord Bits(ulong value) => TWord.CreateTruncating(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWord AsBits(T value) => Unsafe.BitCast<T, TWord>(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T AsReal(TWord value) => Unsafe.BitCast<TWord, T>(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T FromSigned(TWord value) => T.CreateTruncating((float)int.CreateTruncating(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T FromUnsigned(TWord value) => T.CreateTruncating((float)(double)uint.CreateTruncating(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Add(T left, T right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Subtract(T left, T right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Multiply(T left, T right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Divide(T left, T right) => left / right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T MultiplyAdd(T left, T right, T addend) => T.FusedMultiplyAdd(left, right, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sqrt(T value) => T.Sqrt(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Min(T left, T right) => left < right ? left : right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Max(T left, T right) => left > right ? left : right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWord Add(TWord left, TWord right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWord And(TWord left, TWord right) => left & right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWord Or(TWord left, TWord right) => left | right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWord Xor(TWord left, TWord right) => left ^ right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWord ShiftLeft(TWord value, int bits) => value << bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWord ShiftRight(TWord value, int bits) => value >>> bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWord TopBit(TWord value) => Mask(value >>> ((sizeof(T) * 8) - 1) != TWord.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWord Less(TWord left, TWord right) => Mask(left < right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWord Equal(T left, T right) => Mask(left == right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWord Greater(T left, T right) => Mask(left > right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Select(TWord mask, T yes, T no) => mask != TWord.Zero ? yes : no;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(TWord mask) => mask != TWord.Zero;

    private static TWord Mask(bool condition) => condition ? ~TWord.Zero : TWord.Zero;
}
