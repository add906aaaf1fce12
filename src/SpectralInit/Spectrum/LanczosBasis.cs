using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>The orthonormal blocks of <see cref="BlockLanczos"/> and the projected matrix T that their making yields.</summary>
/// <remarks>
/// For tight tolerances every block is orthogonalized against all before it, twice. For loose ones the last two blocks are enough until a Ritz vector has converged
/// (Paige 1980), which a sketch of the basis shows: a sum of all earlier blocks with random signs, against which the new block is tested. Semiorthogonality, to the root
/// of the rounding error, is all that T needs to be exact to rounding (Simon 1984); so when the test fails, this block and the next take part in full.
/// </remarks>
internal sealed unsafe partial class LanczosBasis : IDisposable
{
    // Coefficients of a block's vectors lie as products of few vectors take them, in whole groups.
    private const int Block = BlockLanczos.Block, Group = SkinnyProduct.Group;

    // Beside the longest product, rows of a block this short are what is left of nearly dependent ones, and hold as much more of the earlier blocks.
    private const double Dependent = 1e-3;

    private readonly int _n;
    private readonly double _overlapAllowed;
    private readonly List<double[]> _projected = [];
    private readonly Scratch<double> _blocks, _coefficients, _sketch, _products;
    private bool _full;

    /// <param name="n">Length of the vectors.</param>
    /// <param name="steps">The most steps.</param>
    /// <param name="overlapAllowed">Overlap with far blocks above which a block is orthogonalized against all; 0 for always.</param>
    public LanczosBasis(int n, int steps, double overlapAllowed)
    {
        _n = n;
        int rows = (steps + 1) * Block;
        _overlapAllowed = overlapAllowed;
        _full = overlapAllowed == 0;

        // Products take whole groups of vectors: the last block may be followed by anything, but must be followed.
        _blocks = Scratch.Rent<double>((long)(rows + Group) * n);
        _coefficients = Scratch.Rent<double>((long)(rows + Group) * Group);
        _sketch = Scratch.RentCleared<double>(_full ? 0 : (long)Block * n);
        _products = Scratch.Rent<double>(_full ? 0 : (long)Parts * ProductsPerPart);
    }

    /// <summary>The rows of block <paramref name="step"/>.</summary>
    public double* this[int step] => _blocks.Pointer + ((nint)step * Block * _n);

    /// <summary>T, m×m for the m vectors multiplied so far.</summary>
    public void Projected(double* t)
    {
        int m = _projected.Count * Block;
        new Span<double>(t, m * m).Clear();
        for (int i = 0; i < m; i++)
        {
            double[] values = _projected[i / Block];
            int from = Near(i / Block), diagonal = i / Block * Block;
            for (int j = from; j <= i; j++)
            {
                double value = values[((j - from) * Group) + (i % Block)];
                if (j >= diagonal)
                    value = (value + values[((i - from) * Group) + (j % Block)]) / 2;
                t[((nint)i * m) + j] = t[((nint)j * m) + i] = value;
            }
        }
    }

    /// <summary>Makes the first block orthonormal; returns R, the start being Rᵀ times it.</summary>
    public double[] Start() => Orthonormalize(this[0], RowBlock.LargestNorm(this[0], _n), out _);

    /// <summary>Makes block <paramref name="step"/> + 1, which holds the products with block <paramref name="step"/>, orthonormal; returns the factor that couples the two.</summary>
    /// <param name="step">The block multiplied.</param>
    /// <param name="exhausted">Nothing but rounding was left.</param>
    /// <exception cref="ArgumentException">The products are not finite.</exception>
    public double[] Append(int step, out bool exhausted)
    {
        exhausted = false;
        if (_overlapAllowed == 0)
            return OrthonormalizeTwice(0, step, out exhausted);
        int from = _full ? 0 : Near(step);
        double[]? atOnce = _full ? null : FactorAtOnce(step);
        double[] coupling = atOnce ?? OrthonormalizeTwice(from, step, out exhausted);
        (double departure, double overlap) = Complete(step, combine: atOnce != null);
        if (departure > _overlapAllowed / 1000 && atOnce != null)
            coupling = RowBlock.Product(OrthonormalizeAgain(step), coupling);
        bool late = !_full && from > 0 && overlap > _overlapAllowed;
        if (late)
        {
            RowBlock.Recombine(this[step + 1], _n, coupling);
            coupling = OrthonormalizeTwice(0, step, out exhausted);
        }

        _full = late;
        return coupling;
    }

