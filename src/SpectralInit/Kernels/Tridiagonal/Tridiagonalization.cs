namespace SpectralInit.Kernels;

/// <summary>
/// A = Q·T·Qᵀ by Householder reflectors H_j = I − τ_j·v_j·v_jᵀ, Q = H_0·H_1⋯H_{n−2}. Panels of reflectors are collected and the trailing
/// matrix is updated by a product of rank 2·<see cref="PanelWidth"/> (Dongarra, Hammarling, Sorensen, "Block reduction of matrices to
/// condensed forms for eigenvalue computations", J. Comput. Appl. Math. 27, 1989).
/// </summary>
/// <remarks>
/// The upper triangle is worked on row by row: row j becomes v_jᵀ, with an explicit 1 at j+1 and zeros before it. The matrix-vector
/// product with the trailing matrix reads it once per column and is what the time goes into; it is cut into fixed slabs of row blocks,
/// so that the bits do not depend on the number of threads.
/// </remarks>
internal static unsafe class Tridiagonalization
{
    /// <summary>Reflectors per panel.</summary>
    private const int PanelWidth = 32;

    /// <summary>Below this trailing size the whole matrix sits in cache and rank-2 updates at once are cheaper than panels.</summary>
    private const int UnblockedSize = 128;

    /// <summary>From this trailing size on the matrix-vector product is shared between threads.</summary>
    private const int ParallelSize = 400;

    /// <summary>Slabs of a shared product: row blocks are dealt out in turn, so slabs are even and keep their rows while the matrix shrinks.</summary>
    private const int Slabs = 8;

    private const int SlabRows = 32;

    /// <summary>Squares below this have lost digits to underflow; in a matrix scaled to norm about 1 such entries are zero.</summary>
    public const double NegligibleSquare = 1e-280;

    /// <summary>Reduces in place.</summary>
    /// <param name="a">n rows (padded to a multiple of 8) with distance <paramref name="stride"/>; symmetric, largest magnitude about 1, padding zero. On return row j &lt; n−1 holds v_j.</param>
    /// <param name="n">Dimension ≥ 1.</param>
    /// <param name="stride">Elements between rows: <see cref="Lane.Stride"/>.</param>
    /// <param name="diagonal">n values.</param>
    /// <param name="offDiagonal">n−1 values.</param>
    /// <param name="tau">n−1 scales of the reflectors.</param>
    /// <param name="progress">Told once per panel which share of the work is done.</param>
    /// <param name="cancellationToken">Looked at once per panel.</param>
    public static void Reduce(double* a, int n, nint stride, double* diagonal, double* offDiagonal, double* tau, Action<double> progress, CancellationToken cancellationToken)
    {
        int columns = Lane.Pad(n);
        using Scratch<double> scratch = Scratch.RentCleared<double>(((3 * PanelWidth) + Slabs + 2) * stride);
        Workspace work = new(a, n, stride, columns, scratch.Pointer, diagonal, offDiagonal, tau);
        int start = 0;
        for (; n - start > UnblockedSize; start += PanelWidth)
        {
            cancellationToken.ThrowIfCancellationRequested();
            work.ReducePanel(start);
            progress(1 - Math.Pow(1 - ((double)(start + PanelWidth) / n), 3));
        }

        work.ReduceUnblocked(start);
    }

    private sealed class Workspace(double* a, int n, nint stride, int columns, double* scratch, double* diagonal, double* offDiagonal, double* tau)
    {
        // Three groups of rows: V, W, V again, so that [V; W] and [W; V] are both contiguous.
        private readonly double* _v = scratch;
        private readonly double* _w = scratch + (PanelWidth * stride);
        private readonly double* _copy = scratch + (2 * PanelWidth * stride);
        private readonly double* _partial = scratch + (3 * PanelWidth * stride);
        private double* _x;
        private int _first;
        private Action<int>? _slab;

        public void ReducePanel(int start)
        {
            double* coefficients = stackalloc double[2 * PanelWidth];
            double* products = stackalloc double[2 * PanelWidth];
            for (int i = 0; i < PanelWidth; i++)
            {
                int column = start + i;
                double* row = a + (column * stride);
                int first = column & -Lane.Alignment;
                for (int q = 0; q < i; q++)
                {
                    coefficients[q] = (_w + (q * stride))[column];
                    coefficients[i + q] = (_v + (q * stride))[column];
                }

                VectorKernels.SubtractRows(row + first, coefficients, _v + first, stride, i, columns - first);
                VectorKernels.SubtractRows(row + first, coefficients + i, _w + first, stride, i, columns - first);
                diagonal[column] = row[column];
                double scale = Reflect(row, column);

                double* w = _w + (i * stride);
                first = (column + 1) & -Lane.Alignment;
                int length = columns - first;
                Copy(row, _v + (i * stride), start);
                Copy(row, _copy + (i * stride), start);
                if (scale == 0)
                {
                    new Span<double>(w + start, columns - start).Clear();
                    continue;
                }

                Product(first, row, w, start);
                VectorKernels.DotRows(products, _w + first, stride, i, row + first, length);
                VectorKernels.DotRows(products + i, _v + first, stride, i, row + first, length);
                VectorKernels.SubtractRows(w + first, products, _v + first, stride, i, length);
                VectorKernels.SubtractRows(w + first, products + i, _w + first, stride, i, length);
                Finish(row, w, start, column, scale);
            }

            UpdateTrailing(start + PanelWidth);
        }

