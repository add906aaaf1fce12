using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>The orthonormal blocks of <see cref="BlockLanczos"/> and the projected matrix T that their making yields.</summary>
/// <remarks>
/// For tight tolerances every block is orthogonalized against all before it, twice. For loose ones the last two blocks are enough until a Ritz vector has converged
/// (Paige 1980), which a sketch of the basis shows: a sum of all earlier blocks with random signs, against which the new block is tested. Semiorthogonality, to the root
/// of the rounding error, is all that T needs to be exact to rounding (Simon 1984); so when the test fails, this block and the next take part in full.
/// </remarks>
internal sealed unsafe class LanczosBasis : IDisposable
{
    // Room for the vectors of a block in arrays of coefficients and factors, whatever the width: what products of few vectors work with.
    private const int Block = BlockLanczos.Block;

    // Beside the longest product, rows of a block this short are what is left of nearly dependent ones, and hold as much more of the earlier blocks.
    private const double Dependent = 1e-3;

    private readonly int _n, _width;
    private readonly double _overlapAllowed;
    private readonly List<(int From, double[] Values)> _projected = [];
    private readonly Scratch<double> _blocks, _coefficients, _sketch, _spare;
    private bool _full;

    /// <param name="n">Length of the vectors.</param>
    /// <param name="width">Vectors in a block, at most 8.</param>
    /// <param name="steps">The most steps.</param>
    /// <param name="overlapAllowed">Overlap with far blocks above which a block is orthogonalized against all; 0 for always.</param>
    public LanczosBasis(int n, int width, int steps, double overlapAllowed)
    {
        _n = n;
        _width = width;
        int rows = (steps + 1) * width;
        _overlapAllowed = overlapAllowed;
        _full = overlapAllowed == 0;

        // Products take whole groups of vectors: the last block may be followed by anything, but must be followed.
        _blocks = Scratch.Rent<double>((long)(rows + Block) * n);
        _coefficients = Scratch.Rent<double>((long)(rows + Block) * Block);
        _sketch = Scratch.RentCleared<double>(_full ? 0 : (long)Block * n);
        _spare = Scratch.Rent<double>(_full ? 0 : (long)Block * n);
    }

    /// <summary>The rows of block <paramref name="step"/>.</summary>
    public double* this[int step] => _blocks.Pointer + ((nint)step * _width * _n);

    /// <summary>T, m×m for the m vectors multiplied so far.</summary>
    public void Projected(double* t)
    {
        int m = _projected.Count * _width;
        new Span<double>(t, m * m).Clear();
        for (int i = 0; i < m; i++)
        {
            (int from, double[] values) = _projected[i / _width];
            int diagonal = i / _width * _width;
            for (int j = from; j <= i; j++)
            {
                double value = values[((j - from) * Block) + (i % _width)];
                if (j >= diagonal)
                    value = (value + values[((i - from) * Block) + (j % _width)]) / 2;
                t[((nint)i * m) + j] = t[((nint)j * m) + i] = value;
            }
        }
    }

    /// <summary>Makes the first block orthonormal; returns R, the start being Rᵀ times it.</summary>
    public double[] Start() => Orthonormalize(this[0], RowBlock.LargestNorm(this[0], _width, _n), out _);

    /// <summary>Makes block <paramref name="step"/> + 1, which holds the products with block <paramref name="step"/>, orthonormal; returns the factor that couples the two.</summary>
    /// <param name="step">The block multiplied.</param>
    /// <param name="exhausted">Nothing but rounding was left.</param>
    /// <exception cref="ArgumentException">The products are not finite.</exception>
    public double[] Append(int step, out bool exhausted)
    {
        double* next = this[step + 1];
        double scale = RowBlock.LargestNorm(next, _width, _n);
        if (!double.IsFinite(scale))
            throw DenseArgument.NotFinite("matrix");
        exhausted = false;
        int from = _full ? 0 : Math.Max(0, step - 1) * _width;
        double[]? atOnce = _full ? null : OrthonormalizeAtOnce(from, step);
        double[] coupling = atOnce == null ? OrthonormalizeTwice(from, step, scale, out exhausted) : Renormalize(next, atOnce);
        if (_overlapAllowed == 0)
            return coupling;
        bool late = !_full && from > 0 && LargestOverlap(next) > _overlapAllowed;
        if (late)
        {
            RowBlock.Recombine(next, _width, _n, coupling);
            coupling = OrthonormalizeTwice(0, step, scale, out exhausted);
        }

        _full = late;
        if (step > 0)
            AddToSketch(step - 1);
        return coupling;
    }

