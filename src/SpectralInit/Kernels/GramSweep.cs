namespace SpectralInit.Kernels;

/// <summary>
/// The order in which <see cref="GramProduct"/> passes over rows: slabs, which are added up apart, and blocks of rows within them. Threads take slabs in lots of neighbours, two
/// lots each, as streams farther apart disturb each other less; and take the next lot when they begin the last block of the one before, to know which rows to fetch meanwhile.
/// </summary>
internal sealed class GramSweep
{
    private readonly nint _rows, _perSlab;
    private readonly int _perBlock, _perLot;
    private readonly bool _backward;
    private int _lots;

    /// <param name="rows">Rows, ≥ 1.</param>
    /// <param name="perSlab">Rows of a slab.</param>
    /// <param name="perBlock">Rows of a block.</param>
    /// <param name="backward">From the last block to the first.</param>
    /// <param name="threads">Threads that will take part.</param>
    public GramSweep(nint rows, nint perSlab, int perBlock, bool backward, int threads)
    {
        (_rows, _perSlab, _perBlock, _backward) = (rows, perSlab, perBlock, backward);
        Slabs = (int)((rows + perSlab - 1) / perSlab);
        Threads = Math.Min(threads, Slabs);
        _perLot = Math.Max(1, Slabs / (2 * Threads));
    }

    /// <summary>How many slabs.</summary>
    public int Slabs { get; }

    /// <summary>Threads that have something to do.</summary>
    public int Threads { get; }

    /// <summary>The most rows of a block.</summary>
    public int PerBlock => _perBlock;

    /// <summary>The first block of a lot that no thread has taken; of height 0 when there is none.</summary>
    public Block First() => Begin((Interlocked.Increment(ref _lots) - 1) * _perLot);

    /// <summary>The block to follow, of the same slab or, after its last one, of another.</summary>
    public Block After(in Block block)
    {
        int slab = block.Slab, following = Turned(slab) + 1;
        nint row = _backward ? block.Row - _perBlock : block.Row + _perBlock;
        if (row >= slab * _perSlab && row < End(slab))
            return At(slab, row);
        return following % _perLot == 0 ? First() : Begin(following);
    }

    // By its place in the order.
    private Block Begin(int order)
    {
        if (order >= Slabs)
            return default;
        int slab = Turned(order);
        nint start = slab * _perSlab, last = End(slab) - 1 - start;
        return At(slab, _backward ? start + (last / _perBlock * _perBlock) : start);
    }

    private Block At(int slab, nint row) => new(slab, row, (int)Math.Min(_perBlock, End(slab) - row));

    // The slab of a place in the order, and the place of a slab.
    private int Turned(int index) => _backward ? Slabs - 1 - index : index;

    private nint End(int slab) => Math.Min((slab + 1) * _perSlab, _rows);

    /// <summary>Rows from <paramref name="Row"/> on.</summary>
    /// <param name="Slab">The slab it is of.</param>
    /// <param name="Row">Its first row.</param>
    /// <param name="Height">Its rows; 0 for none.</param>
    public readonly record struct Block(int Slab, nint Row, int Height);
}