        public void ReduceUnblocked(int start)
        {
            double* w = _w;
            for (int column = start; column < n - 1; column++)
            {
                double* row = a + (column * stride);
                diagonal[column] = row[column];
                double scale = Reflect(row, column);
                if (scale == 0)
                    continue;
                int first = (column + 1) & -Lane.Alignment;
                Product(first, row, w, start);
                Finish(row, w, start, column, scale);
                SymmetricProduct.SubtractRankTwo(a, stride, first, columns, columns, row, w);
            }

            diagonal[n - 1] = a[((n - 1) * stride) + n - 1];
        }

        /// <summary>Turns row[column+1…] into v with v[column+1] = 1 and zeros before it, notes the off-diagonal entry, returns τ.</summary>
        private double Reflect(double* row, int column)
        {
            int next = column + 1;
            double alpha = row[next];
            row[next] = 0;
            for (int c = column & -Reflectors.BlockWidth; c < next; c++)
                row[c] = 0;
            int first = next & -Lane.Alignment;
            double square = VectorKernels.Dot(row + first, row + first, columns - first);
            if (square < NegligibleSquare)
            {
                // Nothing left to eliminate: H = I.
                new Span<double>(row + first, columns - first).Clear();
                row[next] = 1;
                offDiagonal[column] = alpha;
                return tau[column] = 0;
            }

            double beta = -Math.CopySign(Math.Sqrt((alpha * alpha) + square), alpha);
            VectorKernels.Scale(row + first, 1 / (alpha - beta), columns - first);
            row[next] = 1;
            offDiagonal[column] = beta;
            return tau[column] = (beta - alpha) / beta;
        }

        /// <summary>w ← τ·(y − ½·τ·(yᵀv)·v), the vector of the rank-2 update.</summary>
        private void Finish(double* v, double* w, int start, int column, double scale)
        {
            int first = (column + 1) & -Lane.Alignment;
            int length = columns - first;
            for (int c = start; c <= column; c++)
                w[c] = 0;
            VectorKernels.Scale(w + first, scale, length);
            VectorKernels.Add(w + first, -0.5 * scale * VectorKernels.Dot(w + first, v + first, length), v + first, length);
        }

        /// <summary>y ← A·x over the trailing rows from <paramref name="first"/> (a multiple of 8) on.</summary>
        private void Product(int first, double* x, double* y, int start)
        {
            new Span<double>(y + start, columns - start).Clear();
            if (columns - first < ParallelSize)
            {
                SymmetricProduct.Accumulate(a, stride, first, columns, columns, x, y);
                return;
            }

            _x = x;
            _first = first;
            _slab ??= RunSlab;
            Parallelism.Run(Slabs, _slab);
            for (int slab = 0; slab < Slabs; slab++)
                VectorKernels.Add(y + first, 1, _partial + (slab * stride) + first, columns - first);
        }

        private void RunSlab(int slab)
        {
            double* sum = _partial + (slab * stride);
            new Span<double>(sum + _first, columns - _first).Clear();
            int block = (_first / SlabRows / Slabs * Slabs) + slab;
            for (int row = block * SlabRows; row < columns; row += Slabs * SlabRows)
            {
                int rowStart = Math.Max(row, _first), rowEnd = Math.Min(row + SlabRows, columns);
                if (rowStart < rowEnd)
                    SymmetricProduct.Accumulate(a, stride, rowStart, rowEnd, columns, _x, sum);
            }
        }

        /// <summary>A ← A − V·Wᵀ − W·Vᵀ over the rows from <paramref name="first"/> on: one product of [V W] and [W V].</summary>
        private void UpdateTrailing(int first)
        {
            const int BlockRows = 128;
            int blocks = (columns - first + BlockRows - 1) / BlockRows;
            Parallelism.Run(blocks, block =>
            {
                int row = first + (block * BlockRows);
                int rows = Math.Min(BlockRows, columns - row);
                MatrixProduct.Multiply(true, false, rows, columns - row, 2 * PanelWidth, -1.0, _v + row, stride, _w + row, stride, 1.0, a + (row * stride) + row, stride);
            });
        }

        private void Copy(double* source, double* destination, int start)
            => new Span<double>(source + start, columns - start).CopyTo(new Span<double>(destination + start, columns - start));
    }
}
