using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SpectralInit.Kernels;

/// <summary>AVX-512: 32 registers of 64 bytes.</summary>
internal readonly unsafe struct Lanes512<T> : ILanes<Vector512<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static int Count => Vector512<T>.Count;

    public static int TileRows => 8;

    public static Vector512<T> Zero => Vector512<T>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Load(T* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> LoadAs<TEntry>(TEntry* source)
        where TEntry : unmanaged => typeof(TEntry) == typeof(short)
        ? Vector512.ConvertToSingle(Vector512.WidenLower(Vector256.Load((short*)source).ToVector512Unsafe())).As<float, T>()
        : typeof(TEntry) == typeof(T)
        ? Load((T*)source)
        : typeof(TEntry) == typeof(double)
        ? Vector512.Narrow(Vector512.Load((double*)source), Vector512.Load((double*)source + (Count / 2))).As<float, T>()
        : Vector512.WidenLower(Vector256.Load((float*)source).ToVector512Unsafe()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* destination, Vector512<T> value) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Broadcast(T value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Add(Vector512<T> left, Vector512<T> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Subtract(Vector512<T> left, Vector512<T> right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Multiply(Vector512<T> left, Vector512<T> right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Divide(Vector512<T> left, Vector512<T> right) => left / right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Min(Vector512<T> left, Vector512<T> right) => Vector512.MinNative(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Max(Vector512<T> left, Vector512<T> right) => Vector512.MaxNative(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MultiplyAdd(Vector512<T> left, Vector512<T> right, Vector512<T> addend) => typeof(T) == typeof(float)
        ? Vector512.FusedMultiplyAdd(left.AsSingle(), right.AsSingle(), addend.AsSingle()).As<float, T>()
        : Vector512.FusedMultiplyAdd(left.AsDouble(), right.AsDouble(), addend.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Permute(Vector512<T> value, Vector512<T> order) => Vector512.ShuffleNative(value.AsInt32(), order.AsInt32()).As<int, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Vector512<T> value) => Vector512.Sum(value);

    public static void SumEach(T* vectors, T* sums)
    {
        if (!Avx512F.IsSupported)
        {
            for (nint i = 0; i < 8; i++)
                sums[i] = Sum(Load(vectors + (i * Count)));
        }
        else if (typeof(T) == typeof(float))
        {
            float* v = (float*)vectors;
            Eight(Fours(v), Fours(v + 64)).Store((float*)sums);
        }
        else
        {
            double* v = (double*)vectors;
            Eight(Fours(v), Fours(v + 32)).Store((double*)sums);
        }
    }

    // Sums of four vectors, in each 128-bit lane those of that lane.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Fours(float* v) => Fours(Vector512.Load(v), Vector512.Load(v + 16), Vector512.Load(v + 32), Vector512.Load(v + 48));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Fours(Vector512<float> v0, Vector512<float> v1, Vector512<float> v2, Vector512<float> v3)
    {
        Vector512<double> left = (Avx512F.UnpackLow(v0, v1) + Avx512F.UnpackHigh(v0, v1)).AsDouble(), right = (Avx512F.UnpackLow(v2, v3) + Avx512F.UnpackHigh(v2, v3)).AsDouble();
        return Avx512F.UnpackLow(left, right).AsSingle() + Avx512F.UnpackHigh(left, right).AsSingle();
    }

    // Sums of four vectors: of the first two in the lower half, of the others in the upper half, each in two 128-bit lanes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Fours(double* v) => Fours(Vector512.Load(v), Vector512.Load(v + 8), Vector512.Load(v + 16), Vector512.Load(v + 24));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Fours(Vector512<double> v0, Vector512<double> v1, Vector512<double> v2, Vector512<double> v3)
    {
        Vector512<double> left = Avx512F.UnpackLow(v0, v1) + Avx512F.UnpackHigh(v0, v1), right = Avx512F.UnpackLow(v2, v3) + Avx512F.UnpackHigh(v2, v3);
        return Avx512F.Shuffle4x128(left, right, 0b01_00_01_00) + Avx512F.Shuffle4x128(left, right, 0b11_10_11_10);
    }

    // Pairs of vectors and pairs of pairs were added up; now the four 128-bit lanes of two quadruples.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Eight(Vector512<float> low, Vector512<float> high)
    {
        Vector512<float> halves = Avx512F.Shuffle4x128(low, high, 0b01_00_01_00) + Avx512F.Shuffle4x128(low, high, 0b11_10_11_10);
        return (Avx512F.Shuffle4x128(halves, halves, 0b00_00_10_00) + Avx512F.Shuffle4x128(halves, halves, 0b00_00_11_01)).GetLower();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Eight(Vector512<double> low, Vector512<double> high) =>
        Avx512F.Shuffle4x128(low, high, 0b10_00_10_00) + Avx512F.Shuffle4x128(low, high, 0b11_01_11_01);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddTo(double* destination, Vector512<T> value)
    {
        if (typeof(T) == typeof(float))
        {
            (Vector512<double> low, Vector512<double> high) = Vector512.Widen(value.AsSingle());
            (Vector512.Load(destination) + low).Store(destination);
            (Vector512.Load(destination + (Count / 2)) + high).Store(destination + (Count / 2));
        }
        else
        {
            (Vector512.Load(destination) + value.AsDouble()).Store(destination);
        }
    }
}
