using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>
/// Cuts the rows that arrive into chunks of 256 or more, whatever pieces they arrive in, and adds them up. Short rows: slabs of some chunks each have
/// a state of their own, merged like the carries of a binary counter, and threads work on different slabs. Wide rows: there is one state, and threads
/// work on different column strips of its scatter. So neither the caller's pieces nor the number of threads changes a bit.
/// </summary>
internal sealed class ScatterStream(int columns)
{
    private const int Chunk = ScatterProduct.ChunkRows, SlabValues = 1 << 18, TermCapacity = 64, BatchBytes = 4 << 20;

    private readonly bool _short = ShortRows.Suit(columns);
    private readonly int _chunk = ChunkRows(columns), _slabChunks = Math.Max(1, Math.Max(SlabValues / columns, 32 * columns) / ChunkRows(columns));

    private List<(int Level, ScatterState State)> _carries = [];
    private ScatterState? _current;
    private int _currentChunks;
    private Scratch<double>? _pending;
    private int _pendingRows;
    private bool _pendingSingle;

    public long Count { get; private set; }

    private Span<double> Pending => (_pending ??= Scratch.Rent<double>((long)_chunk * columns)).Span;

    /// <summary>Rows of a chunk: short ones are cut into longer chunks.</summary>
    public static int ChunkRows(int columns) => ShortRows.Suit(columns) ? ShortRows.ChunkRows(columns) : Chunk;

    /// <summary>Adds rows. On an exception the stream is in an undefined state: go back to a checkpoint.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="first">First row to add.</param>
    /// <param name="count">How many.</param>
    /// <param name="offset">Added to row numbers in messages.</param>
    /// <param name="parameter">Name of the argument the rows came from, for messages.</param>
    /// <param name="last">True when no more rows come: then those that do not fill a chunk are not held for others. The bits are the same.</param>
    public void Add<T>(IRowBlocks<T> rows, long first, long count, long offset, string parameter, bool last = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Count += count;
        if (_pendingRows > 0 && count > 0)
        {
            int taken = (int)Math.Min(_chunk - _pendingRows, count);
            Hold(rows, first, taken, offset, parameter);
            first += taken;
            count -= taken;
            if (_pendingRows == _chunk)
                AddPending();
        }

        long chunks = count / _chunk;
        if (chunks > 0 && _short)
            AddSlabs(rows, first, chunks, offset, parameter);
        else if (chunks > 0)
            AddBatches(rows, first, chunks, offset, parameter);
        int rest = (int)(count % _chunk);
        first += chunks * _chunk;
        if (rest > 0 && last && _pendingRows == 0)
        {
            using Scratch<T> buffer = Scratch.Rent<T>((long)rest * columns);
            AddTo(_current ??= new ScatterState(columns, TermCapacity), rows.Read(first, rest, buffer.Span), offset + first, parameter);
        }
        else if (rest > 0)
        {
            Hold(rows, first, rest, offset, parameter);
        }
    }

    /// <summary>Everything so far as one settled state, which the caller owns.</summary>
    /// <param name="last">True when the stream is not used again: then nothing needs to be copied.</param>
    public ScatterState Total(bool last)
    {
        ScatterState total = (last ? _current : _current?.Clone()) ?? new ScatterState(columns, TermCapacity);
        if (_pendingRows > 0)
            AddPending(total);
        if (last)
            _pending?.Dispose();

        total.Settle();
        for (int i = _carries.Count - 1; i >= 0; i--)
        {
            ScatterState older = last ? _carries[i].State : _carries[i].State.Clone();
            older.Merge(total);
            total.Dispose();
            total = older;
        }

        return total;
    }

    /// <summary>An action that undoes whatever happens to the stream from now on.</summary>
    public Action Checkpoint()
    {
        List<(int, ScatterState)> carries = [.. _carries];
        foreach ((_, ScatterState state) in _carries)
            state.IsShared = true;
        ScatterState? current = _current?.Clone();
        double[] pending = _pendingRows > 0 ? [.. _pending!.Span[..(_pendingRows * columns)]] : [];
        (long count, int currentChunks, int pendingRows, bool pendingSingle) = (Count, _currentChunks, _pendingRows, _pendingSingle);
        return () =>
        {
            (_carries, _current) = (carries, current);
            (Count, _currentChunks, _pendingRows, _pendingSingle) = (count, currentChunks, pendingRows, pendingSingle);
            if (pendingRows > 0)
                pending.CopyTo(Pending);
        };
    }

    // A power of two, so that whole batches make up the chunks whose terms are settled together.
    private static int ChunksPerBatch(int rowBytes) => Math.Clamp((int)BitOperations.RoundUpToPowerOf2((uint)(BatchBytes / (Chunk * rowBytes) / 2) + 1), 2, 8);

