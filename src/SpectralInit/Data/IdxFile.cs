using System.Buffers.Binary;
using System.IO.Compression;

namespace SpectralInit;

/// <summary>IDX files, the format of MNIST and its relatives, plain or gzip-compressed.</summary>
public static class IdxFile
{
    /// <summary>
    /// The rows of an IDX file: the first axis counts them, further axes are flattened. A plain file is memory-mapped; a compressed one is
    /// decompressed as it streams, once per pass.
    /// </summary>
    /// <param name="path">The file; gzip is recognised by content, not by name. It must not be changed while its rows are in use.</param>
    /// <param name="scale">Factor for every value, applied in double: 1 (default) keeps what is stored, <c>1.0 / 255</c> brings bytes to 0 … 1.</param>
    /// <exception cref="InvalidDataException">The file is not IDX, or truncated; a compressed one may show it only while its rows are read.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The scale is zero or not finite.</exception>
    public static IRowSource ReadRows(string path, double scale = 1)
    {
        ArgumentNullException.ThrowIfNull(path);
        ElementFormat.CheckScale(scale);
        bool compressed;
        Header header;
        using (Stream stream = Open(path, out compressed))
            header = Header.Read(path, stream);
        ElementFormat format = new(header.Type, BigEndian: true, scale);

        Int128 width = 1;
        foreach (int size in header.Shape.AsSpan(1))
            width = width > int.MaxValue ? width : width * size;
        if (width < 1 || width > int.MaxValue)
            throw new InvalidDataException($"{path}: byte 8: a row of shape ({string.Join(", ", header.Shape)}) has no feature or too many.");
        int columns = (int)width;
        if (compressed && width * format.Size > Array.MaxLength)
            throw new InvalidDataException($"{path}: byte 8: a row of shape ({string.Join(", ", header.Shape)}) is too large to be decompressed.");
        if (compressed)
            return new CompressedRowSource(path, () => Open(path, out _), header.Length, header.Shape[0], columns, format);

        Int128 needed = header.Length + ((Int128)header.Shape[0] * columns * format.Size);
        long length = new FileInfo(path).Length;
        if (length != needed)
            throw new InvalidDataException($"{path}: shape ({string.Join(", ", header.Shape)}) needs {needed} bytes, the file has {length}: it is {(length < needed ? "truncated" : "not what its header says")}. Copy it again.");
        return new MappedRowSource(path, header.Length, header.Shape[0], columns, format);
    }

    /// <summary>Reads a label file: one integer per row.</summary>
    /// <param name="path">An IDX file with one axis of integers, plain or compressed.</param>
    /// <returns>The labels in file order.</returns>
    /// <exception cref="InvalidDataException">The file is not IDX, is truncated, or has more than one axis.</exception>
    public static int[] ReadLabels(string path)
    {
        IRowSource rows = ReadRows(path);
        if (rows.Columns != 1)
            throw new InvalidDataException($"{path} has {rows.Columns} values per row, labels have one: is it the image file?");
        return Array.ConvertAll(rows.ToArray<double>(), value =>
            value == Math.Floor(value) && Math.Abs(value) <= int.MaxValue ? (int)value : throw new InvalidDataException($"{path}: {value} is not an integer label."));
    }

    private static Stream Open(string path, out bool compressed)
    {
        FileStream file = File.OpenRead(path);
        compressed = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B && file.ReadByte() == 8;
        file.Position = 0;
        return compressed ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    /// <summary>Two zero bytes, a type, the number of axes, then each axis as a big-endian 32-bit number.</summary>
    private sealed record Header(ElementType Type, int[] Shape)
    {
        public int Length => 4 + (4 * Shape.Length);

        public static Header Read(string path, Stream stream)
        {
            Span<byte> bytes = stackalloc byte[4];
            if (stream.ReadAtLeast(bytes, 4, throwOnEndOfStream: false) < 4 || bytes[0] != 0 || bytes[1] != 0)
                throw new InvalidDataException($"{path}: byte 0: not an IDX file (it does not start with two zero bytes).");
            ElementType type = bytes[2] switch
            {
                0x08 => ElementType.UInt8,
                0x09 => ElementType.Int8,
                0x0B => ElementType.Int16,
                0x0C => ElementType.Int32,
                0x0D => ElementType.Float32,
                0x0E => ElementType.Float64,
                byte other => throw new InvalidDataException($"{path}: byte 2: unknown element type 0x{other:X2}; IDX has 08, 09, 0B, 0C, 0D and 0E."),
            };
            int[] shape = new int[bytes[3]];
            if (shape.Length == 0)
                throw new InvalidDataException($"{path}: byte 3: the file has no axes, so no rows.");
            for (int axis = 0; axis < shape.Length; axis++)
            {
                if (stream.ReadAtLeast(bytes, 4, throwOnEndOfStream: false) < 4)
                    throw new InvalidDataException($"{path}: byte {4 + (4 * axis)}: the header of {shape.Length} axes is truncated.");
                shape[axis] = BinaryPrimitives.ReadInt32BigEndian(bytes);
                if (shape[axis] < 0)
                    throw new InvalidDataException($"{path}: byte {4 + (4 * axis)}: an axis of length {(uint)shape[axis]} is too long; the file is damaged.");
            }

            return new Header(type, shape);
        }
    }
}
