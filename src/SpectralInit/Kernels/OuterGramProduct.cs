using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SpectralInit.Kernels;

/// <summary>
/// P = V·W and Z = V·WWᵀ for a block V of row vectors and a wide W, in one pass over W where it lies: a block of columns is still in the last-level
/// cache, from the product with V, when its transpose is wanted. The counterpart of <see cref="GramProduct"/>.
/// </summary>
internal static unsafe class OuterGramProduct
{
    /// <summary>Vectors go through the tiles in groups of eight.</summary>
    public const int Group = 8;

    /// <summary>Rows of W that go through the first product, and through the second, together: pieces of them stay in the nearer caches while all vectors pass.</summary>
    public const int FirstRows = 48, SecondRows = 24;

    /// <summary>SIMD widths of P that stay in the first cache while the rows of the second product pass, at most.</summary>
    public const int StripsPerChunk = 64;

    // A block of columns is 6 MB of W, but wide enough that sums over the lanes of a register do not count, and narrow enough for P.
    private const int BlockBytes = 6 << 20, LeastColumns = 192, MostColumns = 4096;

    /// <summary>Z ← V·WWᵀ with W rows×columns, V and Z count×rows, all row-major.</summary>
    /// <param name="w">W.</param>
    /// <param name="rows">Rows of W.</param>
    /// <param name="columns">Columns of W.</param>
    /// <param name="count">Vectors.</param>
    /// <param name="v">V.</param>
    /// <param name="z">Z, overwritten.</param>
    /// <param name="image">P = V·W, count×columns, overwritten; or null.</param>
    /// <typeparam name="T">Type of W and of the arithmetic: float or double. Blocks of columns are added up in double.</typeparam>
    public static void Multiply<T>(T* w, nint rows, nint columns, int count, double* v, double* z, double* image = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (Lane.Width)
        {
            case 8: OuterGramProduct<Lanes512<T>, Vector512<T>, T>.Multiply(w, rows, columns, count, v, z, image); break;
            case 4: OuterGramProduct<Lanes256<T>, Vector256<T>, T>.Multiply(w, rows, columns, count, v, z, image); break;
            case 2: OuterGramProduct<Lanes128<T>, Vector128<T>, T>.Multiply(w, rows, columns, count, v, z, image); break;
            default: OuterGramProduct<LanesScalar<T>, T, T>.Multiply(w, rows, columns, count, v, z, image); break;
        }
    }

    /// <summary>Columns of a block, by shape alone: whole tiles, blocks of about the same size, and an even number of them.</summary>
    public static nint BlockWidth<T>(nint rows, nint columns, nint tile)
        where T : unmanaged
    {
        nint most = Math.Clamp(BlockBytes / (rows * sizeof(T)), LeastColumns, MostColumns), blocks = (columns + most - 1) / most;
        blocks += blocks > 2 ? blocks & 1 : 0;
        return (((columns + blocks - 1) / blocks) + tile - 1) / tile * tile;
    }
}

