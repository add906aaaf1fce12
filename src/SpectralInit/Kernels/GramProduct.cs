using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace SpectralInit.Kernels;

/// <summary>
/// Z ← V·WᵀW for a short block V of row vectors, in one pass over W: a block of rows that has just been multiplied is still in the cache when its
/// transpose is. Rows are cut into fixed slabs, added up in a fixed order.
/// </summary>
internal static unsafe class GramProduct
{
    /// <summary>Blocks come in groups of this many vectors.</summary>
    public const int Group = 4;

    private const int Slabs = 8, RowsPerBlock = 16, ColumnsPerChunk = 1024;

    /// <summary>Z ← V·WᵀW with W rows×columns, V and Z count×columns, all row-major; count is a multiple of <see cref="Group"/>.</summary>
    /// <param name="w">W.</param>
    /// <param name="rows">Rows of W.</param>
    /// <param name="columns">Columns of W.</param>
    /// <param name="v">V.</param>
    /// <param name="z">Z, overwritten.</param>
    /// <param name="count">Vectors in the block.</param>
    /// <param name="backward">Sweeps from the last row to the first: in turns with forward sweeps, what the last sweep left in the cache is read first.</param>
    /// <typeparam name="TData">Stored type of W: float or double.</typeparam>
    /// <typeparam name="T">Type of V, Z and the arithmetic; a float W is widened block by block when it is double.</typeparam>
    public static void Multiply<TData, T>(TData* w, nint rows, nint columns, T* v, T* z, int count, bool backward)
        where TData : unmanaged, IBinaryFloatingPointIeee754<TData>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint perSlab = (((rows + Slabs - 1) / Slabs) + RowsPerBlock - 1) / RowsPerBlock * RowsPerBlock;
        int slabs = (int)((rows + perSlab - 1) / perSlab);
        nint size = count * columns;
        using Scratch<T> partial = Scratch.Rent<T>(slabs * size);
        T* sums = partial.Pointer;
        Parallelism.Run(slabs, part =>
        {
            nint slab = backward ? slabs - 1 - part : part;
            nint start = slab * perSlab, length = Math.Min(perSlab, rows - start);
            T* target = sums + (slab * size);
            new Span<T>(target, checked((int)size)).Clear();
            if (Vector512.IsHardwareAccelerated)
                Slab<TData, T, Vector512<T>, Lanes512<T>>(w + (start * columns), length, columns, v, target, count, backward);
            else if (Vector256.IsHardwareAccelerated)
                Slab<TData, T, Vector256<T>, Lanes256<T>>(w + (start * columns), length, columns, v, target, count, backward);
            else if (Vector128.IsHardwareAccelerated)
                Slab<TData, T, Vector128<T>, Lanes128<T>>(w + (start * columns), length, columns, v, target, count, backward);
            else
                Slab<TData, T, T, LanesScalar<T>>(w + (start * columns), length, columns, v, target, count, backward);
        });

