using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace SpectralInit;

/// <summary>NumPy's .npy files: rows from them, weights into them.</summary>
public static class NpyFile
{
    /// <summary>
    /// The rows of a .npy file (format versions 1 to 3), memory-mapped: nothing is read before it is asked for, and the file may exceed
    /// memory and 2³¹ elements. The first axis counts the rows; further axes are flattened into the features, an array of one axis is n rows of one feature.
    /// </summary>
    /// <remarks>
    /// Elements: float16/32/64, signed and unsigned integers of 8 to 64 bits, booleans, in either byte order. Fortran order is read for two axes.
    /// 64-bit integers beyond 2⁵³ round to the nearest double.
    /// </remarks>
    /// <param name="path">The file. It must not be changed or shortened while its rows are in use.</param>
    /// <param name="columns">When given, the values are regrouped into rows of this many: a photograph saved as height × width × 3 becomes one row with <c>columns: height * width * 3</c>.</param>
    /// <param name="scale">Factor for every value, applied in double; <c>1.0 / 255</c> brings bytes to 0 … 1.</param>
    /// <exception cref="InvalidDataException">The file is not .npy, is truncated, or holds something other than numbers; the message names the byte and what to change.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="columns"/> is less than 1, or the scale is zero or not finite.</exception>
    /// <exception cref="ArgumentException">The number of values is not a multiple of <paramref name="columns"/>.</exception>
    public static IRowSource ReadRows(string path, int? columns = null, double scale = 1)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (columns is < 1)
            throw new ArgumentOutOfRangeException(nameof(columns), columns, "Rows need at least one feature.");
        ElementFormat.CheckScale(scale);

        NpyHeader header = NpyHeader.Read(path);
        (long rows, int width) = RowsOf(header, columns);
        Int128 needed = header.DataOffset + ((Int128)rows * width * header.Format.Size);
        long length = new FileInfo(path).Length;
        if (length < needed)
            throw header.Error(0, $"shape ({string.Join(", ", header.Shape)}) needs {needed} bytes, the file has {length}: it is truncated. Copy it again.");

        bool columnMajor = header.FortranOrder && header.Shape.Length == 2 && width > 1;
        return new MappedRowSource(path, header.DataOffset, rows, width, header.Format with { Scale = scale }, columnMajor);
    }

    /// <summary>The axes of a .npy file, read from its header alone.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is not .npy.</exception>
    public static long[] ReadShape(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return NpyHeader.Read(path).Shape;
    }

    /// <summary>Writes an array for <c>numpy.load</c>, in C order.</summary>
    /// <typeparam name="T">float, double, Half or an integer type.</typeparam>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="values">The elements, row-major.</param>
    /// <param name="shape">The axes, slowest first, for example <c>[128, 784]</c> or <see cref="WeightShape.Dimensions"/>; empty for a single number.</param>
    /// <exception cref="ArgumentException">The product of the axes is not the number of values; nothing is written.</exception>
    /// <exception cref="NotSupportedException">The element type is not one NumPy reads.</exception>
    public static void Write<T>(string path, ReadOnlySpan<T> values, params ReadOnlySpan<int> shape)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(path);
        NamedTensor.CheckShape(values.Length, shape);
        string kind = ElementFormat.TypeOf<T>() switch
        {
            ElementType.UInt8 => "|u1",
            ElementType.Int8 => "|i1",
            ElementType.Int16 => "<i2",
            ElementType.UInt16 => "<u2",
            ElementType.Int32 => "<i4",
            ElementType.UInt32 => "<u4",
            ElementType.Int64 => "<i8",
            ElementType.UInt64 => "<u8",
            ElementType.Float16 => "<f2",
            ElementType.Float32 => "<f4",
            _ => "<f8",
        };

        // Padded with spaces so that the data starts at a multiple of 64 bytes, as NumPy does.
        string axes = string.Join(", ", shape.ToArray()) + (shape.Length == 1 ? "," : "");
        string header = $"{{'descr': '{kind}', 'fortran_order': False, 'shape': ({axes}), }}";
        int length = ((10 + header.Length + 1 + 63) / 64 * 64) - 10;
        header = header.PadRight(length - 1) + "\n";

        using FileStream file = File.Create(path);
        file.Write([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, (byte)length, (byte)(length >> 8)]);
        file.Write(Encoding.ASCII.GetBytes(header));
        WriteElements(file, values);
    }

    /// <inheritdoc cref="Write{T}(string, ReadOnlySpan{T}, ReadOnlySpan{int})"/>
    [OverloadResolutionPriority(1)]
    public static void Write<T>(string path, T[] values, params int[] shape)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(shape);
        Write(path, (ReadOnlySpan<T>)values, (ReadOnlySpan<int>)shape);
    }

    /// <summary>Writes the elements little-endian, whatever their total size in bytes.</summary>
    internal static void WriteElements<T>(Stream stream, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        const int Block = 1 << 20;
        for (; values.Length > 0; values = values[Math.Min(Block, values.Length)..])
            stream.Write(MemoryMarshal.AsBytes(values[..Math.Min(Block, values.Length)]));
    }

    private static (long Rows, int Columns) RowsOf(NpyHeader header, int? columns)
    {
        long[] shape = header.Shape;
        if (shape.Length == 0)
            throw header.Error(0, "the file holds a single number, not rows; save an array of shape (n, d).");
        if (header.FortranOrder && (shape.Length > 2 || (shape.Length == 2 && columns is not null)))
            throw header.Error(0, "the array is in Fortran order; save numpy.ascontiguousarray(a) instead.");
        Int128 count = 1, width = 1;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            count *= shape[axis];
            width *= axis > 0 ? shape[axis] : 1;
            if (count > long.MaxValue / 16 || width > long.MaxValue)
                throw header.Error(0, $"shape ({string.Join(", ", shape)}) is impossibly large; the file is damaged.");
        }

        if (columns is int regrouped)
        {
            return count % regrouped == 0
                ? ((long)(count / regrouped), regrouped)
                : throw new ArgumentException($"The file holds {count} values, shape ({string.Join(", ", shape)}); they do not make rows of {regrouped}.", nameof(columns));
        }

        return width >= 1 && width <= int.MaxValue
            ? (shape[0], (int)width)
            : throw header.Error(0, $"a row of shape ({string.Join(", ", shape)}) has {width} features; it needs 1 to {int.MaxValue}.");
    }
}
