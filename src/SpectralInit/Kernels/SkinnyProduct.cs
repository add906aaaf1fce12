using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SpectralInit.Kernels;

/// <summary>
/// Products of a large matrix with a handful of vectors, kept as rows. The large matrix streams through once, where it lies: packing it, as a
/// general product does, would cost more than the product.
/// </summary>
internal static unsafe class SkinnyProduct
{
    /// <summary>Vectors of a group.</summary>
    public const int Group = 8;

    // Entries of the matrix one task takes: 1.5 MB, so that the further groups of vectors find them in the cache.
    private const int EntriesPerTask = 96 * 2048;

    // Columns one task takes in Accumulate.
    private const int ColumnsPerTask = 192;

    /// <summary>A count rounded up to whole groups.</summary>
    public static int Padded(int count) => (count + Group - 1) / Group * Group;

    /// <summary>The rows of x, count × length, as the columns <see cref="Accumulate"/> takes: length × padded, zeros behind the vectors.</summary>
    public static Scratch<double> Columns(int count, int length, ReadOnlySpan<double> x, out int padded)
    {
        padded = Padded(count);
        Scratch<double> columns = Scratch.RentCleared<double>((long)padded * length);
        for (int i = 0; i < count; i++)
        {
            for (int p = 0; p < length; p++)
                columns.Pointer[((nint)p * padded) + i] = x[(i * length) + p];
        }

        return columns;
    }

    /// <summary>
    /// y(j, i) = Σₚ a[i·lda + p]·x[j·ldx + p] for j &lt; count, i &lt; rows, stored at y[j·stepJ + i·stepI]; one of the steps is 1.
    /// Every element is one sum in one order, so threads do not change it.
    /// </summary>
    public static void Dots(int count, double* x, nint ldx, nint rows, double* a, nint lda, nint k, double* y, nint stepJ, nint stepI)
    {
        if (count <= 0 || rows <= 0)
            return;
        switch (Lane.Width)
        {
            case 8: Dots<Lanes512<double>, Vector512<double>>(count, x, ldx, rows, a, lda, k, y, stepJ, stepI); break;
            case 4: Dots<Lanes256<double>, Vector256<double>>(count, x, ldx, rows, a, lda, k, y, stepJ, stepI); break;
            case 2: Dots<Lanes128<double>, Vector128<double>>(count, x, ldx, rows, a, lda, k, y, stepJ, stepI); break;
            default: Dots<LanesScalar<double>, double>(count, x, ldx, rows, a, lda, k, y, stepJ, stepI); break;
        }
    }

    /// <summary>
    /// w(j, ·) += factor·Σₚ c[p·ldc + j]·v(p, ·) for j &lt; count: rows of n values, w[j·ldw …] and v[p·ldv …], p &lt; k. <paramref name="c"/> has
    /// room for whole groups of eight: ldc ≥ count rounded up.
    /// </summary>
    public static void Accumulate(int count, nint n, nint k, double factor, double* c, nint ldc, double* v, nint ldv, double* w, nint ldw)
    {
        if (count <= 0 || n <= 0 || k <= 0)
            return;
        switch (Lane.Width)
        {
            case 8: Accumulate<Lanes512<double>, Vector512<double>>(count, n, k, factor, c, ldc, v, ldv, w, ldw); break;
            case 4: Accumulate<Lanes256<double>, Vector256<double>>(count, n, k, factor, c, ldc, v, ldv, w, ldw); break;
            case 2: Accumulate<Lanes128<double>, Vector128<double>>(count, n, k, factor, c, ldc, v, ldv, w, ldw); break;
            default: Accumulate<LanesScalar<double>, double>(count, n, k, factor, c, ldc, v, ldv, w, ldw); break;
        }
    }

