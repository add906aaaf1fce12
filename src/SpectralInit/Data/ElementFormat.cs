using System.Buffers.Binary;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SpectralInit;

/// <summary>Decodes stored numbers: type, byte order, and a factor for every value.</summary>
internal readonly unsafe record struct ElementFormat(ElementType Type, bool BigEndian = false, double Scale = 1)
{
    /// <summary>Bytes per element.</summary>
    public int Size => Type switch
    {
        ElementType.UInt8 or ElementType.Int8 => 1,
        ElementType.Int16 or ElementType.UInt16 or ElementType.Float16 or ElementType.BFloat16 => 2,
        ElementType.Int32 or ElementType.UInt32 or ElementType.Float32 => 4,
        _ => 8,
    };

    /// <summary>Whether every value is exact in float: where it has the range of float itself, a scale could leave it.</summary>
    public bool IsSingle => Type is ElementType.Float32 or ElementType.BFloat16 ? Math.Abs(Scale) == 1 : Size <= 2 && IsExactScale(Scale);

    /// <summary>The element type of a .NET type.</summary>
    /// <exception cref="NotSupportedException">The type is not a number that files store.</exception>
    public static ElementType TypeOf<T>() =>
        typeof(T) == typeof(float) ? ElementType.Float32
        : typeof(T) == typeof(double) ? ElementType.Float64
        : typeof(T) == typeof(Half) ? ElementType.Float16
        : typeof(T) == typeof(byte) ? ElementType.UInt8
        : typeof(T) == typeof(sbyte) ? ElementType.Int8
        : typeof(T) == typeof(short) ? ElementType.Int16
        : typeof(T) == typeof(ushort) ? ElementType.UInt16
        : typeof(T) == typeof(int) ? ElementType.Int32
        : typeof(T) == typeof(uint) ? ElementType.UInt32
        : typeof(T) == typeof(long) ? ElementType.Int64
        : typeof(T) == typeof(ulong) ? ElementType.UInt64
        : throw new NotSupportedException($"{typeof(T).Name} is not stored: use float, double, Half or an integer type.");

    /// <summary>A power of two near 1 moves the exponent only.</summary>
    public static bool IsExactScale(double scale) =>
        double.IsFinite(scale) && scale != 0 && Math.Abs(Math.ILogB(scale)) <= 64 && Math.ScaleB(1, Math.ILogB(scale)) == Math.Abs(scale);

    public static void CheckScale(double scale, [CallerArgumentExpression(nameof(scale))] string? name = null)
    {
        if (!double.IsFinite(scale) || scale == 0)
            throw new ArgumentOutOfRangeException(name, scale, "The scale must be finite and not zero; bytes to 0…1 is 1.0 / 255.");
    }

    /// <summary>Decodes as many elements as the destination has, from unaligned memory.</summary>
    public void Decode<U>(byte* source, Span<U> destination)
        where U : unmanaged, IBinaryFloatingPointIeee754<U>
    {
        switch (Type)
        {
            case ElementType.UInt8: Decode<byte, byte, U>(source, destination); break;
            case ElementType.Int8: Decode<sbyte, byte, U>(source, destination); break;
            case ElementType.Int16: Decode<short, ushort, U>(source, destination); break;
            case ElementType.UInt16: Decode<ushort, ushort, U>(source, destination); break;
            case ElementType.Int32: Decode<int, uint, U>(source, destination); break;
            case ElementType.UInt32: Decode<uint, uint, U>(source, destination); break;
            case ElementType.Int64: Decode<long, ulong, U>(source, destination); break;
            case ElementType.UInt64: Decode<ulong, ulong, U>(source, destination); break;
            case ElementType.Float16: Decode<Half, ushort, U>(source, destination); break;
            case ElementType.Float32: Decode<float, uint, U>(source, destination); break;
            case ElementType.Float64: Decode<double, ulong, U>(source, destination); break;
            case ElementType.BFloat16: DecodeBFloat16(source, destination); break;
            default: throw new InvalidOperationException($"Unknown element type {Type}.");
        }
    }

    private void Decode<T, TBits, U>(byte* source, Span<U> destination)
        where T : unmanaged, INumberBase<T>
        where TBits : unmanaged, IBinaryInteger<TBits>
        where U : unmanaged, IBinaryFloatingPointIeee754<U>
    {
        // Short enough for the stack and the first-level cache; scaling is done in double and rounded once.
        const int Block = 512;
        T* swapped = stackalloc T[Block];
        double* wide = stackalloc double[Block];
        for (int i = 0; i < destination.Length; i += Block)
        {
            Span<U> target = destination.Slice(i, Math.Min(Block, destination.Length - i));
            T* from = (T*)source + i;
            if (BigEndian && sizeof(T) > 1)
            {
                for (int j = 0; j < target.Length; j++)
                    ((TBits*)swapped)[j] = Reverse(Unsafe.ReadUnaligned<TBits>((TBits*)from + j));
                from = swapped;
            }

            ReadOnlySpan<T> values = new(from, target.Length);
            if (Scale == 1)
            {
                RowBuffer.Convert(values, target);
                continue;
            }

            Span<double> scaled = new(wide, target.Length);
            RowBuffer.Convert(values, scaled);
            TensorPrimitives.Multiply(scaled, Scale, scaled);
            RowBuffer.Convert<double, U>(scaled, target);
        }
    }

    private void DecodeBFloat16<U>(byte* source, Span<U> destination)
        where U : unmanaged, IBinaryFloatingPointIeee754<U>
    {
        for (int i = 0; i < destination.Length; i++)
        {
            ReadOnlySpan<byte> bytes = new(source + (2L * i), 2);
            int bits = BigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
            destination[i] = U.CreateTruncating(BitConverter.Int32BitsToSingle(bits << 16) * Scale);
        }
    }

    private static TBits Reverse<TBits>(TBits bits)
        where TBits : unmanaged, IBinaryInteger<TBits>
    {
        MemoryMarshal.AsBytes(new Span<TBits>(ref bits)).Reverse();
        return bits;
    }
}
