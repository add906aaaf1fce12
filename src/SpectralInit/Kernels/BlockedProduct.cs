using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpectralInit.Kernels;

/// <summary>
/// The packed five-loop matrix product (Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", TOMS 2008): blocks of k,
/// panels of both operands packed once per block, tiles of C in registers.
/// </summary>
internal static unsafe class BlockedProduct<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>k per block: a panel of B (k × 3 vectors) about fills the first-level cache.</summary>
    private const int BlockK = 256;

    /// <summary>Rows per task: with <see cref="BlockK"/>, their panels stay in the second-level cache.</summary>
    private const int TaskRows = 192;

    /// <summary>Rows and columns packed at a time.</summary>
    private const int BlockRows = 8 * TaskRows, BlockColumns = 4032;

    /// <summary>Products below this many multiplications run on the calling thread.</summary>
    private const double ParallelWork = 3e6;

    /// <summary>Packed operands up to this many bytes stay on the stack.</summary>
    private const int StackBytes = 24 << 10;

    private static nint Rows => TLanes.TileRows;

    private static nint Columns => 3 * TLanes.Count;

    public static void Multiply(in ProductOperands<T> x)
    {
        if (x.K <= BlockK && (RoundUp(x.M, Rows) + RoundUp(x.N, TLanes.Count)) * x.K * sizeof(T) <= StackBytes)
            Small(x);
        else
            Blocked(x);
    }

    [SkipLocalsInit]
    private static void Small(in ProductOperands<T> x)
    {
        byte* memory = stackalloc byte[StackBytes + 64];
        T* a = (T*)(((nuint)memory + 63) & ~(nuint)63);
        T* b = a + (RoundUp(x.M, Rows) * x.K);
        PackPanels(a, Rows, x.A, x.M, x.AStep, x.AStepK, x.K);
        PackPanels(b, Columns, x.B, x.N, x.BStep, x.BStepK, x.K);
        Tiles(x.K, a, x.M, b, x.N, x.C, x.LdC, x.Alpha, x.Beta);
    }

    private static void Blocked(ProductOperands<T> x)
    {
        nint blockRows = Math.Min(x.M, BlockRows), blockColumns = Math.Min(x.N, BlockColumns), blockK = Math.Min(x.K, BlockK);
        using Scratch<T> packedA = Scratch.Rent<T>(RoundUp(blockRows, Rows) * blockK);
        using Scratch<T> packedB = Scratch.Rent<T>(RoundUp(blockColumns, Columns) * blockK);
        T* a = packedA.Pointer, b = packedB.Pointer;
        bool parallel = (double)x.M * x.N * x.K >= ParallelWork && Parallelism.MaxThreads > 1;
        for (nint j = 0; j < x.N; j += BlockColumns)
        {
            nint n = Math.Min(BlockColumns, x.N - j);
            for (nint p = 0; p < x.K; p += BlockK)
            {
                nint k = Math.Min(BlockK, x.K - p);
                T beta = p == 0 ? x.Beta : T.One;
                for (nint i = 0; i < x.M; i += BlockRows)
                {
                    nint m = Math.Min(BlockRows, x.M - i);
                    T* fromA = x.A + (i * x.AStep) + (p * x.AStepK), c = x.C + (i * x.LdC) + j;
                    T* fromB = i == 0 ? x.B + (j * x.BStep) + (p * x.BStepK) : null;
                    if (parallel)
                    {
                        ParallelBlock(x, k, a, fromA, m, b, fromB, n, c, beta);
                        continue;
                    }

                    PackPanels(a, Rows, fromA, m, x.AStep, x.AStepK, k);
                    if (fromB != null)
                        PackPanels(b, Columns, fromB, n, x.BStep, x.BStepK, k);
                    for (nint row = 0; row < m; row += TaskRows)
                        Tiles(k, a + (row * k), Math.Min(TaskRows, m - row), b, n, c + (row * x.LdC), x.LdC, x.Alpha, beta);
                }
            }
        }

        GC.KeepAlive(packedA);
        GC.KeepAlive(packedB);
    }

    // Two parallel steps: pack (tasks of whole panels), multiply (tasks of TaskRows × taskColumns of C).
    private static void ParallelBlock(ProductOperands<T> x, nint k, T* a, T* fromA, nint m, T* b, T* fromB, nint n, T* c, T beta)
    {
        nint packA = TaskRows, packB = 4 * Columns, taskColumns = 16 * Columns;
        int tasksA = (int)((m + packA - 1) / packA), tasksB = fromB == null ? 0 : (int)((n + packB - 1) / packB);
        Parallelism.Run(tasksA + tasksB, task =>
        {
            if (task < tasksA)
            {
                nint i = task * packA;
                PackPanels(a + (i * k), Rows, fromA + (i * x.AStep), Math.Min(packA, m - i), x.AStep, x.AStepK, k);
            }
            else
            {
                nint j = (task - tasksA) * packB;
                PackPanels(b + (j * k), Columns, fromB + (j * x.BStep), Math.Min(packB, n - j), x.BStep, x.BStepK, k);
            }
        });

        int tasksAcross = (int)((n + taskColumns - 1) / taskColumns);
        Parallelism.Run(tasksA * tasksAcross, task =>
        {
            nint i = task / tasksAcross * packA, j = task % tasksAcross * taskColumns;
            Tiles(k, a + (i * k), Math.Min(packA, m - i), b + (j * k), Math.Min(taskColumns, n - j), c + (i * x.LdC) + j, x.LdC, x.Alpha, beta);
        });
    }

    private static void PackPanels(T* panels, nint width, T* x, nint count, nint step, nint stepK, nint k)
    {
        for (nint i = 0; i < count; i += width)
        {
            nint left = Math.Min(width, count - i);
            Panels.Pack(panels + (i * k), left == width ? width : RoundUp(left, width == Rows ? Rows : TLanes.Count), x + (i * step), left, step, stepK, k);
        }
    }

    /// <summary>C ← α·A·B + β·C for packed A (m × k) and B (k × n).</summary>
    [SkipLocalsInit]
    private static void Tiles(nint k, T* a, nint m, T* b, nint n, T* c, nint ldc, T alpha, T beta)
    {
        T* edge = stackalloc T[8 * 3 * 16];
        for (nint j = 0; j < n; j += Columns, b += Columns * k)
        {
            // The next panel comes into the second-level cache while this one multiplies.
            nint columns = Math.Min(Columns, n - j), width = RoundUp(columns, TLanes.Count);
            FetchAhead ahead = new(b + (Columns * k), Math.Min(Columns, n - j - columns) * k * sizeof(T));
            for (nint i = 0; i < m; i += Rows)
            {
                nint rows = Math.Min(Rows, m - i);
                T* tile = c + (i * ldc) + j;
                if (rows == Rows && columns == width)
                {
                    Tile(k, a + (i * k), b, width, new ProductSink<TLanes, TVector, T>(tile, ldc, alpha, beta, ahead.Take(k * 64, null)));
                    continue;
                }

                Tile(k, a + (i * k), b, width, new ProductSink<TLanes, TVector, T>(edge, Columns, alpha, T.Zero));
                for (nint r = 0; r < rows; r++)
                {
                    for (nint s = 0; s < columns; s++)
                    {
                        T* place = tile + (r * ldc) + s;
                        T value = edge[(r * Columns) + s];
                        *place = beta == T.Zero ? value : T.MultiplyAddEstimate(beta, *place, value);
                    }
                }
            }
        }
    }

    private static void Tile(nint k, T* a, T* b, nint width, ProductSink<TLanes, TVector, T> sink)
    {
        if (width == 3 * TLanes.Count)
            ProductTile<TLanes, TVector, T>.Run<ThreeVectors, ProductSink<TLanes, TVector, T>>(k, a, Rows, b, width, sink);
        else if (width == 2 * TLanes.Count)
            ProductTile<TLanes, TVector, T>.Run<TwoVectors, ProductSink<TLanes, TVector, T>>(k, a, Rows, b, width, sink);
        else
            ProductTile<TLanes, TVector, T>.Run<OneVector, ProductSink<TLanes, TVector, T>>(k, a, Rows, b, width, sink);
    }

    private static nint RoundUp(nint value, nint multiple) => (value + multiple - 1) / multiple * multiple;
}
