using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SpectralInit.Kernels;

/// <summary>
/// Applies the reflectors of <see cref="Tridiagonalization"/> to vectors, in blocks I − Vᵀ·S·V (Schreiber, Van Loan, "A storage-efficient
/// WY representation for products of Householder transformations", 1989). All blocks are packed once, both for V·Z and for Vᵀ·Z; then
/// every part of the vectors runs through all of them while it stays in cache.
/// </summary>
internal sealed unsafe class Reflectors : IDisposable
{
    /// <summary>Reflectors per block.</summary>
    public const int BlockWidth = 64;

    /// <summary>A part is a multiple of this many vectors: whole tiles of every lane.</summary>
    private const int PartMultiple = 24;

    /// <summary>From this dimension on a part no longer fits the second-level cache; then wide ones are better, as they read the reflectors less often.</summary>
    private const int LargeDimension = 1200;

    private readonly double* _v;
    private readonly nint _stride;
    private readonly int _count, _columns, _blocks;
    private readonly Scratch<double> _memory;

    /// <param name="v">Row j holds v_j with zeros before j+1 from the start of its block; the padding is zero.</param>
    /// <param name="n">Dimension.</param>
    /// <param name="stride">Elements between rows.</param>
    /// <param name="tau">n−1 scales.</param>
    public Reflectors(double* v, int n, nint stride, double* tau)
    {
        _v = v;
        _stride = stride;
        _count = n - 1;
        _columns = Lane.Pad(n);
        _blocks = (_count + BlockWidth - 1) / BlockWidth;
        _memory = Scratch.Rent<double>(Offset(_blocks));
        Parallelism.Run(_blocks, block =>
        {
            Factor(block, tau);
            Pack(block);
        });
    }

    /// <summary>Vectors per part, so that the parts are even.</summary>
    public int PartSize(int vectors)
    {
        int largest = _columns < LargeDimension ? 2 * PartMultiple : 4 * PartMultiple, parts = Math.Max(1, (vectors + largest - 1) / largest);
        return Math.Max(1, (((vectors + parts - 1) / parts) + PartMultiple - 1) / PartMultiple) * PartMultiple;
    }

    /// <summary>Z ← Q·Z: turns eigenvectors of T into eigenvectors of A.</summary>
    /// <param name="z">Padded n rows of <paramref name="width"/> values without gaps: a vector per column.</param>
    /// <param name="width">Vectors: <see cref="PartSize"/>.</param>
    public void Apply(double* z, int width)
    {
        switch (Lane.Width)
        {
            case 8: Apply<Lanes512<double>, Vector512<double>>(z, width); break;
            case 4: Apply<Lanes256<double>, Vector256<double>>(z, width); break;
            case 2: Apply<Lanes128<double>, Vector128<double>>(z, width); break;
            default: Apply<LanesScalar<double>, double>(z, width); break;
        }
    }

    public void Dispose() => _memory.Dispose();

    /// <summary>Tile rows of this processor's lane.</summary>
    private static int TileRows => Lane.Width switch
    {
        8 => Lanes512<double>.TileRows,
        4 => Lanes256<double>.TileRows,
        2 => Lanes128<double>.TileRows,
        _ => LanesScalar<double>.TileRows,
    };

    /// <summary>Where a block begins: S, then V for V·Z, then V for Vᵀ·Z.</summary>
    private nint Offset(int block) => (block * (nint)BlockWidth * BlockWidth) + (2 * BlockWidth * (((nint)block * _columns) - ((nint)block * (block - 1) / 2 * BlockWidth)));