        const int ColumnsPerPart = 4096;
        Parallelism.Run((int)((size + ColumnsPerPart - 1) / ColumnsPerPart), part =>
        {
            nint start = (nint)part * ColumnsPerPart;
            int length = (int)Math.Min(ColumnsPerPart, size - start);
            Span<T> sum = new(z + start, length);
            new ReadOnlySpan<T>(sums + start, length).CopyTo(sum);
            for (int slab = 1; slab < slabs; slab++)
                TensorPrimitives.Add(sum, new ReadOnlySpan<T>(sums + (slab * size) + start, length), sum);
        });
    }

    private static void Slab<TData, T, TVector, TLanes>(TData* w, nint rows, nint columns, T* v, T* z, int count, bool backward)
        where TData : unmanaged, IBinaryFloatingPointIeee754<TData>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TVector, T>
    {
        bool widen = typeof(TData) != typeof(T);
        using Scratch<T> wide = Scratch.Rent<T>(widen ? RowsPerBlock * columns : 0);
        using Scratch<T> zeros = Scratch.RentCleared<T>(columns);
        T* products = stackalloc T[RowsPerBlock * count];
        nint blocks = (rows + RowsPerBlock - 1) / RowsPerBlock;
        for (nint block = 0; block < blocks; block++)
        {
            nint first = (backward ? blocks - 1 - block : block) * RowsPerBlock;
            int height = (int)Math.Min(RowsPerBlock, rows - first);
            T* source;
            if (widen)
            {
                source = wide.Pointer;
                TensorPrimitives.ConvertTruncating(
                    new ReadOnlySpan<TData>(w + (first * columns), checked((int)(height * columns))), new Span<T>(source, checked((int)(height * columns))));
            }
            else
            {
                source = (T*)(w + (first * columns));
            }

            new Span<T>(products, RowsPerBlock * count).Clear();
            for (nint from = 0; from < columns; from += ColumnsPerChunk)
            {
                nint width = Math.Min(ColumnsPerChunk, columns - from);
                for (int row = 0; row < height; row += 4)
                {
                    T* r0 = source + (row * columns);
                    T* r1 = row + 1 < height ? r0 + columns : zeros.Pointer;
                    T* r2 = row + 2 < height ? r0 + (2 * columns) : zeros.Pointer;
                    T* r3 = row + 3 < height ? r0 + (3 * columns) : zeros.Pointer;
                    for (int i = 0; i < count; i += Group)
                        Dots<T, TVector, TLanes>(r0 + from, r1 + from, r2 + from, r3 + from, v + (i * columns) + from, columns, width, products + (row * count) + i, count);
                }
            }

            Accumulate<T, TVector, TLanes>(source, height, columns, products, count, z);
        }
    }

    // products[row·stride + i] += w_row · v_i for four rows and four vectors.
    private static void Dots<T, TVector, TLanes>(T* r0, T* r1, T* r2, T* r3, T* v, nint columns, nint width, T* products, nint stride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TVector, T>
    {
        T* v0 = v, v1 = v + columns, v2 = v1 + columns, v3 = v2 + columns;
        TVector a00 = TLanes.Zero, a01 = TLanes.Zero, a02 = TLanes.Zero, a03 = TLanes.Zero;
        TVector a10 = TLanes.Zero, a11 = TLanes.Zero, a12 = TLanes.Zero, a13 = TLanes.Zero;
        TVector a20 = TLanes.Zero, a21 = TLanes.Zero, a22 = TLanes.Zero, a23 = TLanes.Zero;
        TVector a30 = TLanes.Zero, a31 = TLanes.Zero, a32 = TLanes.Zero, a33 = TLanes.Zero;
        nint j = 0, full = width - TLanes.Count;
        for (; j <= full; j += TLanes.Count)
        {
            TVector w0 = TLanes.Load(r0 + j), w1 = TLanes.Load(r1 + j), w2 = TLanes.Load(r2 + j), w3 = TLanes.Load(r3 + j);
            TVector x = TLanes.Load(v0 + j);
            a00 = TLanes.MultiplyAdd(w0, x, a00);
            a10 = TLanes.MultiplyAdd(w1, x, a10);
            a20 = TLanes.MultiplyAdd(w2, x, a20);
            a30 = TLanes.MultiplyAdd(w3, x, a30);
            x = TLanes.Load(v1 + j);
            a01 = TLanes.MultiplyAdd(w0, x, a01);
            a11 = TLanes.MultiplyAdd(w1, x, a11);
            a21 = TLanes.MultiplyAdd(w2, x, a21);
            a31 = TLanes.MultiplyAdd(w3, x, a31);
            x = TLanes.Load(v2 + j);
            a02 = TLanes.MultiplyAdd(w0, x, a02);
            a12 = TLanes.MultiplyAdd(w1, x, a12);
            a22 = TLanes.MultiplyAdd(w2, x, a22);
            a32 = TLanes.MultiplyAdd(w3, x, a32);
            x = TLanes.Load(v3 + j);
            a03 = TLanes.MultiplyAdd(w0, x, a03);
            a13 = TLanes.MultiplyAdd(w1, x, a13);
            a23 = TLanes.MultiplyAdd(w2, x, a23);
            a33 = TLanes.MultiplyAdd(w3, x, a33);
        }

        Add<T, TVector, TLanes>(products, a00, a01, a02, a03);
        Add<T, TVector, TLanes>(products + stride, a10, a11, a12, a13);
        Add<T, TVector, TLanes>(products + (2 * stride), a20, a21, a22, a23);
        Add<T, TVector, TLanes>(products + (3 * stride), a30, a31, a32, a33);
        for (; j < width; j++)
        {
            for (int i = 0; i < Group; i++)
            {
                T x = v[(i * columns) + j];
                products[i] += r0[j] * x;
                products[stride + i] += r1[j] * x;
                products[(2 * stride) + i] += r2[j] * x;
                products[(3 * stride) + i] += r3[j] * x;
            }
        }
    }

    private static void Add<T, TVector, TLanes>(T* products, TVector a0, TVector a1, TVector a2, TVector a3)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TVector, T>
    {
        products[0] += TLanes.Sum(a0);
        products[1] += TLanes.Sum(a1);
        products[2] += TLanes.Sum(a2);
        products[3] += TLanes.Sum(a3);
    }

    // z_i += Σ_row products[row, i]·w_row, four lanes of columns at a time: they stay in the cache for all the vectors.
    private static void Accumulate<T, TVector, TLanes>(T* w, int rows, nint columns, T* products, int count, T* z)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TVector, T>
    {
        nint tile = 4 * TLanes.Count, j = 0;
        for (; j + tile <= columns; j += tile)
        {
            for (int i = 0; i < count; i += Group)
                AccumulateTile<T, TVector, TLanes>(w + j, rows, columns, products + i, count, z + (i * columns) + j);
        }

        for (; j < columns; j++)
        {
            for (int i = 0; i < count; i++)
            {
                T sum = z[(i * columns) + j];
                for (int r = 0; r < rows; r++)
                    sum += products[(r * count) + i] * w[(r * columns) + j];
                z[(i * columns) + j] = sum;
            }
        }
    }

    // Four vectors, four lanes of columns.
    private static void AccumulateTile<T, TVector, TLanes>(T* w, int rows, nint columns, T* products, nint stride, T* z)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TVector, T>
    {
        T* z0 = z, z1 = z + columns, z2 = z1 + columns, z3 = z2 + columns;
        nint lane = TLanes.Count;
        TVector a00 = TLanes.Load(z0), a01 = TLanes.Load(z0 + lane), a02 = TLanes.Load(z0 + (2 * lane)), a03 = TLanes.Load(z0 + (3 * lane));
        TVector a10 = TLanes.Load(z1), a11 = TLanes.Load(z1 + lane), a12 = TLanes.Load(z1 + (2 * lane)), a13 = TLanes.Load(z1 + (3 * lane));
        TVector a20 = TLanes.Load(z2), a21 = TLanes.Load(z2 + lane), a22 = TLanes.Load(z2 + (2 * lane)), a23 = TLanes.Load(z2 + (3 * lane));
        TVector a30 = TLanes.Load(z3), a31 = TLanes.Load(z3 + lane), a32 = TLanes.Load(z3 + (2 * lane)), a33 = TLanes.Load(z3 + (3 * lane));
        T* row = w;
        T* product = products;
        for (int r = 0; r < rows; r++, row += columns, product += stride)
        {
            TVector w0 = TLanes.Load(row), w1 = TLanes.Load(row + lane), w2 = TLanes.Load(row + (2 * lane)), w3 = TLanes.Load(row + (3 * lane));
            TVector u = TLanes.Broadcast(product[0]);
            a00 = TLanes.MultiplyAdd(w0, u, a00);
            a01 = TLanes.MultiplyAdd(w1, u, a01);
            a02 = TLanes.MultiplyAdd(w2, u, a02);
            a03 = TLanes.MultiplyAdd(w3, u, a03);
            u = TLanes.Broadcast(product[1]);
            a10 = TLanes.MultiplyAdd(w0, u, a10);
            a11 = TLanes.MultiplyAdd(w1, u, a11);
            a12 = TLanes.MultiplyAdd(w2, u, a12);
            a13 = TLanes.MultiplyAdd(w3, u, a13);
            u = TLanes.Broadcast(product[2]);
            a20 = TLanes.MultiplyAdd(w0, u, a20);
            a21 = TLanes.MultiplyAdd(w1, u, a21);
            a22 = TLanes.MultiplyAdd(w2, u, a22);
            a23 = TLanes.MultiplyAdd(w3, u, a23);
            u = TLanes.Broadcast(product[3]);
            a30 = TLanes.MultiplyAdd(w0, u, a30);
            a31 = TLanes.MultiplyAdd(w1, u, a31);
            a32 = TLanes.MultiplyAdd(w2, u, a32);
            a33 = TLanes.MultiplyAdd(w3, u, a33);
        }

        TLanes.Store(z0, a00);
        TLanes.Store(z0 + lane, a01);
        TLanes.Store(z0 + (2 * lane), a02);
        TLanes.Store(z0 + (3 * lane), a03);
        TLanes.Store(z1, a10);
        TLanes.Store(z1 + lane, a11);
        TLanes.Store(z1 + (2 * lane), a12);
        TLanes.Store(z1 + (3 * lane), a13);
        TLanes.Store(z2, a20);
        TLanes.Store(z2 + lane, a21);
        TLanes.Store(z2 + (2 * lane), a22);
        TLanes.Store(z2 + (3 * lane), a23);
        TLanes.Store(z3, a30);
        TLanes.Store(z3 + lane, a31);
        TLanes.Store(z3 + (2 * lane), a32);
        TLanes.Store(z3 + (3 * lane), a33);
    }
}
