using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace SpectralInit;

/// <summary>The header of a .npy file, versions 1 to 3 (NumPy Enhancement Proposal 1): magic, version, length, a Python dictionary.</summary>
internal sealed class NpyHeader
{
    // The header of a plain array has about a hundred bytes; NumPy itself refuses more than 10,000 without being told.
    private const int LongestHeader = 1 << 16;

    private readonly string _path;
    private readonly string _text;
    private readonly int _start;
    private int _position;

    private NpyHeader(string path, string text, int start, int length)
    {
        DataOffset = start + length;
        _path = path;
        _text = text;
        _start = start;
    }

    public ElementFormat Format { get; private set; }

    public bool FortranOrder { get; private set; }

    public long[] Shape { get; private set; } = [];

    /// <summary>Offset of the first element.</summary>
    public long DataOffset { get; }

    public static NpyHeader Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        Span<byte> lead = stackalloc byte[12];
        int read = file.ReadAtLeast(lead, 12, throwOnEndOfStream: false);
        if (read >= 2 && lead[0] == 'P' && lead[1] == 'K')
            throw new InvalidDataException($"{path} is a zip archive (.npz). Extract it and pass one of its .npy files.");
        if (read < 10 || lead[0] != 0x93 || !lead[1..6].SequenceEqual("NUMPY"u8))
            throw new InvalidDataException($"{path}: byte 0: not a .npy file (it does not start with \\x93NUMPY). Write it with numpy.save.");
        int version = lead[6];
        if (version is < 1 or > 3)
            throw new InvalidDataException($"{path}: byte 6: .npy version {version}.{lead[7]} is unknown; versions 1 to 3 are read.");
        int start = version == 1 ? 10 : 12;
        uint length = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(lead[8..]) : read == 12 ? BinaryPrimitives.ReadUInt32LittleEndian(lead[8..]) : uint.MaxValue;
        if (length > LongestHeader || start + length > file.Length)
            throw new InvalidDataException($"{path}: byte 8: the header would have {length} bytes, the file has {file.Length}: it is truncated or damaged. Copy it again.");

        byte[] bytes = new byte[length];
        file.Position = start;
        file.ReadExactly(bytes);
        NpyHeader header = new(path, version == 3 ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes), start, bytes.Length);
        header.Parse();
        return header;
    }

    public InvalidDataException Error(int position, string message) => new($"{_path}: byte {_start + position}: {message}");

    private void Parse()
    {
        bool descr = false, order = false, shape = false;
        Expect('{');
        while (!TryTake('}'))
        {
            int at = _position;
            string key = ReadString();
            Expect(':');
            switch (key)
            {
                case "descr" when !descr:
                    ReadDescription();
                    descr = true;
                    break;
                case "fortran_order" when !order:
                    FortranOrder = ReadBoolean();
                    order = true;
                    break;
                case "shape" when !shape:
                    ReadShape();
                    shape = true;
                    break;
                default:
                    throw Error(at, $"unexpected key '{key}' in the header.");
            }

            if (!TryTake(','))
            {
                Expect('}');
                break;
            }
        }

        if (!descr || !order || !shape)
            throw Error(0, "the header lacks descr, fortran_order or shape.");
    }

    private void ReadDescription()
    {
        int at = SkipSpace();
        if (Peek() == '[')
            throw Error(at, "the file holds a structured array; save one plain field, for example numpy.save(path, a['x']).");
        string text = ReadString();
        bool bigEndian = text.StartsWith('>');
        ElementType? type = text.TrimStart('<', '>', '|', '=') switch
        {
            "u1" or "b1" => ElementType.UInt8,
            "i1" => ElementType.Int8,
            "i2" => ElementType.Int16,
            "u2" => ElementType.UInt16,
            "i4" => ElementType.Int32,
            "u4" => ElementType.UInt32,
            "i8" => ElementType.Int64,
            "u8" => ElementType.UInt64,
            "f2" => ElementType.Float16,
            "f4" => ElementType.Float32,
            "f8" => ElementType.Float64,
            _ => null,
        };
        Format = new ElementFormat(type ?? throw Error(at, $"elements of type '{text}' are not numbers that can be read as rows; save a.astype('float32') or a.astype('float64')."), bigEndian);
    }

    private void ReadShape()
    {
        Expect('(');
        List<long> shape = [];
        while (!TryTake(')'))
        {
            int at = SkipSpace();
            int end = at;
            while (end < _text.Length && char.IsAsciiDigit(_text[end]))
                end++;
            if (!long.TryParse(_text.AsSpan(at, end - at), NumberStyles.None, CultureInfo.InvariantCulture, out long size))
                throw Error(at, "an axis length is missing or too large.");
            shape.Add(size);
            _position = end;
            TryTake('L');
            if (!TryTake(','))
            {
                Expect(')');
                break;
            }
        }

        Shape = [.. shape];
    }

    private bool ReadBoolean()
    {
        int at = SkipSpace();
        foreach (string word in (string[])["True", "False"])
        {
            if (_text.AsSpan(at).StartsWith(word))
            {
                _position = at + word.Length;
                return word == "True";
            }
        }

        throw Error(at, "expected True or False.");
    }

    private string ReadString()
    {
        int at = SkipSpace();
        char quote = Peek();
        int end = quote is '\'' or '"' ? _text.IndexOf(quote, at + 1) : -1;
        if (end < 0)
            throw Error(at, "expected a quoted string.");
        _position = end + 1;
        return _text[(at + 1)..end];
    }

    private int SkipSpace()
    {
        while (Peek() is ' ' or '\n' or '\t')
            _position++;
        return _position;
    }

    private char Peek() => _position < _text.Length ? _text[_position] : '\0';

    private bool TryTake(char expected)
    {
        SkipSpace();
        if (Peek() != expected)
            return false;
        _position++;
        return true;
    }

    private void Expect(char expected)
    {
        if (!TryTake(expected))
            throw Error(_position, $"expected '{expected}' in the header; the file is damaged.");
    }
}
