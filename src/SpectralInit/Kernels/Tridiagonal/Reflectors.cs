namespace SpectralInit.Kernels;

/// <summary>Applies the reflectors of <see cref="Tridiagonalization"/> to vectors, in blocks I − Vᵀ·S·V (Schreiber, Van Loan, "A storage-efficient WY representation for products of Householder transformations", 1989).</summary>
internal sealed unsafe class Reflectors : IDisposable
{
    /// <summary>Reflectors per block.</summary>
    public const int BlockWidth = 64;

    private readonly double* _v;
    private readonly nint _stride;
    private readonly int _count;
    private readonly int _columns;
    private readonly Scratch<double> _factors;

    /// <param name="v">Row j holds v_j with zeros before j+1 (from the start of its panel); the padding is zero.</param>
    /// <param name="n">Dimension.</param>
    /// <param name="stride">Elements between rows.</param>
    /// <param name="tau">n−1 scales.</param>
    public Reflectors(double* v, int n, nint stride, double* tau)
    {
        _v = v;
        _stride = stride;
        _count = n - 1;
        _columns = Lane.Pad(n);
        int blocks = (_count + BlockWidth - 1) / BlockWidth;
        _factors = Scratch.RentCleared<double>((long)blocks * BlockWidth * BlockWidth);
        Parallelism.Run(blocks, block => Factor(block, tau));
    }

    /// <summary>rows ← rows·Qᵀ: turns eigenvectors of T, stored as rows, into eigenvectors of A.</summary>
    /// <param name="rows">count × n, padding zero.</param>
    /// <param name="count">Number of vectors.</param>
    /// <param name="stride">Elements between rows.</param>
    public void Apply(double* rows, int count, nint stride)
    {
        using Scratch<double> scratch = Scratch.Rent<double>(2L * count * BlockWidth);
        double* projected = scratch.Pointer, combined = projected + ((nint)count * BlockWidth);
        for (int block = ((_count + BlockWidth - 1) / BlockWidth) - 1; block >= 0; block--)
        {
            // Q's block B = H_j⋯H_{j+w−1} = I − Vᵀ·S·V with V's rows the reflectors; z·Bᵀ = z − ((z·Vᵀ)·Sᵀ)·V.
            int start = block * BlockWidth, width = Math.Min(BlockWidth, _count - start);
            double* v = _v + (start * _stride) + start;
            MatrixProduct.Multiply(false, true, count, width, _columns - start, 1.0, rows + start, stride, v, _stride, 0.0, projected, BlockWidth);
            MatrixProduct.Multiply(false, true, count, width, width, 1.0, projected, BlockWidth, _factors.Pointer + ((nint)block * BlockWidth * BlockWidth), BlockWidth, 0.0, combined, BlockWidth);
            MatrixProduct.Multiply(false, false, count, _columns - start, width, -1.0, combined, BlockWidth, v, _stride, 1.0, rows + start, stride);
        }
    }

    public void Dispose() => _factors.Dispose();

    /// <summary>The upper triangular S of one block, column by column: s_ii = τ_i, s_{0…i−1,i} = −τ_i·S·(V·v_i).</summary>
    private void Factor(int block, double* tau)
    {
        int start = block * BlockWidth, width = Math.Min(BlockWidth, _count - start);
        double* s = _factors.Pointer + ((nint)block * BlockWidth * BlockWidth);
        double* products = stackalloc double[BlockWidth];
        for (int i = 0; i < width; i++)
        {
            double scale = tau[start + i];
            s[(i * BlockWidth) + i] = scale;
            int first = (start + i + 1) & -Lane.Alignment;
            double* v = _v + ((start + i) * _stride) + first;
            VectorKernels.DotRows(products, _v + (start * _stride) + first, _stride, i, v, _columns - first);
            for (int p = 0; p < i; p++)
            {
                double sum = 0;
                for (int q = p; q < i; q++)
                    sum += s[(p * BlockWidth) + q] * products[q];
                s[(p * BlockWidth) + i] = -scale * sum;
            }
        }
    }
}
