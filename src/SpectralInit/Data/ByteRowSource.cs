using System.Numerics;

namespace SpectralInit;

/// <summary>Rows of bytes in memory, each value times a scale.</summary>
internal sealed class ByteRowSource(ReadOnlyMemory<byte> values, int columns, double scale)
    : IndexedRowSource(values.Length / MemoryRowSource<float>.Checked(values.Length, columns), columns, ElementFormat.IsExactScale(scale))
{
    private readonly ElementFormat _format = new(ElementType.UInt8, Scale: scale);

    public override void Copy(long first, int count, Span<double> destination) => CopyAs(first, count, destination);

    public override void Copy(long first, int count, Span<float> destination) => CopyAs(first, count, destination);

    private unsafe void CopyAs<U>(long first, int count, Span<U> destination)
        where U : unmanaged, IBinaryFloatingPointIeee754<U>
    {
        fixed (byte* bytes = values.Span.Slice((int)first * Columns, count * Columns))
            _format.Decode(bytes, destination);
    }
}
