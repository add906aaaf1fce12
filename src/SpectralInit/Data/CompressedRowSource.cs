using System.Numerics;

namespace SpectralInit;

/// <summary>Rows that are decompressed as they stream.</summary>
internal sealed class CompressedRowSource(string path, Func<Stream> open, int headerLength, long rows, int columns, ElementFormat format) : IRowSource
{
    public int Columns { get; } = columns;

    public long? RowCount { get; } = rows;

    public bool IsSingle => format.IsSingle;

    public IRowReader Open() => new Reader(this);

    private sealed class Reader : IRowReader
    {
        private readonly CompressedRowSource _source;
        private readonly Stream _stream;
        private readonly byte[] _bytes;
        private long _next;

        public Reader(CompressedRowSource source)
        {
            _source = source;
            _stream = source.OpenStream();
            _bytes = new byte[Math.Max(source.RowBytes, (1 << 18) / source.RowBytes * source.RowBytes)];
            _stream.ReadExactly(new byte[source.HeaderLength]);
        }

        public int Read(Span<double> rows) => ReadAs(rows);

        public int Read(Span<float> rows) => ReadAs(rows);

        public void Dispose() => _stream.Dispose();

        private unsafe int ReadAs<U>(Span<U> rows)
            where U : unmanaged, IBinaryFloatingPointIeee754<U>
        {
            int columns = _source.Columns;
            int count = (int)Math.Min(RowBuffer.Capacity(rows.Length, columns), _source.RowCount!.Value - _next);
            for (int done = 0; done < count;)
            {
                int part = Math.Min(count - done, _bytes.Length / _source.RowBytes);
                int wanted = part * _source.RowBytes;
                int read = Fill(wanted);
                if (read < wanted)
                    throw _source.Truncated(_next + done + (read / _source.RowBytes));
                fixed (byte* bytes = _bytes)
                    _source.Format.Decode(bytes, rows.Slice(done * columns, part * columns));
                done += part;
            }

            _next += count;
            if (_next == _source.RowCount && Fill(1) > 0)
                throw new InvalidDataException($"{_source.Path}: the data go on after the {_next} rows that the header promises: the file is damaged. Copy it again.");
            return count;
        }

        // Reading to the end makes the decompressor compare its checksum.
        private int Fill(int wanted)
        {
            try
            {
                return _stream.ReadAtLeast(_bytes.AsSpan(0, wanted), wanted, throwOnEndOfStream: false);
            }
            catch (InvalidDataException error)
            {
                throw new InvalidDataException($"{_source.Path}: the compressed data are damaged near row {_next}: {error.Message} Copy the file again.", error);
            }
        }
    }

    private string Path => path;

    private int HeaderLength => headerLength;

    private ElementFormat Format => format;

    private int RowBytes => checked(Columns * format.Size);

    private Stream OpenStream() => open();

    private InvalidDataException Truncated(long found) => new($"{path}: the header promises {RowCount} rows, the data end after {found}: the file is truncated. Copy it again.");
}
