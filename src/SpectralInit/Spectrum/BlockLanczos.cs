using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>
/// The largest eigenvalue of AᵀA by block Lanczos (the Golub–Kahan process on A, two products taken as one), stopped by
/// <see cref="LanczosCertificate"/>.
/// </summary>
/// <remarks>
/// For tight tolerances every block is orthogonalized against all before it, twice. For loose ones the last two blocks are enough until a Ritz vector has converged
/// (Paige 1980), which a sketch of the basis shows: a sum of all earlier blocks with random signs, against which the new block is tested. Semiorthogonality, to the root
/// of the rounding error, is all that the projected matrix needs to be exact to rounding (Simon 1984); so when the test fails, this block and the next take part in full.
/// </remarks>
internal sealed unsafe class BlockLanczos
{
    /// <summary>Z ← V·AᵀA for <see cref="Block"/> row vectors; <c>step</c> counts the calls.</summary>
    public delegate void GramStep(double* v, double* z, int step);

    /// <summary>Vectors in a block.</summary>
    public const int Block = GramProduct.Vectors;

    // The loosest tolerance is orthogonalized in full.
    private const double LocalTolerance = 1e-6;

    private readonly int _n;
    private readonly GramStep _gram;
    private readonly SpectralNormOptions _options;
    private readonly double[] _projected;
    private readonly int _stride;
    private readonly double _overlapAllowed;

    /// <param name="n">Length of the vectors.</param>
    /// <param name="gram">The product.</param>
    /// <param name="options">Tolerance, probability and seed.</param>
    /// <param name="maxSteps">The most steps, unless memory allows fewer.</param>
    /// <param name="single">The product is rounded to float.</param>
    public BlockLanczos(int n, GramStep gram, SpectralNormOptions options, int maxSteps, bool single = false)
    {
        _n = n;
        _gram = gram;
        _options = options;
        _overlapAllowed = options.Tolerance < LocalTolerance ? 0 : single ? 1e-5 : 1e-10;

        // The basis stays below 2²⁶ values (512 MB).
        int affordable = Math.Max(24, (1 << 26) / (Block * n));
        MaxSteps = Math.Max(1, Math.Min(Math.Min(maxSteps, affordable), (n + Block - 1) / Block));
        _stride = (MaxSteps + 1) * Block;
        _projected = new double[_stride * _stride];
    }

    /// <summary>The most steps.</summary>
    public int MaxSteps { get; }

    /// <summary>Runs until certified or out of steps; values are those of AᵀA's square root.</summary>
    public SpectralNormResult Run(CancellationToken cancellationToken)
    {
        using Scratch<double> basis = Scratch.Rent<double>((long)(MaxSteps + 1) * Block * _n);
        using Scratch<double> work = Scratch.Rent<double>((long)_stride * Block);
        using Scratch<double> sketch = Scratch.RentCleared<double>((long)Block * _n);
        RandomFill.Normal(new Span<double>(basis.Pointer, Block * _n), 0, 1, _options.Seed);
        double[] start = Orthonormalize(basis.Pointer, LargestNorm(basis.Pointer), out _);
        int nextCheck = Math.Min(MaxSteps, 6);
        double previousError = 1;
        int previousCheck = 0;
        bool full = _overlapAllowed == 0;
        for (int step = 0; ; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            double* current = basis.Pointer + ((nint)step * Block * _n), next = current + ((nint)Block * _n);
            _gram(current, next, step);
            int known = (step + 1) * Block;
            if (!double.IsFinite(TensorPrimitives.Sum<double>(new ReadOnlySpan<double>(next, Block * _n))))
                throw DenseArgument.NotFinite("matrix");
            double scale = LargestNorm(next);
            int from = full ? 0 : Math.Max(0, known - (2 * Block));
            Project(basis.Pointer, next, work.Pointer, from, known, step);
            Project(basis.Pointer, next, work.Pointer, from, known, step);
            double[] coupling = Orthonormalize(next, scale, out bool exhausted);
            if (_overlapAllowed > 0)
            {
                bool late = !full && from > 0 && LargestOverlap(sketch.Pointer, next, work.Pointer) > _overlapAllowed;
                if (late)
                {
                    Recombine(next, coupling);
                    Project(basis.Pointer, next, work.Pointer, 0, known, step);
                    Project(basis.Pointer, next, work.Pointer, 0, known, step);
                    coupling = Orthonormalize(next, scale, out exhausted);
                }

                full = late;
                if (step > 0)
                    AddToSketch(sketch.Pointer, current - ((nint)Block * _n), step);
            }

            if (exhausted || step + 1 >= nextCheck || step + 1 == MaxSteps)
            {
                SpectralNormResult result = Check(known, coupling, start, step + 1, exhausted, out double gap);
                if (result.Converged || exhausted || step + 1 == MaxSteps)
                    return result;

                // The certified error falls geometrically down to about half the gap behind σ₁, and then at once: look again when it should be there.
                double error = Math.Min(1, result.RelativeError), target = error > gap / 2 ? Math.Max(gap / 2, _options.Tolerance) : _options.Tolerance;
                double rate = Math.Log(previousError / error) / (step + 1 - previousCheck);
                double needed = rate > 0 ? Math.Log(error / target) / rate : step + 1;
                nextCheck = step + 1 + (int)Math.Clamp(Math.Round(needed * (target > _options.Tolerance ? 0.9 : 0.5)), 1, Math.Max(2, (step + 1) / 2));
                (previousError, previousCheck) = (error, step + 1);
            }
        }
    }

