using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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
        if (!Avx512F.IsSupported)
        {
            if (stepI == 1)
                MatrixProduct.Multiply(false, true, count, rows, k, 1.0, x, ldx, a, lda, 0.0, y, stepJ);
            else
                MatrixProduct.Multiply(false, true, rows, count, k, 1.0, a, lda, x, ldx, 0.0, y, stepI);
            return;
        }

        int height = (int)Math.Clamp(Math.Min(EntriesPerTask / Math.Max(1, k), rows / 24 * 6), 6, 96), tasks = (int)((rows + height - 1) / height);
        if ((double)rows * k * count < 60_000)
        {
            for (int task = 0; task < tasks; task++)
                DotsTask(task * (nint)height, height, count, x, ldx, rows, a, lda, k, y, stepJ, stepI);
        }
        else
        {
            Parallelism.Run(tasks, task => DotsTask(task * (nint)height, height, count, x, ldx, rows, a, lda, k, y, stepJ, stepI));
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
        if (!Avx512F.IsSupported)
        {
            MatrixProduct.Multiply(true, false, count, n, k, factor, c, ldc, v, ldv, 1.0, w, ldw);
            return;
        }

        int tasks = (int)((n + ColumnsPerTask - 1) / ColumnsPerTask);
        if ((double)n * k * count < 60_000)
        {
            for (int task = 0; task < tasks; task++)
                AccumulateTask(task, count, n, k, factor, c, ldc, v, ldv, w, ldw);
        }
        else
        {
            Parallelism.Run(tasks, task => AccumulateTask(task, count, n, k, factor, c, ldc, v, ldv, w, ldw));
        }
    }

    private static void DotsTask(nint first, int height, int count, double* x, nint ldx, nint rows, double* a, nint lda, nint k, double* y, nint stepJ, nint stepI)
    {
        nint last = Math.Min(first + height, rows);
        double* sums = stackalloc double[3 * Group];
        for (int j = 0; j < count; j += Group)
        {
            int group = Math.Min(Group, count - j);
            double* xj = x + (j * ldx);

            // A short group repeats its first vector; the surplus sums are dropped.
            nint step = group == Group ? ldx : 0;
            for (nint i = first; i < last; i += 3)
            {
                int tile = (int)Math.Min(3, last - i);
                double* row = a + (i * lda);
                if (step != 0)
                {
                    DotTile(row, row + (tile > 1 ? lda : 0), row + (tile > 2 ? 2 * lda : 0), xj, step, k, sums);
                    for (int r = 0; r < tile; r++)
                    {
                        for (int q = 0; q < Group; q++)
                            y[((j + q) * stepJ) + ((i + r) * stepI)] = sums[(r * Group) + q];
                    }

                    continue;
                }

                for (int q = 0; q < group; q++)
                {
                    DotTile(row, row + (tile > 1 ? lda : 0), row + (tile > 2 ? 2 * lda : 0), xj + (q * ldx), 0, k, sums);
                    for (int r = 0; r < tile; r++)
                        y[((j + q) * stepJ) + ((i + r) * stepI)] = sums[r * Group];
                }
            }
        }
    }

    /// <summary>sums[r·8 + q] = row_r · x_q: three rows against eight vectors, 24 accumulators.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DotTile(double* row0, double* row1, double* row2, double* x, nint ldx, nint k, double* sums)
    {
        Vector512<double> c00 = default, c01 = default, c02 = default, c03 = default, c04 = default, c05 = default, c06 = default, c07 = default;
        Vector512<double> c10 = default, c11 = default, c12 = default, c13 = default, c14 = default, c15 = default, c16 = default, c17 = default;
        Vector512<double> c20 = default, c21 = default, c22 = default, c23 = default, c24 = default, c25 = default, c26 = default, c27 = default;
        double* x3 = x + (3 * ldx), x6 = x + (6 * ldx);
        nint p = 0;
        for (; p <= k - 8; p += 8)
        {
            Vector512<double> a0 = Vector512.Load(row0 + p), a1 = Vector512.Load(row1 + p), a2 = Vector512.Load(row2 + p), xq = Vector512.Load(x + p);
            c00 = Vector512.FusedMultiplyAdd(a0, xq, c00);
            c10 = Vector512.FusedMultiplyAdd(a1, xq, c10);
            c20 = Vector512.FusedMultiplyAdd(a2, xq, c20);
            xq = Vector512.Load(x + ldx + p);
            c01 = Vector512.FusedMultiplyAdd(a0, xq, c01);
            c11 = Vector512.FusedMultiplyAdd(a1, xq, c11);
            c21 = Vector512.FusedMultiplyAdd(a2, xq, c21);
            xq = Vector512.Load(x + (2 * ldx) + p);
            c02 = Vector512.FusedMultiplyAdd(a0, xq, c02);
            c12 = Vector512.FusedMultiplyAdd(a1, xq, c12);
            c22 = Vector512.FusedMultiplyAdd(a2, xq, c22);
            xq = Vector512.Load(x3 + p);
            c03 = Vector512.FusedMultiplyAdd(a0, xq, c03);
            c13 = Vector512.FusedMultiplyAdd(a1, xq, c13);
            c23 = Vector512.FusedMultiplyAdd(a2, xq, c23);
            xq = Vector512.Load(x3 + ldx + p);
            c04 = Vector512.FusedMultiplyAdd(a0, xq, c04);
            c14 = Vector512.FusedMultiplyAdd(a1, xq, c14);
            c24 = Vector512.FusedMultiplyAdd(a2, xq, c24);
            xq = Vector512.Load(x3 + (2 * ldx) + p);
            c05 = Vector512.FusedMultiplyAdd(a0, xq, c05);
            c15 = Vector512.FusedMultiplyAdd(a1, xq, c15);
            c25 = Vector512.FusedMultiplyAdd(a2, xq, c25);
            xq = Vector512.Load(x6 + p);
            c06 = Vector512.FusedMultiplyAdd(a0, xq, c06);
            c16 = Vector512.FusedMultiplyAdd(a1, xq, c16);
            c26 = Vector512.FusedMultiplyAdd(a2, xq, c26);
            xq = Vector512.Load(x6 + ldx + p);
            c07 = Vector512.FusedMultiplyAdd(a0, xq, c07);
            c17 = Vector512.FusedMultiplyAdd(a1, xq, c17);
            c27 = Vector512.FusedMultiplyAdd(a2, xq, c27);
        }

        Sum(c00, c01, c02, c03, c04, c05, c06, c07).Store(sums);
        Sum(c10, c11, c12, c13, c14, c15, c16, c17).Store(sums + Group);
        Sum(c20, c21, c22, c23, c24, c25, c26, c27).Store(sums + (2 * Group));
        for (; p < k; p++)
        {
            for (int q = 0; q < Group; q++)
            {
                double value = x[(q * ldx) + p];
                sums[q] = Math.FusedMultiplyAdd(row0[p], value, sums[q]);
                sums[Group + q] = Math.FusedMultiplyAdd(row1[p], value, sums[Group + q]);
                sums[(2 * Group) + q] = Math.FusedMultiplyAdd(row2[p], value, sums[(2 * Group) + q]);
            }
        }
    }

    /// <summary>The sums of eight vectors, as one vector: a transpose folded into additions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Sum(
        Vector512<double> v0, Vector512<double> v1, Vector512<double> v2, Vector512<double> v3, Vector512<double> v4, Vector512<double> v5, Vector512<double> v6, Vector512<double> v7)
    {
        Vector512<double> s01 = Avx512F.UnpackLow(v0, v1) + Avx512F.UnpackHigh(v0, v1), s23 = Avx512F.UnpackLow(v2, v3) + Avx512F.UnpackHigh(v2, v3);
        Vector512<double> s45 = Avx512F.UnpackLow(v4, v5) + Avx512F.UnpackHigh(v4, v5), s67 = Avx512F.UnpackLow(v6, v7) + Avx512F.UnpackHigh(v6, v7);

        // Each now holds pairs of partial sums in four 128-bit lanes; fold lanes 2, 3 onto 0, 1, then 1 onto 0.
        Vector512<double> low = Avx512F.Shuffle4x128(s01, s23, 0b01_00_01_00) + Avx512F.Shuffle4x128(s01, s23, 0b11_10_11_10);
        Vector512<double> high = Avx512F.Shuffle4x128(s45, s67, 0b01_00_01_00) + Avx512F.Shuffle4x128(s45, s67, 0b11_10_11_10);
        return Avx512F.Shuffle4x128(low, high, 0b10_00_10_00) + Avx512F.Shuffle4x128(low, high, 0b11_01_11_01);
    }

    private static void AccumulateTask(int task, int count, nint n, nint k, double factor, double* c, nint ldc, double* v, nint ldv, double* w, nint ldw)
    {
        nint first = (nint)task * ColumnsPerTask, last = Math.Min(first + ColumnsPerTask, n);
        for (nint column = first; column < last; column += 24)
        {
            int width = (int)Math.Min(24, last - column);
            for (int j = 0; j < count; j += Group)
            {
                AddSink sink = new(w + (j * ldw) + column, ldw, factor, Math.Min(Group, count - j), width);
                double* cj = c + j, vj = v + column;
                if (width == 24)
                    ProductTile<Lanes512<double>, Vector512<double>, double>.Run<ThreeVectors, AddSink>(k, cj, ldc, vj, ldv, sink);
                else
                    AccumulateEdge(k, cj, ldc, vj, ldv, sink, width);
            }
        }
    }

    private static void AccumulateEdge(nint k, double* c, nint ldc, double* v, nint ldv, AddSink sink, int width)
    {
        int column = 0;
        for (; column + 8 <= width; column += 8)
            ProductTile<Lanes512<double>, Vector512<double>, double>.Run<OneVector, AddSink>(k, c, ldc, v + column, ldv, sink.Shift(column));
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
    private readonly struct AddSink(double* w, nint ldw, double factor, int rows, int width) : ITileSink<Vector512<double>>
    {
        public int Rows => rows;

        public AddSink Shift(int columns) => new(w + columns, ldw, factor, rows, width - columns);

        public void Add(int row, int column, double value) => w[(row * ldw) + column] += factor * value;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Put(int row, int column, Vector512<double> value)
        {
            if (row >= rows)
                return;
            double* target = w + (row * ldw) + (column * 8);
            Vector512.FusedMultiplyAdd(value, Vector512.Create(factor), Vector512.Load(target)).Store(target);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Step(nint k)
        {
        }
    }
}
