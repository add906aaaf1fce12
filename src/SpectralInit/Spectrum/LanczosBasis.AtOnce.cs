using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <content>A block made orthonormal by one set of inner products and one combination, with the tests of what that leaves, in two passes over the rows.</content>
internal sealed unsafe partial class LanczosBasis
{
    // Columns of the rows that come in fours, and products of four rows with four, that one part of an operation takes.
    private const int ColumnsPerPart = 512, ProductsPerPart = 3 * Block * Block;

    private int Parts => (_n + ColumnsPerPart - 1) / ColumnsPerPart;

    // Gram–Schmidt against the last two blocks and a Cholesky factor R within the block, from one set of inner products; null where that would lose digits, or a product is
    // not finite. Leaves the new block as it is, and in the coefficients what it is to become: combinations of the rows of all three.
    private double[]? FactorAtOnce(int step)
    {
        int from = Near(step), count = ((step + 1) * Block) - from, blocks = (count / Block) + 1;
        double* near = _blocks.Pointer + ((nint)from * _n), next = this[step + 1], c = _coefficients.Pointer;
        Parallelism.Run(Parts, part =>
        {
            int column = part * ColumnsPerPart;
            double* products = _products.Pointer + (part * ProductsPerPart);
            new Span<double>(products, ProductsPerPart).Clear();
            for (int block = 0; block < blocks; block++)
                RowQuads.AddProducts(near + ((nint)block * Block * _n) + column, next + column, _n, Math.Min(ColumnsPerPart, _n - column), products + (block * Block * Block));
        });

        for (int row = 0; row < count + Block; row++)
        {
            for (int j = 0; j < Block; j++)
                c[(row * Group) + j] = SumOfParts((row * Block) + j);
        }

        if (Factor(c, count) is not { } factor)
            return null;
        AddToProjected(step, c);
        ToCombinations(c, count, factor);
        return factor;
    }

    // Cholesky's R of RᵀR = G − CᵀC, with G in the rows after the count rows of C; null where too little is left.
    private static double[]? Factor(double* c, int count)
    {
        double* gram = c + (count * Group);
        double[] factor = new double[Block * Block];
        double largest = 0;
        for (int i = 0; i < Block; i++)
            largest = Math.Max(largest, gram[(i * Group) + i]);
        for (int i = 0; i < Block; i++)
        {
            for (int j = i; j < Block; j++)
            {
                double rest = gram[(i * Group) + j];
                for (int k = 0; k < count; k++)
                    rest -= c[(k * Group) + i] * c[(k * Group) + j];
                for (int k = 0; k < i; k++)
                    rest -= factor[(k * Block) + i] * factor[(k * Block) + j];
                if (i == j && !(rest > 1e-4 * largest))
                    return null;
                factor[(i * Block) + j] = i == j ? Math.Sqrt(rest) : rest / factor[(i * Block) + i];
            }
        }

        return factor;
    }

    // The new block is to be R⁻ᵀ·(next − Cᵀ·V): the rows of −C and of the unit matrix turned into combinations by one triangular solve.
    private static void ToCombinations(double* c, int count, double[] factor)
    {
        for (int row = 0; row < count + Block; row++)
        {
            double* values = c + (row * Group);
            for (int j = 0; j < Block; j++)
            {
                values[j] = row < count ? -values[j] : row - count == j ? 1 : 0;
                for (int k = 0; k < j; k++)
                    values[j] -= values[k] * factor[(k * Block) + j];
                values[j] /= factor[(j * Block) + j];
            }
        }
    }

    // The rest of a block that is orthonormal but for rounding errors grown, from its products as just measured.
    private double[] OrthonormalizeAgain(int step)
    {
        double* next = this[step + 1], c = _coefficients.Pointer;
        for (int i = 0; i < Block * Block; i++)
            c[(i / Block * Group) + (i % Block)] = SumOfParts(i);
        if (Factor(c, 0) is not { } factor)
            return Orthonormalize(next, 1, out _);
        ToCombinations(c, 0, factor);
        Parallelism.Run(Parts, part =>
        {
            int column = part * ColumnsPerPart;
            RowQuads.Combine(next + column, Block, _n, Math.Min(ColumnsPerPart, _n - column), c, Group, next + column);
        });
        return factor;
    }

    // How far the new block is from orthonormal, and its largest overlap with the sketch, to which the block before the last two is added afterwards. One set of inner products takes
    // the earlier blocks for orthonormal: what they are short of that comes back larger, by (diagonal ÷ coupling)² of T, in every step. Flat spectra would lose a digit and more each time.
    private (double Departure, double Overlap) Complete(int step, bool combine)
    {
        int from = Near(step), count = ((step + 2) * Block) - from;

        // Signs from the bits of a Weyl sequence: nothing that a basis could be aligned with.
        double sign = ((ulong)(step - 1) * 0x9E3779B97F4A7C15) >> 63 == 0 ? 1 : -1;
        double* near = _blocks.Pointer + ((nint)from * _n);
        Parallelism.Run(Parts, part =>
        {
            int column = part * ColumnsPerPart, width = Math.Min(ColumnsPerPart, _n - column);
            double* products = _products.Pointer + (part * ProductsPerPart), next = this[step + 1] + column, sketch = _sketch.Pointer + column;
            new Span<double>(products, 2 * Block * Block).Clear();
            if (combine)
                RowQuads.Combine(near + column, count, _n, width, _coefficients.Pointer, Group, next);
            RowQuads.AddProducts(next, next, _n, width, products);
            RowQuads.AddProducts(next, sketch, _n, width, products + (Block * Block));
            for (int i = 0; step > 0 && i < Block; i++)
            {
                Span<double> sums = new(sketch + ((nint)i * _n), width);
                TensorPrimitives.MultiplyAdd(new ReadOnlySpan<double>(near + ((nint)i * _n) + column, width), sign, sums, sums);
            }
        });

        double departure = 0, overlap = 0;
        for (int i = 0; i < Block * Block; i++)
        {
            departure = Math.Max(departure, Math.Abs(SumOfParts(i) - (i % (Block + 1) == 0 ? 1 : 0)));
            overlap = Math.Max(overlap, Math.Abs(SumOfParts((Block * Block) + i)));
        }

        return (departure, overlap);
    }

    private double SumOfParts(int product)
    {
        double sum = 0;
        for (int part = 0; part < Parts; part++)
            sum += _products.Pointer[(part * ProductsPerPart) + product];
        return sum;
    }
}
