using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;

namespace SpectralInit;

/// <summary>The safetensors checkpoint format (Hugging Face): a length, a JSON header, the tensors' bytes. PyTorch, JAX and TorchSharp tools read it.</summary>
public static class SafeTensors
{
    internal const string MetadataKey = "__metadata__";

    // The reference implementation's own limit.
    private const long LongestHeader = 100_000_000;

    private static readonly (ElementType Type, string Name)[] s_names =
    [
        (ElementType.UInt8, "U8"), (ElementType.Int8, "I8"), (ElementType.Int16, "I16"), (ElementType.UInt16, "U16"), (ElementType.Int32, "I32"), (ElementType.UInt32, "U32"),
        (ElementType.Int64, "I64"), (ElementType.UInt64, "U64"), (ElementType.Float16, "F16"), (ElementType.BFloat16, "BF16"), (ElementType.Float32, "F32"), (ElementType.Float64, "F64"),
    ];

    /// <summary>Writes tensors to one file, in the given order.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="tensors">The tensors; names are unique.</param>
    /// <param name="metadata">Free text for the header, for example <c>format: pt</c>.</param>
    /// <exception cref="ArgumentException">A name occurs twice; nothing is written.</exception>
    public static void Write(string path, IEnumerable<NamedTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(tensors);
        List<NamedTensor> all = [.. tensors];
        HashSet<string> names = [];
        ArrayBufferWriter<byte> header = new();
        using (Utf8JsonWriter json = new(header))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(MetadataKey);
                foreach ((string key, string value) in metadata)
                    json.WriteString(key, value);
                json.WriteEndObject();
            }

            long offset = 0;
            foreach (NamedTensor tensor in all)
            {
                ArgumentNullException.ThrowIfNull(tensor, nameof(tensors));
                if (!names.Add(tensor.Name))
                    throw new ArgumentException($"Two tensors are named {tensor.Name}.", nameof(tensors));
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.DataType);
                json.WriteStartArray("shape");
                foreach (int size in tensor.Shape)
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += tensor.Bytes.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // Spaces bring the data to a multiple of 8 bytes.
        int padded = (header.WrittenCount + 7) / 8 * 8;
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, padded);
        using FileStream file = File.Create(path);
        file.Write(length);
        file.Write(header.WrittenSpan);
        file.Write("       "u8[..(padded - header.WrittenCount)]);
        foreach (NamedTensor tensor in all)
            file.Write(tensor.Bytes);
    }

    /// <summary>Reads all tensors of a file, in the order of their data.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is not safetensors, is truncated, or its header contradicts its data.</exception>
    public static IReadOnlyList<NamedTensor> Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using FileStream file = File.OpenRead(path);
        byte[] lead = new byte[8];
        long length = file.ReadAtLeast(lead, 8, throwOnEndOfStream: false) == 8 ? BinaryPrimitives.ReadInt64LittleEndian(lead) : -1;
        if (length < 2 || length > LongestHeader || length > file.Length - 8)
            throw new InvalidDataException($"{path}: byte 0: a header of {length} bytes does not fit a file of {file.Length}; it is not safetensors, or truncated.");
        byte[] header = new byte[length];
        file.ReadExactly(header);
        try
        {
            using JsonDocument document = JsonDocument.Parse(header);
            return ReadTensors(path, file, document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new InvalidDataException($"{path}: byte 8: the header is not what safetensors writes: {error.Message}", error);
        }
    }

    internal static string NameOf(ElementType type) => Array.Find(s_names, pair => pair.Type == type).Name;

    private static List<NamedTensor> ReadTensors(string path, FileStream file, JsonElement header)
    {
        long start = file.Position;
        List<(string Name, JsonElement Entry, long Begin, long End)> entries = [];
        HashSet<string> names = [];
        foreach (JsonProperty property in header.EnumerateObject())
        {
            if (property.Name == MetadataKey)
                continue;
            if (!names.Add(property.Name))
                throw new InvalidDataException($"{path}: two tensors are named {property.Name}.");
            JsonElement offsets = property.Value.GetProperty("data_offsets");
            if (offsets.GetArrayLength() != 2)
                throw new InvalidDataException($"{path}: {property.Name} needs two data offsets.");
            entries.Add((property.Name, property.Value, offsets[0].GetInt64(), offsets[1].GetInt64()));
        }

        entries.Sort((a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
        long next = 0;
        List<NamedTensor> tensors = [];
        foreach ((string name, JsonElement entry, long begin, long end) in entries)
        {
            string dtype = entry.GetProperty("dtype").GetString() ?? "";
            (ElementType type, string known) = Array.Find(s_names, pair => pair.Name == dtype);
            if (known is null)
                throw new InvalidDataException($"{path}: {name} has elements of type {dtype}, which is not read.");
            ImmutableArray<int> shape = [.. entry.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
            Int128 bytes = new ElementFormat(type).Size;
            foreach (int size in shape)
                bytes = size < 0 ? throw new InvalidDataException($"{path}: {name} has a negative axis.") : bytes > long.MaxValue && size > 0 ? bytes : bytes * size;
            if (begin != next || end < begin || end > file.Length - start || end - begin != bytes)
                throw new InvalidDataException($"{path}: {name} [{string.Join(", ", shape)}] needs {bytes} bytes at {next} of the data; the header says {begin} to {end}, and the data have {file.Length - start}. The file is damaged or truncated.");
            if (bytes > Array.MaxLength)
                throw new InvalidDataException($"{path}: {name} has {bytes} bytes; at most {Array.MaxLength} fit an array.");
            byte[] data = new byte[(int)bytes];
            file.Position = start + begin;
            file.ReadExactly(data);
            tensors.Add(new NamedTensor(name, type, shape, data));
            next = end;
        }

        return next == file.Length - start
            ? tensors
            : throw new InvalidDataException($"{path}: {file.Length - start - next} bytes after the last tensor belong to none; the file is damaged.");
    }
}
