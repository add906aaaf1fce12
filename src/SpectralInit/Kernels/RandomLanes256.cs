using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SpectralInit.Kernels;

/// <summary>AVX2 with FMA: 32 bytes of <see cref="float"/> and <see cref="uint"/>, or <see cref="double"/> and <see cref="ulong"/>.</summary>
internal readonly unsafe struct RandomLanes256<T, TWord> : IRandomLanes<Vector256<T>, Vector256<TWord>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    public static int Count => Vector256<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<TWord> Load(T* source) => Vector256.Load((TWord*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* destination, Vector256<T> value) => Vector256.Store(value, destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Broadcast(T value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Real(double value) => typeof(T) == typeof(float) ? Vector256.Create((float)value).As<float, T>() : Vector256.Create(value).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<TWord> Bits(ulong value) => typeof(T) == typeof(float) ? Vector256.Create((uint)value).As<uint, TWord>() : Vector256.Create(value).As<ulong, TWord>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<TWord> AsBits(Vector256<T> value) => value.As<T, TWord>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> AsReal(Vector256<TWord> value) => value.As<TWord, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> FromSigned(Vector256<TWord> value) => Vector256.ConvertToSingle(value.AsInt32()).As<float, T>();

    // AVX2 converts signed integers only: the halves are exact, and joining them rounds once.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> FromUnsigned(Vector256<TWord> value) => Vector256.FusedMultiplyAdd(
        Vector256.ConvertToSingle((value.AsUInt32() >>> 16).AsInt32()),
        Vector256.Create(65536f),
        Vector256.ConvertToSingle((value.AsUInt32() & Vector256.Create(0xFFFFu)).AsInt32())).As<float, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Add(Vector256<T> left, Vector256<T> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Subtract(Vector256<T> left, Vector256<T> right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Multiply(Vector256<T> left, Vector256<T> right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Divide(Vector256<T> left, Vector256<T> right) => left / right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> MultiplyAdd(Vector256<T> left, Vector256<T> right, Vector256<T> addend) => typeof(T) == typeof(float)
        ? Vector256.FusedMultiplyAdd(left.AsSingle(), right.AsSingle(), addend.AsSingle()).As<float, T>()
        : Vector256.FusedMultiplyAdd(left.AsDouble(), right.AsDouble(), addend.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Sqrt(Vector256<T> value) => Vector256.Sqrt(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Min(Vector256<T> left, Vector256<T> right) => Vector256.MinNative(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Max(Vector256<T> left, Vector256<T> right) => Vector256.MaxNative(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<TWord> Add(Vector256<TWord> left, Vector256<TWord> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<TWord> And(Vector256<TWord> left, Vector256<TWord> right) => left & right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<TWord> Or(Vector256<TWord> left, Vector256<TWord> right) => left | right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<TWord> Xor(Vector256<TWord> left, Vector256<TWord> right) => left ^ right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<TWord> ShiftLeft(Vector256<TWord> value, int bits) => value << bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<TWord> ShiftRight(Vector256<TWord> value, int bits) => value >>> bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<TWord> TopBit(Vector256<TWord> value) => typeof(T) == typeof(float)
        ? Vector256.LessThan(value.AsInt32(), Vector256<int>.Zero).As<int, TWord>()
        : Vector256.LessThan(value.AsInt64(), Vector256<long>.Zero).As<long, TWord>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<TWord> Less(Vector256<TWord> left, Vector256<TWord> right) => Vector256.LessThan(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<TWord> Equal(Vector256<T> left, Vector256<T> right) => Vector256.Equals(left, right).As<T, TWord>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<TWord> Greater(Vector256<T> left, Vector256<T> right) => Vector256.GreaterThan(left, right).As<T, TWord>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Select(Vector256<TWord> mask, Vector256<T> yes, Vector256<T> no) => Vector256.ConditionalSelect(mask.As<TWord, T>(), yes, no);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Vector256<TWord> mask) => mask != Vector256<TWord>.Zero;
}
