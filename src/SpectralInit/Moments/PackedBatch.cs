using System.Numerics;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>Some chunks of wide rows, packed piece by piece by whoever has time: a panel of one chunk where rows lie in memory, a chunk where they are to be copied first.</summary>
internal sealed unsafe class PackedBatch<T>(IRowBlocks<T> rows, int columns, int capacity) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int ChunkRows = ScatterProduct.ChunkRows;

    private readonly PackedChunk[] _chunks = [.. Enumerable.Range(0, capacity).Select(_ => new PackedChunk(columns))];
    private readonly int _panels = ScatterProduct.PanelCount<T>(columns);
    private bool _inMemory;
    private long _first;
    private int _count;

    public ReadOnlySpan<PackedChunk> Chunks => _chunks.AsSpan(0, _count);

    /// <summary>Pieces to pack.</summary>
    public int Pieces => _inMemory ? _count * _panels : _count;

    /// <summary>Begins to pack so many chunks.</summary>
    public void Begin(long first, int count)
    {
        (_first, _count, _inMemory) = (first, count, rows.Ahead(first, 1).Bytes > 0);
        foreach (PackedChunk chunk in Chunks)
            chunk.Begin<T>();
    }

    /// <summary>Memory that a piece will read.</summary>
    public RowsAhead Ahead(int piece)
    {
        if (!_inMemory)
            return default;
        int width = ScatterProduct.PanelWidth<T>(), left = (piece % _panels * width) - ScatterProduct.Lead(columns), from = Math.Max(0, left), to = Math.Min(columns, left + width);
        return rows.Ahead(RowOf(piece / _panels), ChunkRows).Columns(from * sizeof(T), (to - from) * sizeof(T), columns * sizeof(T));
    }

    /// <summary>Packs a piece; threads may pack different ones.</summary>
    public void Pack(int piece)
    {
        int chunk = _inMemory ? piece / _panels : piece, panel = _inMemory ? piece % _panels : 0;
        using Scratch<T>? buffer = Buffer();
        _chunks[chunk].Pack(Read(chunk, buffer), panel, _inMemory ? panel + 1 : _panels);
    }

    /// <summary>To be called when all pieces are packed.</summary>
    /// <param name="offset">Added to row numbers in messages.</param>
    /// <param name="parameter">Name of the argument the rows came from, for messages.</param>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public void End(long offset, string parameter)
    {
        for (int chunk = 0; chunk < _count; chunk++)
        {
            if (_chunks[chunk].IsPacked)
                continue;
            using Scratch<T>? buffer = Buffer();
            _chunks[chunk].End(Read(chunk, buffer), offset + RowOf(chunk), parameter);
        }
    }

    public void Dispose()
    {
        foreach (PackedChunk chunk in _chunks)
            chunk.Dispose();
    }

    // Null where rows lie in memory: pieces are many, and even an empty block would be garbage for each.
    private Scratch<T>? Buffer() => _inMemory ? null : Scratch.Rent<T>((long)ChunkRows * columns);

    private ReadOnlySpan<T> Read(int chunk, Scratch<T>? buffer) => rows.Read(RowOf(chunk), ChunkRows, buffer is null ? [] : buffer.Span);

    private long RowOf(int chunk) => _first + ((long)chunk * ChunkRows);
}