    private void Hold<T>(IRowBlocks<T> rows, long first, int count, long offset, string parameter)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Scratch<T> buffer = Scratch.Rent<T>((long)count * columns);
        ReadOnlySpan<T> values = rows.Read(first, count, buffer.Span);
        FiniteRows.Check(values, columns, offset + first, parameter);
        if (_pendingRows == 0)
            _pendingSingle = true;
        _pendingSingle &= typeof(T) == typeof(float);
        Span<double> to = Pending[(_pendingRows * columns)..];
        TensorPrimitives.ConvertTruncating(values, to);
        _pendingRows += count;
    }

    private void AddPending()
    {
        AddPending(_current ??= new ScatterState(columns, TermCapacity));
        _pendingRows = 0;
        _currentChunks++;
        Carry();
    }

    private void AddPending(ScatterState state)
    {
        ReadOnlySpan<double> rows = Pending[..(_pendingRows * columns)];
        if (!_pendingSingle)
        {
            AddTo(state, rows, Count - _pendingRows, nameof(rows));
            return;
        }

        using Scratch<float> singles = Scratch.Rent<float>(rows.Length);
        TensorPrimitives.ConvertTruncating(rows, singles.Span);
        AddTo<float>(state, singles.Span, Count - _pendingRows, nameof(rows));
    }

    private void AddTo<T>(ScatterState state, ReadOnlySpan<T> rows, long first, string parameter)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (_short)
        {
            using ShortRowChunk adder = new(columns);
            adder.Add(rows, state, first, parameter);
            return;
        }

        using PackedChunk chunk = new(columns);
        chunk.Pack(rows, first, parameter);
        int strips = ScatterState.StripCount(columns);
        Parallelism.Run(strips, strip =>
        {
            RowsAhead nothing = default;
            state.AddProducts([chunk], strips - 1 - strip, 0, 1, ref nothing);
        });
        state.Append(chunk);
    }

    private void AddSlabs<T>(IRowBlocks<T> rows, long first, long chunks, long offset, string parameter)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int SlabsAtOnce = 64;
        Stack<ShortRowChunk> idle = [];
        while (chunks > 0)
        {
            int begun = _currentChunks, parts = (int)Math.Min(SlabsAtOnce, (begun + chunks + _slabChunks - 1) / _slabChunks);
            long now = Math.Min(chunks, ((long)parts * _slabChunks) - begun), start = first;
            ScatterState[] slabs = new ScatterState[parts];
            slabs[0] = _current!;
            Parallelism.Run(parts, part =>
            {
                // Chunks are numbered from the beginning of the slab that was begun.
                long from = Math.Max(0, ((long)part * _slabChunks) - begun), to = Math.Min(now, ((part + 1L) * _slabChunks) - begun);
                ScatterState slab = slabs[part] ??= new ScatterState(columns, TermCapacity);
                ShortRowChunk? adder;
                lock (idle)
                    idle.TryPop(out adder);
                adder ??= new(columns);
                using Scratch<T> buffer = Scratch.Rent<T>((long)_chunk * columns);
                for (long row = start + (from * _chunk); row < start + (to * _chunk); row += _chunk)
                    adder.Add(rows.Read(row, _chunk, buffer.Span), slab, offset + row, parameter);
                lock (idle)
                    idle.Push(adder);
            });

            for (int part = 0; part < parts; part++)
            {
                _current = slabs[part];
                _currentChunks = (int)Math.Min(_slabChunks, begun + now - ((long)part * _slabChunks));
                Carry();
            }

            first += now * _chunk;
            chunks -= now;
        }

        foreach (ShortRowChunk adder in idle)
            adder.Dispose();
    }

    private void AddBatches<T>(IRowBlocks<T> rows, long first, long chunks, long offset, string parameter)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Few enough chunks that these and the next ones stay in the cache. Batches end where terms are settled, whatever piece they began in.
        int batch = ChunksPerBatch(columns * Unsafe.SizeOf<T>()), strips = ScatterState.StripCount(columns);
        ScatterState state = _current ??= new ScatterState(columns, TermCapacity);
        int number = state.Terms;
        using PackedBatch<T> even = new(rows, columns, (int)Math.Min(batch, chunks)), odd = new(rows, columns, (int)Math.Min(batch, chunks));
        PackedBatch<T> packed = even, coming = odd;
        Begin(packed);
        Parallelism.Run(packed.Pieces, packed.Pack);
        for (packed.End(offset, parameter); packed.Chunks.Length > 0; (packed, coming) = (coming, packed))
        {
            PackedBatch<T> these = packed, those = coming;
            Begin(those);
            Parallelism.Run(strips, task =>
            {
                // The longest strips first, so that the threads end together. Between its parts each packs its share of the next batch, fetched meanwhile;
                // parts are long enough for the panel of columns, which goes to the nearest cache anew for each.
                long strip = strips - 1 - task, whole = (long)strips * strips;
                int begin = (int)(those.Pieces * strip * strip / whole), pieces = (int)(those.Pieces * (strip + 1) * (strip + 1) / whole) - begin, parts = (int)Math.Clamp(strip / 2, 1, Math.Max(1, pieces));
                for (int part = 0; part < parts; part++)
                {
                    int piece = begin + (pieces * part / parts), end = begin + (pieces * (part + 1) / parts);
                    RowsAhead ahead = piece < end ? those.Ahead(piece) : default;
                    state.AddProducts(these.Chunks, (int)strip, part, parts, ref ahead);
                    for (; piece < end; piece++)
                        those.Pack(piece);
                }
            });
            foreach (PackedChunk chunk in these.Chunks)
                state.Append(chunk);
            those.End(offset, parameter);
        }

        void Begin(PackedBatch<T> next)
        {
            int count = (int)Math.Min(batch - (number % batch), chunks);
            next.Begin(first, count);
            first += (long)count * Chunk;
            chunks -= count;
            number += count;
        }
    }

    // A full slab becomes a carry of level 0; two carries of one level become one of the next.
    private void Carry()
    {
        if (!_short || _currentChunks < _slabChunks)
            return;
        ScatterState carry = _current!;
        int level = 0;
        for (; _carries.Count > 0 && _carries[^1].Level == level; level++)
        {
            ScatterState older = _carries[^1].State;
            _carries.RemoveAt(_carries.Count - 1);
            if (older.IsShared)
                older = older.Clone();
            older.Merge(carry);
            carry.Dispose();
            carry = older;
        }

        _carries.Add((level, carry));
        (_current, _currentChunks) = (null, 0);
    }
}