    private int Length(int block) => _columns - (block * BlockWidth);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Apply<TLanes, TVector>(double* z, int width)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        const int BlockK = 128;
        int rows = TLanes.TileRows, columns = 3 * TLanes.Count;
        using Scratch<double> scratch = Scratch.Rent<double>(2 * BlockWidth * width);
        double* projected = scratch.Pointer, combined = projected + (BlockWidth * width);
        for (int block = _blocks - 1; block >= 0; block--)
        {
            // The block is B = I − Vᵀ·S·V: Z ← Z − Vᵀ·(S·(V·Z)).
            int length = Length(block);
            double* s = _memory.Pointer + Offset(block), across = s + (BlockWidth * BlockWidth), along = across + ((nint)BlockWidth * length);
            double* part = z + ((nint)block * BlockWidth * width);
            for (int p = 0; p < length; p += BlockK)
            {
                int k = Math.Min(BlockK, length - p);
                for (int c = 0; c < width; c += columns)
                {
                    for (int r = 0; r < BlockWidth; r += rows)
                    {
                        ProductTile<TLanes, TVector, double>.Run<ThreeVectors, ProductSink<TLanes, TVector, double>>(
                            k, across + ((nint)r * length) + (p * rows), rows, part + ((nint)p * width) + c, width, new(projected + (r * width) + c, width, 1, p == 0 ? 0 : 1));
                    }
                }
            }

            for (int c = 0; c < width; c += columns)
            {
                for (int r = 0; r < BlockWidth; r += rows)
                {
                    ProductTile<TLanes, TVector, double>.Run<ThreeVectors, ProductSink<TLanes, TVector, double>>(
                        BlockWidth - r, s + (r * BlockWidth) + r, BlockWidth, projected + (r * width) + c, width, new(combined + (r * width) + c, width, 1, 0));
                }

                for (int r = 0; r < length; r += rows)
                {
                    ProductTile<TLanes, TVector, double>.Run<ThreeVectors, ProductSink<TLanes, TVector, double>>(
                        BlockWidth, along + ((nint)r * BlockWidth), rows, combined + c, width, new(part + ((nint)r * width) + c, width, -1, 1));
                }
            }
        }
    }

    /// <summary>The upper triangular S of one block, transposed, a row at a time: s_ii = τ_i, s_{0…i−1,i} = −τ_i·S·(V·v_i).</summary>
    private void Factor(int block, double* tau)
    {
        int start = block * BlockWidth, width = Math.Min(BlockWidth, _count - start);
        double* s = _memory.Pointer + Offset(block);
        new Span<double>(s, BlockWidth * BlockWidth).Clear();
        double* products = stackalloc double[BlockWidth];
        for (int i = 0; i < width; i++)
        {
            double scale = tau[start + i];
            int first = (start + i + 1) & -Lane.Alignment;
            double* v = _v + ((start + i) * _stride) + first, row = s + (i * BlockWidth);
            VectorKernels.DotRows(products, _v + (start * _stride) + first, _stride, i, v, _columns - first);
            VectorKernels.SubtractRows(row, products, s, BlockWidth, i, Lane.Pad(i));
            VectorKernels.Scale(row, scale, Lane.Pad(i));
            row[i] = scale;
        }
    }

    /// <summary>Panels of <see cref="TileRows"/> reflectors, and panels of as many columns; missing reflectors are zero.</summary>
    private void Pack(int block)
    {
        int start = block * BlockWidth, width = Math.Min(BlockWidth, _count - start), length = Length(block), rows = TileRows;
        double* across = _memory.Pointer + Offset(block) + (BlockWidth * BlockWidth), along = across + ((nint)BlockWidth * length);
        double* v = _v + (start * _stride) + start;
        for (int r = 0; r < BlockWidth; r += rows)
            Panels.Pack(across + ((nint)r * length), rows, v + (r * _stride), Math.Clamp(width - r, 0, rows), _stride, 1, length);
        for (int c = 0; c < length; c += rows)
        {
            Panels.Pack(along + ((nint)c * BlockWidth), rows, v + c, rows, 1, _stride, width);
            new Span<double>(along + ((nint)c * BlockWidth) + (width * rows), (BlockWidth - width) * rows).Clear();
        }
    }
}
