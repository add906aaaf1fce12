using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SpectralInit;

/// <summary>A tensor with the name it has in a checkpoint, for example <c>fc1.weight</c>.</summary>
public sealed class NamedTensor
{
    private readonly byte[] _bytes;

    internal NamedTensor(string name, ElementType elementType, ImmutableArray<int> shape, byte[] bytes)
    {
        Name = name;
        ElementType = elementType;
        Shape = shape;
        _bytes = bytes;
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>How elements are stored, in the format's words: <c>F32</c>, <c>F64</c>, <c>F16</c>, <c>BF16</c>, <c>U8</c>, <c>I64</c> ….</summary>
    public string DataType => SafeTensors.NameOf(ElementType);

    /// <summary>The axes, slowest first.</summary>
    public ImmutableArray<int> Shape { get; }

    /// <summary>Number of elements.</summary>
    public int Count => _bytes.Length / new ElementFormat(ElementType).Size;

    internal ElementType ElementType { get; }

    internal ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Names a copy of the values.</summary>
    /// <typeparam name="T">float, double, Half or an integer type.</typeparam>
    /// <param name="name">The name, not empty.</param>
    /// <param name="values">The elements, row-major.</param>
    /// <param name="shape">The axes, slowest first.</param>
    /// <exception cref="ArgumentException">The name is empty or reserved (<c>__metadata__</c>), or the product of the axes is not the number of values.</exception>
    public static NamedTensor Create<T>(string name, ReadOnlySpan<T> values, params ReadOnlySpan<int> shape)
        where T : unmanaged
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name == SafeTensors.MetadataKey)
            throw new ArgumentException($"{name} is reserved by the safetensors format; choose another name.", nameof(name));
        CheckShape(values.Length, shape);
        return new NamedTensor(name, ElementFormat.TypeOf<T>(), [.. shape], MemoryMarshal.AsBytes(values).ToArray());
    }

    /// <inheritdoc cref="Create{T}(string, ReadOnlySpan{T}, ReadOnlySpan{int})"/>
    [OverloadResolutionPriority(1)]
    public static NamedTensor Create<T>(string name, T[] values, params int[] shape)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(shape);
        return Create(name, (ReadOnlySpan<T>)values, (ReadOnlySpan<int>)shape);
    }

    /// <summary>The elements, converted; narrower types round to nearest.</summary>
    /// <typeparam name="T">float, double or Half.</typeparam>
    public unsafe T[] ToArray<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] values = new T[Count];
        fixed (byte* bytes = _bytes)
            new ElementFormat(ElementType).Decode<T>(bytes, values);
        return values;
    }

    /// <summary>For example <c>fc1.weight: F32 [128, 784]</c>.</summary>
    public override string ToString() => $"{Name}: {DataType} [{string.Join(", ", Shape)}]";

    internal static void CheckShape(int length, ReadOnlySpan<int> shape)
    {
        Int128 count = 1;
        foreach (int size in shape)
        {
            if (size < 0)
                throw new ArgumentOutOfRangeException(nameof(shape), size, "An axis cannot have a negative length.");
            count = count > uint.MaxValue && size > 0 ? count : count * size;
        }

        if (count != length)
            throw new ArgumentException($"Shape [{string.Join(", ", shape.ToArray())}] has another number of elements than the {length} values.", nameof(shape));
    }
}