    /// <summary>Rows ← the Ritz vectors of the first pairs of T.</summary>
    public void Combine(EigenPairs pairs, int count, double* rows)
    {
        int m = pairs.Dimension;
        for (int i = 0; i < m * Block; i++)
            _coefficients.Pointer[i] = i % Block < count ? pairs.Vector(i % Block)[i / Block] : 0;
        SkinnyProduct.Accumulate(count, _n, m, 1, _coefficients.Pointer, Block, _blocks.Pointer, _n, rows, _n);
    }

    public void Dispose()
    {
        _blocks.Dispose();
        _coefficients.Dispose();
        _sketch.Dispose();
        _spare.Dispose();
    }

    // Gram–Schmidt against the blocks from a row on and a Cholesky factor within the block, from one set of inner products; null, with nothing changed,
    // where that would lose digits.
    private double[]? OrthonormalizeAtOnce(int from, int step)
    {
        int count = ((step + 1) * _width) - from;
        double* near = _blocks.Pointer + ((nint)from * _n), next = this[step + 1], spare = _spare.Pointer, c = _coefficients.Pointer, gram = c + (count * Block);
        SkinnyProduct.Dots(Block, next, _n, count + _width, near, _n, _n, c, 1, Block);

        // RᵀR = next·nextᵀ − CᵀC.
        double[] factor = new double[Block * Block];
        double largest = 0;
        for (int i = 0; i < _width; i++)
            largest = Math.Max(largest, gram[(i * Block) + i]);
        for (int i = 0; i < _width; i++)
        {
            for (int j = i; j < _width; j++)
            {
                double rest = gram[(i * Block) + j];
                for (int k = 0; k < count; k++)
                    rest -= c[(k * Block) + i] * c[(k * Block) + j];
                for (int k = 0; k < i; k++)
                    rest -= factor[(k * Block) + i] * factor[(k * Block) + j];
                if (i == j && !(rest > 1e-4 * largest))
                    return null;
                factor[(i * Block) + j] = i == j ? Math.Sqrt(rest) : rest / factor[(i * Block) + i];
            }
        }

        // next ← R⁻ᵀ·(next − Cᵀ·V), with the rows of C and of the unit matrix turned into combinations by one triangular solve.
        AddToProjected(from, step, count, c);
        for (int i = 0; i < _width * Block; i++)
            gram[i] = i / Block == i % Block ? -1 : 0;
        for (int row = 0; row < count + _width; row++)
        {
            double* values = c + (row * Block);
            for (int j = 0; j < _width; j++)
            {
                for (int k = 0; k < j; k++)
                    values[j] -= values[k] * factor[(k * Block) + j];
                values[j] /= factor[(j * Block) + j];
            }
        }

        new Span<double>(spare, _width * _n).Clear();
        SkinnyProduct.Accumulate(_width, _n, count + _width, -1, c, Block, near, _n, spare, _n);
        new ReadOnlySpan<double>(spare, _width * _n).CopyTo(new Span<double>(next, _width * _n));
        return factor;
    }