    // next ← next − (next·Vᵀ)·V; the coefficients are the block column of T. Taken twice: once leaves the basis less orthogonal the longer it gets,
    // and Ritz values then exceed the eigenvalues they bound from below.
    private void Project(double* basis, double* next, double* coefficients, int from, int known, int step)
    {
        basis += (nint)from * _n;
        SkinnyProduct.Dots(Block, next, _n, known - from, basis, _n, _n, coefficients, 1, Block);
        SkinnyProduct.Accumulate(Block, _n, known - from, -1.0, coefficients, Block, basis, _n, next, _n);
        for (int i = from; i < known; i++)
        {
            for (int j = 0; j < Block; j++)
                _projected[(i * _stride) + (step * Block) + j] += coefficients[((i - from) * Block) + j];
        }
    }

    private double LargestOverlap(double* sketch, double* next, double* overlaps)
    {
        SkinnyProduct.Dots(Block, next, _n, Block, sketch, _n, _n, overlaps, 1, Block);
        return Math.Abs(TensorPrimitives.MaxMagnitude<double>(new ReadOnlySpan<double>(overlaps, Block * Block)));
    }

    // Signs from the bits of a Weyl sequence: nothing that a basis could be aligned with.
    private void AddToSketch(double* sketch, double* block, int step)
    {
        double sign = ((ulong)step * 0x9E3779B97F4A7C15) >> 63 == 0 ? 1 : -1;
        Span<double> sums = new(sketch, Block * _n);
        TensorPrimitives.MultiplyAdd(new ReadOnlySpan<double>(block, sums.Length), sign, sums, sums);
    }

    // Rows ← what they were before Orthonormalize, old row j = Σ_{i≤j} C[i, j]·row i.
    private void Recombine(double* rows, double[] factor)
    {
        for (int j = Block - 1; j >= 0; j--)
        {
            Span<double> row = Row(rows, j);
            TensorPrimitives.Multiply(row, factor[(j * Block) + j], row);
            for (int i = 0; i < j; i++)
                TensorPrimitives.MultiplyAdd(Row(rows, i), factor[(i * Block) + j], row, row);
        }
    }

    private double LargestNorm(double* rows)
    {
        double largest = 0;
        for (int i = 0; i < Block; i++)
            largest = Math.Max(largest, TensorPrimitives.Norm<double>(Row(rows, i)));
        return largest;
    }

    // Rows ← orthonormal rows by modified Gram–Schmidt, twice; returns the b×b factor C with old row j = Σ_i C[i, j]·new row i.
    // A row that is rounding beside the given scale is dropped: the Krylov space is exhausted there. Zero rows do no harm further on; exhausted means all are.
    private double[] Orthonormalize(double* rows, double scale, out bool exhausted)
    {
        double[] factor = new double[Block * Block];
        exhausted = true;
        for (int j = 0; j < Block; j++)
        {
            Span<double> row = Row(rows, j);
            for (int pass = 0; pass < 2; pass++)
            {
                for (int i = 0; i < j; i++)
                {
                    double overlap = TensorPrimitives.Dot<double>(Row(rows, i), row);
                    factor[(i * Block) + j] += overlap;
                    TensorPrimitives.MultiplyAdd(Row(rows, i), -overlap, row, row);
                }
            }

            double norm = TensorPrimitives.Norm<double>(row);
            factor[(j * Block) + j] = norm;
            if (!(norm > 1e-14 * scale))
            {
                row.Clear();
                factor[(j * Block) + j] = 0;
                continue;
            }

            exhausted = false;
            TensorPrimitives.Divide(row, norm, row);
        }

        return factor;
    }

    private Span<double> Row(double* rows, int i) => new(rows + ((nint)i * _n), _n);

    private SpectralNormResult Check(int m, double[] coupling, double[] start, int steps, bool exhausted, out double gap)
    {
        double[] t = new double[m * m];
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j <= i; j++)
                t[(i * m) + j] = t[(j * m) + i] = i / Block == j / Block ? (_projected[(i * _stride) + j] + _projected[(j * _stride) + i]) / 2 : _projected[(j * _stride) + i];
        }

        EigenPairs pairs = SymmetricEigen.Decompose(t, m);
        double[] first = new double[Block * m], last = new double[m * Block];
        for (int j = 0; j < m; j++)
        {
            ReadOnlySpan<double> vector = pairs.Vector(j);
            for (int i = 0; i < Block; i++)
            {
                first[(i * m) + j] = vector[i];
                double sum = 0;
                for (int k = 0; k < Block; k++)
                    sum += coupling[(i * Block) + k] * vector[m - Block + k];
                last[(j * Block) + i] = sum;
            }
        }

        double theta = Math.Max(0, pairs.Values[0]);
        double residual = 0;
        for (int i = 0; i < Block; i++)
            residual += last[i] * last[i];
        double upper = theta == 0 ? (exhausted ? 0 : double.PositiveInfinity) : new LanczosCertificate(Block, start, pairs.Values, first, last).Upper(_options.FailureProbability);
        double sigma = Math.Sqrt(theta);
        gap = theta == 0 || m < 2 ? 0 : (theta - Math.Max(0, pairs.Values[1])) / (2 * theta);
        SpectralNormResult result = new()
        {
            Value = sigma,
            Upper = Math.Max(sigma, Math.Sqrt(upper)),
            Residual = theta == 0 ? 0 : Math.Sqrt(residual) / theta,
            Iterations = steps,
            Method = SpectralNormMethod.Lanczos,
            FailureProbability = _options.FailureProbability,
            Converged = false,
        };
        return result with { Converged = result.RelativeError <= _options.Tolerance };
    }
}