    private static void Dots<TLanes, TVector>(int count, double* x, nint ldx, nint rows, double* a, nint lda, nint k, double* y, nint stepJ, nint stepI)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        int height = (int)Math.Clamp(Math.Min(EntriesPerTask / Math.Max(1, k), rows / 24 * 6), 6, 96), tasks = (int)((rows + height - 1) / height);
        if ((double)rows * k * count < 60_000)
        {
            for (int task = 0; task < tasks; task++)
                DotsTask<TLanes, TVector>(task * (nint)height, height, count, x, ldx, rows, a, lda, k, y, stepJ, stepI);
        }
        else
        {
            Parallelism.Run(tasks, task => DotsTask<TLanes, TVector>(task * (nint)height, height, count, x, ldx, rows, a, lda, k, y, stepJ, stepI));
        }
    }

    private static void Accumulate<TLanes, TVector>(int count, nint n, nint k, double factor, double* c, nint ldc, double* v, nint ldv, double* w, nint ldw)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        int tasks = (int)((n + ColumnsPerTask - 1) / ColumnsPerTask);
        if ((double)n * k * count < 60_000)
        {
            for (int task = 0; task < tasks; task++)
                AccumulateTask<TLanes, TVector>(task, count, n, k, factor, c, ldc, v, ldv, w, ldw);
        }
        else
        {
            Parallelism.Run(tasks, task => AccumulateTask<TLanes, TVector>(task, count, n, k, factor, c, ldc, v, ldv, w, ldw));
        }
    }

    private static void DotsTask<TLanes, TVector>(nint first, int height, int count, double* x, nint ldx, nint rows, double* a, nint lda, nint k, double* y, nint stepJ, nint stepI)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        const int Rows = DotTile<TLanes, TVector, double>.Rows;
        nint last = Math.Min(first + height, rows);
        double* lanes = stackalloc double[Rows * Group * TLanes.Count], sums = stackalloc double[Rows * Group];
        for (int j = 0; j < count; j += Group)
        {
            // A short group takes one vector after the other.
            int group = Math.Min(Group, count - j), taken = group == Group ? Group : 1;
            nint step = group == Group ? ldx : 0;
            for (nint i = first; i < last; i += Rows)
            {
                // A short tile takes its first row again; the surplus sums are dropped.
                int tile = (int)Math.Min(Rows, last - i);
                double* row = a + (i * lda);
                for (int q = j; q < j + group; q += taken)
                {
                    DotTiles<TLanes, TVector>(row, tile > 1 ? lda : 0, tile > 2 ? 2 * lda : 0, x + (q * ldx), step, taken, k, lanes, sums);
                    for (int r = 0; r < tile; r++)
                    {
                        for (int s = 0; s < taken; s++)
                            y[((q + s) * stepJ) + ((i + r) * stepI)] = sums[(r * Group) + s];
                    }
                }
            }
        }
    }

    /// <summary>sums[r·8 + q] = row_r · x_q for three rows and up to eight vectors.</summary>
    private static void DotTiles<TLanes, TVector>(double* row, nint row1, nint row2, double* x, nint ldx, int vectors, nint k, double* lanes, double* sums)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        const int Rows = DotTile<TLanes, TVector, double>.Rows;
        int lane = TLanes.Count;
        nint steps = k / lane, whole = steps * lane;
        new Span<double>(lanes, Rows * Group * lane).Clear();
        for (int q = 0; q < vectors; q += DotTile<TLanes, TVector, double>.Vectors)
            DotTile<TLanes, TVector, double>.Run(row, row + row1, row + row2, x + (q * ldx), ldx, lane, steps, lanes + (q * lane), Group, 0);
        for (int r = 0; r < Rows; r++)
        {
            TLanes.SumEach(lanes + (r * Group * lane), sums + (r * Group));
            double* values = row + (r == 1 ? row1 : r == 2 ? row2 : 0);
            for (nint p = whole; p < k; p++)
            {
                for (int q = 0; q < vectors; q++)
                    sums[(r * Group) + q] = Math.FusedMultiplyAdd(values[p], x[(q * ldx) + p], sums[(r * Group) + q]);
            }
        }
    }

    private static void AccumulateTask<TLanes, TVector>(int task, int count, nint n, nint k, double factor, double* c, nint ldc, double* v, nint ldv, double* w, nint ldw)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        nint first = (nint)task * ColumnsPerTask, last = Math.Min(first + ColumnsPerTask, n);
        int rows = TLanes.TileRows, columns = 3 * TLanes.Count;
        for (nint column = first; column < last; column += columns)
        {
            int width = (int)Math.Min(columns, last - column);
            for (int j = 0; j < count; j += rows)
            {
                AddSink<TLanes, TVector> sink = new(w + (j * ldw) + column, ldw, factor, Math.Min(rows, count - j));
                double* cj = c + j, vj = v + column;
                if (width == columns)
                    ProductTile<TLanes, TVector, double>.Run<ThreeVectors, AddSink<TLanes, TVector>>(k, cj, ldc, vj, ldv, sink);
                else
                    AccumulateEdge<TLanes, TVector>(k, cj, ldc, vj, ldv, sink, width);
            }
        }
    }

    private static void AccumulateEdge<TLanes, TVector>(nint k, double* c, nint ldc, double* v, nint ldv, AddSink<TLanes, TVector> sink, int width)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        int column = 0;
        for (; column + TLanes.Count <= width; column += TLanes.Count)
            ProductTile<TLanes, TVector, double>.Run<OneVector, AddSink<TLanes, TVector>>(k, c, ldc, v + column, ldv, sink.Shift(column));
        for (; column < width; column++)
        {
            for (int row = 0; row < sink.Rows; row++)
            {
                double sum = 0;
                for (nint p = 0; p < k; p++)
                    sum = Math.FusedMultiplyAdd(c[(p * ldc) + row], v[(p * ldv) + column], sum);
                sink.Add(row, column, sum);
            }
        }
    }

    /// <summary>Adds factor × tile to w, the first <see cref="Rows"/> rows of it.</summary>
    private readonly struct AddSink<TLanes, TVector>(double* w, nint ldw, double factor, int rows) : ITileSink<TVector>
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        private readonly TileFactor<double> _factor = new(factor);

        public int Rows => rows;

        public AddSink<TLanes, TVector> Shift(int columns) => new(w + columns, ldw, _factor.Value, rows);

        public void Add(int row, int column, double value) => w[(row * ldw) + column] += _factor.Value * value;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Put(int row, int column, TVector value)
        {
            if (row >= rows)
                return;
            double* target = w + (row * ldw) + (column * TLanes.Count);
            TLanes.Store(target, TLanes.MultiplyAdd(value, TLanes.Broadcast(_factor.Value), TLanes.Load(target)));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Step(nint k)
        {
        }
    }
}