    // One set of inner products takes the earlier blocks for orthonormal: what they are short of that comes back larger, by (diagonal ÷ coupling)² of T, in every
    // step. Flat spectra would lose a digit and more each time.
    private double[] Renormalize(double* next, double[] coupling)
    {
        double* gram = _coefficients.Pointer;
        SkinnyProduct.Dots(Block, next, _n, _width, next, _n, _n, gram, 1, Block);
        double worst = 0;
        for (int i = 0; i < _width; i++)
        {
            for (int j = 0; j < _width; j++)
                worst = Math.Max(worst, Math.Abs(gram[(i * Block) + j] - (i == j ? 1 : 0)));
        }

        if (worst <= _overlapAllowed / 1000)
            return coupling;
        return RowBlock.Product(Orthonormalize(next, 1, out _), coupling);
    }

    // Taken twice: once leaves the basis less orthogonal the longer it gets, and Ritz values then exceed the eigenvalues they bound from below.
    private double[] OrthonormalizeTwice(int from, int step, double scale, out bool exhausted)
    {
        Project(from, step);
        Project(from, step);
        double[] coupling = Orthonormalize(this[step + 1], scale, out exhausted);
        for (int j = 0; j < _width; j++)
        {
            if (coupling[j * (Block + 1)] is > 0 and double length && length < Dependent * scale)
            {
                Project(from, step, coupling);
                return RowBlock.Product(Orthonormalize(this[step + 1], 1, out exhausted), coupling);
            }
        }

        return coupling;
    }

    // next ← next − (next·Vᵀ)·V; the coefficients are the block column of T, by way of the factor that next was made orthonormal with.
    private void Project(int from, int step, double[]? coupling = null)
    {
        double* near = _blocks.Pointer + ((nint)from * _n), next = this[step + 1], c = _coefficients.Pointer;
        int count = ((step + 1) * _width) - from;
        SkinnyProduct.Dots(Block, next, _n, count, near, _n, _n, c, 1, Block);
        SkinnyProduct.Accumulate(_width, _n, count, -1.0, c, Block, near, _n, next, _n);
        for (int row = 0; coupling != null && row < count; row++)
        {
            double* values = c + (row * Block);
            for (int j = _width - 1; j >= 0; j--)
            {
                double sum = 0;
                for (int i = 0; i <= j; i++)
                    sum += values[i] * coupling[(i * Block) + j];
                values[j] = sum;
            }
        }

        AddToProjected(from, step, count, c);
    }

    // Block column ‘step’ of T from a row on. It grows upward where a block turns out to need more than its neighbors.
    private void AddToProjected(int from, int step, int count, double* c)
    {
        if (_projected.Count == step)
            _projected.Add((from, new double[count * Block]));
        (int first, double[] values) = _projected[step];
        if (from < first)
            _projected[step] = (first, values) = (from, [.. new double[(first - from) * Block], .. values]);
        for (int i = 0; i < count * Block; i++)
            values[((from - first) * Block) + i] += c[i];
    }

    // A row that is rounding beside the given scale is dropped: the Krylov space is exhausted there. Zero rows do no harm further on; exhausted means all are.
    private double[] Orthonormalize(double* rows, double scale, out bool exhausted) =>
        RowBlock.Orthonormalize(rows, _width, _n, Math.Max(RowBlock.Negligible, _overlapAllowed / 10) * scale, out exhausted);

    private double LargestOverlap(double* next)
    {
        SkinnyProduct.Dots(Block, next, _n, _width, _sketch.Pointer, _n, _n, _coefficients.Pointer, 1, Block);
        double largest = 0;
        for (int i = 0; i < _width; i++)
            largest = Math.Max(largest, Math.Abs(TensorPrimitives.MaxMagnitude<double>(new ReadOnlySpan<double>(_coefficients.Pointer + (i * Block), _width))));
        return largest;
    }

    // Signs from the bits of a Weyl sequence: nothing that a basis could be aligned with.
    private void AddToSketch(int step)
    {
        double sign = ((ulong)step * 0x9E3779B97F4A7C15) >> 63 == 0 ? 1 : -1;
        Span<double> sums = new(_sketch.Pointer, _width * _n);
        TensorPrimitives.MultiplyAdd(new ReadOnlySpan<double>(this[step], sums.Length), sign, sums, sums);
    }
}