    /// <summary>Rows ← the block's worth of vectors with the given coefficients, a row for each.</summary>
    public void Combine(double[] vectors, double* rows)
    {
        int m = vectors.Length / Block;
        for (int i = 0; i < m * Group; i++)
            _coefficients.Pointer[i] = i % Group < Block ? vectors[(i % Group * m) + (i / Group)] : 0;
        SkinnyProduct.Accumulate(Block, _n, m, 1, _coefficients.Pointer, Group, _blocks.Pointer, _n, rows, _n);
    }

    public void Dispose()
    {
        _blocks.Dispose();
        _coefficients.Dispose();
        _sketch.Dispose();
        _products.Dispose();
    }

    // Taken twice: once leaves the basis less orthogonal the longer it gets, and Ritz values then exceed the eigenvalues they bound from below.
    private double[] OrthonormalizeTwice(int from, int step, out bool exhausted)
    {
        double scale = RowBlock.LargestNorm(this[step + 1], _n);
        if (!double.IsFinite(scale))
            throw DenseArgument.NotFinite("matrix");
        Project(from, step);
        Project(from, step);
        double[] coupling = Orthonormalize(this[step + 1], scale, out exhausted);
        for (int j = 0; j < Block; j++)
        {
            if (coupling[j * (Block + 1)] is > 0 and double length && length < Dependent * scale)
            {
                Project(from, step, coupling);
                return RowBlock.Product(Orthonormalize(this[step + 1], 1, out exhausted), coupling);
            }
        }

        return coupling;
    }

    // The first row of the last two blocks.
    private static int Near(int step) => Math.Max(0, step - 1) * Block;

    // next ← next − (next·Vᵀ)·V; the coefficients are the block column of T, by way of the factor that next was made orthonormal with.
    private void Project(int from, int step, double[]? coupling = null)
    {
        double* near = _blocks.Pointer + ((nint)from * _n), next = this[step + 1], c = _coefficients.Pointer;
        int count = ((step + 1) * Block) - from;
        SkinnyProduct.Dots(Group, next, _n, count, near, _n, _n, c, 1, Group);
        SkinnyProduct.Accumulate(Block, _n, count, -1.0, c, Group, near, _n, next, _n);
        for (int row = 0; coupling != null && row < count; row++)
        {
            double* values = c + (row * Group);
            for (int j = Block - 1; j >= 0; j--)
            {
                double sum = 0;
                for (int i = 0; i <= j; i++)
                    sum += values[i] * coupling[(i * Block) + j];
                values[j] = sum;
            }
        }

        AddToProjected(step, c + ((Near(step) - from) * Group));
    }

    // Block column ‘step’ of T. What a block had of those before the last two is overlap that has grown, no part of T (Simon 1984): there it would couple the first block
    // with the last one, which the certificate takes for a sign of eigenvalues unseen.
    private void AddToProjected(int step, double* c)
    {
        if (_projected.Count == step)
            _projected.Add(new double[(((step + 1) * Block) - Near(step)) * Group]);
        double[] values = _projected[step];
        for (int i = 0; i < values.Length; i++)
            values[i] += c[i];
    }

    // A row that is rounding beside the given scale is dropped: the Krylov space is exhausted there. Zero rows do no harm further on; exhausted means all are.
    private double[] Orthonormalize(double* rows, double scale, out bool exhausted) =>
        RowBlock.Orthonormalize(rows, _n, Math.Max(RowBlock.Negligible, _overlapAllowed / 10) * scale, out exhausted);
}
