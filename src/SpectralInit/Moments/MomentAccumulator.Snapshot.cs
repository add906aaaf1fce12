using System.Buffers.Binary;

namespace SpectralInit;

public sealed partial class MomentAccumulator
{
    // Little-endian: magic, version, columns, count, first shift[d], mean less that[d], upper triangle of the scatter row by row, checksum of all before it.
    private const uint Magic = 0x4D_49_53_4D;
    private const int Version = 2, HeaderBytes = 4 + 4 + 4 + 8, ChecksumBytes = 8;

    /// <summary>The state as bytes, version 2: count, mean as a sum of two, and the packed upper triangle of the scatter, 8·(2d + d(d+1)/2) + 28 bytes.</summary>
    /// <remarks>The same on every platform. A restored accumulator goes on equally to rounding; merging it is the same to the bit.</remarks>
    /// <exception cref="InvalidOperationException">The state does not fit an array (d above some 23,000).</exception>
    public byte[] Snapshot()
    {
        long size = SnapshotBytes(Columns);
        if (size > Array.MaxLength)
            throw new InvalidOperationException($"A snapshot of {Columns} columns takes {size} bytes, more than an array holds.");
        byte[] bytes = new byte[size];
        using ScatterState total = Total();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Columns);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(12), Count);
        Span<byte> rest = Write(Write(bytes.AsSpan(HeaderBytes), total.Origin), total.Distance);
        for (int i = 0; i < Columns; i++)
        {
            for (int j = i; j < Columns;)
            {
                Span<double> part = total.Part(i, j);
                rest = Write(rest, part);
                j += part.Length;
            }
        }
        BinaryPrimitives.WriteUInt64LittleEndian(rest, Checksum(bytes.AsSpan(0, bytes.Length - ChecksumBytes)));
        return bytes;
    }

    /// <summary>An accumulator that goes on from a snapshot.</summary>
    /// <param name="snapshot">Bytes of <see cref="Snapshot"/>.</param>
    /// <exception cref="ArgumentException">The bytes are not a snapshot, were made by another version, are cut or damaged.</exception>
    public static MomentAccumulator Restore(ReadOnlySpan<byte> snapshot)
    {
        if (snapshot.Length < HeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(snapshot) != Magic)
            throw new ArgumentException("These bytes are not a snapshot of moments.", nameof(snapshot));
        int version = BinaryPrimitives.ReadInt32LittleEndian(snapshot[4..]), columns = BinaryPrimitives.ReadInt32LittleEndian(snapshot[8..]);
        long count = BinaryPrimitives.ReadInt64LittleEndian(snapshot[12..]);
        if (version != Version)
            throw new ArgumentException($"The snapshot has version {version}; this library reads version {Version}.", nameof(snapshot));
        if (columns is < 1 or > MaxColumns || count < 0 || snapshot.Length != SnapshotBytes(columns))
            throw new ArgumentException($"The snapshot of {columns} columns and {count} rows has {snapshot.Length} bytes: it is cut or damaged.", nameof(snapshot));
        if (BinaryPrimitives.ReadUInt64LittleEndian(snapshot[^ChecksumBytes..]) != Checksum(snapshot[..^ChecksumBytes]))
            throw new ArgumentException("The checksum of the snapshot is wrong: it is damaged.", nameof(snapshot));

        MomentAccumulator accumulator = new(columns);
        if (count == 0)
            return accumulator;
        ScatterState state = new(columns, 1) { Count = count };
        ReadOnlySpan<byte> rest = Read(Read(snapshot[HeaderBytes..], state.Origin), state.Distance);
        for (int i = 0; i < columns; i++)
        {
            for (int j = i; j < columns;)
            {
                Span<double> part = state.Part(i, j);
                rest = Read(rest, part);
                j += part.Length;
            }
        }

        accumulator._merged = state;
        return accumulator;
    }

    private static long SnapshotBytes(int columns) => HeaderBytes + (8 * ((2L * columns) + (columns * (columns + 1L) / 2))) + ChecksumBytes;

    private static Span<byte> Write(Span<byte> bytes, ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
            bytes = bytes[8..];
        }

        return bytes;
    }

    private static ReadOnlySpan<byte> Read(ReadOnlySpan<byte> bytes, Span<double> values)
    {
        foreach (ref double value in values)
        {
            value = BinaryPrimitives.ReadDoubleLittleEndian(bytes);
            bytes = bytes[8..];
        }

        return bytes;
    }

    // Fowler–Noll–Vo 1a over 64-bit words, then the bytes left.
    private static ulong Checksum(ReadOnlySpan<byte> bytes)
    {
        ulong hash = 0xCBF29CE484222325;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            hash = (hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes)) * 0x100000001B3;
        foreach (byte b in bytes)
            hash = (hash ^ b) * 0x100000001B3;
        return hash;
    }
}