/// <inheritdoc cref="OuterGramProduct"/>
internal static unsafe class OuterGramProduct<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Group = OuterGramProduct.Group, TileRows = DotTile<TLanes, TVector, T>.Rows;

    public static void Multiply(T* w, nint rows, nint columns, int count, double* v, double* z, double* image)
    {
        nint width = OuterGramProduct.BlockWidth<T>(rows, columns, 3 * TLanes.Count);
        int groups = (count + Group - 1) / Group, blocks = (int)((columns + width - 1) / width);
        nint size = rows * groups * Group;
        using Scratch<T> memory = Scratch.Rent<T>((blocks + 1) * size);
        T* input = memory.Pointer, sums = input + size;

        // Entries of the eight vectors of a group side by side, group after group; surplus vectors are zero.
        for (nint i = 0; i < groups * Group; i++)
        {
            T* target = input + (i / Group * rows * Group) + (i % Group);
            for (nint row = 0; row < rows; row++)
                target[row * Group] = i < count ? T.CreateTruncating(v[(i * rows) + row]) : T.Zero;
        }

        Parallelism.Run(blocks, block =>
        {
            nint first = block * width, here = Math.Min(width, columns - first);
            Block(w + first, rows, columns, here, groups, input, sums + (block * size), count, image == null ? null : image + first);
        });

        const int RowsPerPart = 256;
        Parallelism.Run((int)((rows + RowsPerPart - 1) / RowsPerPart), part =>
        {
            nint first = part * (nint)RowsPerPart, values = Math.Min(RowsPerPart, rows - first) * Group, lane = TLanes.Count;
            double* totals = stackalloc double[RowsPerPart * Group];
            for (nint group = 0; group < groups; group++)
            {
                new Span<double>(totals, (int)values).Clear();
                for (nint block = 0; block < blocks; block++)
                {
                    T* source = sums + (block * size) + (((group * rows) + first) * Group);
                    nint i = 0;
                    for (; i + lane <= values; i += lane)
                        TLanes.AddTo(totals + i, TLanes.Load(source + i));
                    for (; i < values; i++)
                        totals[i] += double.CreateTruncating(source[i]);
                }

                for (nint i = 0; i < Math.Min(Group, count - (group * Group)); i++)
                {
                    for (nint row = 0; row < values / Group; row++)
                        z[(((group * Group) + i) * rows) + first + row] = totals[(row * Group) + i];
                }
            }
        });
    }

    /// <summary>One block of columns: P ← V·W, in strips of a SIMD width with the eight vectors of a group side by side; then z(row, i) ← w_row·p_i.</summary>
    private static void Block(T* w, nint rows, nint stride, nint columns, int groups, T* v, T* z, int count, double* image)
    {
        nint lane = TLanes.Count, full = columns / lane, rest = columns - (full * lane), strips = full + (rest > 0 ? 1 : 0);
        nint groupSize = strips * lane * Group, sumsSize = OuterGramProduct.SecondRows * Group * lane;
        using Scratch<T> work = Scratch.RentCleared<T>((groups * (groupSize + sumsSize)) + (rest > 0 ? rows * lane : 0));
        T* p = work.Pointer, sums = p + (groups * groupSize), edge = sums + (groups * sumsSize);

        // The last columns, short of a SIMD width, padded with zeros.
        for (nint row = 0; rest > 0 && row < rows; row++)
            new ReadOnlySpan<T>(w + (row * stride) + (full * lane), (int)rest).CopyTo(new Span<T>(edge + (row * lane), (int)rest));

        for (nint row = 0; row < rows; row += OuterGramProduct.FirstRows)
        {
            nint height = Math.Min(OuterGramProduct.FirstRows, rows - row);
            byte* next = row + height < rows ? (byte*)(w + ((row + height) * stride)) : null;
            T* source = w + (row * stride);
            nint q = 0;
            for (; q + 3 <= full; q += 3)
                Accumulate<ThreeVectors>(source + (q * lane), height, stride, groups, v + (row * Group), rows, p + (q * Group * lane), groupSize, next == null ? null : next + (q * lane * sizeof(T)));
            for (; q < full; q++)
                Accumulate<OneVector>(source + (q * lane), height, stride, groups, v + (row * Group), rows, p + (q * Group * lane), groupSize, null);
            if (rest > 0)
                Accumulate<OneVector>(edge + (row * lane), height, lane, groups, v + (row * Group), rows, p + (full * Group * lane), groupSize, null);
        }

        for (nint i = 0; image != null && i < count; i++)
        {
            T* source = p + (i / Group * groupSize) + (i % Group * lane);
            double* target = image + (i * stride);
            new Span<double>(target, (int)columns).Clear();
            for (nint q = 0; q < full; q++, source += Group * lane)
                TLanes.AddTo(target + (q * lane), TLanes.Load(source));
            for (nint j = 0; j < rest; j++)
                target[(full * lane) + j] = double.CreateTruncating(source[j]);
        }

        nint chunks = (full + OuterGramProduct.StripsPerChunk - 1) / OuterGramProduct.StripsPerChunk, chunk = chunks == 0 ? 1 : (full + chunks - 1) / chunks;
        for (nint row = 0; row < rows; row += OuterGramProduct.SecondRows)
        {
            nint height = Math.Min(OuterGramProduct.SecondRows, rows - row);
            new Span<T>(sums, (int)(groups * sumsSize)).Clear();
            nint ahead = row + (2 * OuterGramProduct.SecondRows) <= rows ? OuterGramProduct.SecondRows * stride * sizeof(T) : 0;
            for (nint from = 0; from < full; from += chunk)
                Dots(w + (row * stride) + (from * lane), height, stride, groups, p + (from * Group * lane), groupSize, Math.Min(chunk, full - from), sums, sumsSize, ahead);
            if (rest > 0)
                Dots(edge + (row * lane), height, lane, groups, p + (full * Group * lane), groupSize, 1, sums, sumsSize, 0);
            for (nint group = 0; group < groups; group++)
            {
                T* target = z + (((group * rows) + row) * Group), source = sums + (group * sumsSize);
                for (nint i = 0; i < height * Group; i += Group)
                    TLanes.SumEach(source + (i * lane), target + i);
            }
        }

        GC.KeepAlive(work);
    }

    /// <summary>p_i += Σ_row v(row, i)·w_row for all groups. Meanwhile the rows at <paramref name="next"/> come into the cache.</summary>
    private static void Accumulate<TWidth>(T* w, nint rows, nint stride, int groups, T* v, nint vStep, T* p, nint pStep, byte* next)
        where TWidth : struct, ITileWidth
    {
        for (nint group = 0; group < groups; group++)
        {
            for (nint i = 0; i < Group; i += TLanes.TileRows)
            {
                StripSink sink = new(p + (group * pStep) + (i * TLanes.Count), group + i == 0 ? next : null, stride * sizeof(T));
                ProductTile<TLanes, TVector, T>.Run<TWidth, StripSink>(rows, v + (group * vStep * Group) + i, Group, w, stride, sink);
            }
        }
    }

    /// <summary>sums(row, i) += w_row ∘ p_i for all groups, not summed within a SIMD width. Meanwhile what lies <paramref name="ahead"/> bytes on comes into the cache.</summary>
    private static void Dots(T* w, nint rows, nint stride, int groups, T* p, nint pStep, nint strips, T* sums, nint sumsStep, nint ahead)
    {
        nint lane = TLanes.Count;
        for (nint group = 0; group < groups; group++)
        {
            for (nint row = 0; row < rows; row += TileRows)
            {
                // A short tile takes its first row again; the surplus sums lie beyond the rows in use.
                T* first = w + (row * stride), second = row + 1 < rows ? first + stride : first, third = row + 2 < rows ? second + stride : first;
                for (nint i = 0; i < Group; i += DotTile<TLanes, TVector, T>.Vectors)
                {
                    T* target = sums + (group * sumsStep) + (((row * Group) + i) * lane);
                    DotTile<TLanes, TVector, T>.Run(first, second, third, p + (group * pStep) + (i * lane), lane, Group * lane, strips, target, Group, group + i == 0 ? ahead : 0);
                }
            }
        }
    }

    /// <summary>Adds a tile to strips. While it runs, three lines of the next rows are fetched, one row per step.</summary>
    private readonly struct StripSink(T* p, byte* next, nint stride) : ITileSink<TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Put(int row, int column, TVector value)
        {
            T* target = p + (((column * Group) + row) * TLanes.Count);
            TLanes.Store(target, TLanes.Add(TLanes.Load(target), value));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Step(nint k)
        {
            if (next == null || !Sse.IsSupported)
                return;
            byte* line = next + ((k - 1) * stride);
            Sse.Prefetch1(line);
            Sse.Prefetch1(line + 64);
            Sse.Prefetch1(line + 128);
        }
    }
}
