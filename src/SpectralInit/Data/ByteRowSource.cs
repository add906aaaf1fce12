namespace SpectralInit;

/// <summary>Rows of bytes in memory, each value times a scale.</summary>
internal sealed class ByteRowSource(ReadOnlyMemory<byte> values, int columns, double scale)
    : IndexedRowSource(values.Length / MemoryRowSource<float>.Checked(values.Length, columns), columns, ElementFormat.IsExactScale(scale))
{
    private readonly ElementFormat _format = new(ElementType.UInt8, Scale: scale);

    public override unsafe void Copy<U>(long first, int count, Span<U> destination)
    {
        fixed (byte* bytes = values.Span.Slice((int)first * Columns, count * Columns))
            _format.Decode(bytes, destination);
    }
}
