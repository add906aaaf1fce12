using System.Numerics;
using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>
/// Few principal components of few, wide rows: block Krylov on their Gram matrix, which is not made but multiplied with. Rows in memory take one pass
/// for sixteen vectors; rows that stream take two, for as many vectors as components are wanted, because passes are what costs there. The left singular
/// vectors found are carried over to the features as in <see cref="GramSpectrum"/>.
/// </summary>
internal static unsafe class WideSpectrum
{
    private const int Block = 16, WidestBlock = 64;

    // A product of floats that are added up in double every few hundred is good to about 10⁻⁷ of the norm; residuals are asked for down to this.
    private const double SingleFloor = 1.0 / (1 << 22);

    // Norms of products square the eigenvalues, and residuals of rounding size must be seen: the squares of both are in range between these.
    private const double LeastScatter = 1e-120, MostScatter = 1e150;

    /// <summary>Whether this can be done at all: the rows allow a Krylov space, and lie in memory as float or double.</summary>
    public static bool Suits(IRowSource rows, long count, int components) => Suits(count, rows.Columns, components, Block) && rows is IndexedRowSource indexed && (rows.IsSingle ? indexed.TryGetRows<float>(0, 1, out _) : indexed.TryGetRows<double>(0, 1, out _));

    /// <summary>The spectrum of rows that stream: as few passes as a block as wide as the number of components needs. Null where the rows leave no room for a Krylov space.</summary>
    public static DataSpectrum? Stream(CenteredRows rows, RowMoments moments, int components, DataSpectrumOptions options, string reason, IProgress<SolverProgress>? progress, CancellationToken cancellationToken)
    {
        int block = Math.Min(WidestBlock, SkinnyProduct.Padded(components));
        return Suits(rows.Rows, rows.Columns, components, block) && moments.Scatter is > LeastScatter and < MostScatter
            ? Solve<double>(new StreamedGram(rows), block, moments, components, options, reason, mayGiveUp: false, progress, cancellationToken)
            : null;
    }

    /// <summary>
    /// Whether it should cost less than the Gram matrix: a pass for a block costs about 16/300 of n²·d operations at n = 2000, and on spectra that
    /// decay k pairs take about 3·k + 50 vectors.
    /// </summary>
    public static bool Pays(long count, int components) => count >= 512 && (3.5 * components) + 64 <= MostVectors(count);

    /// <summary>The spectrum, or null when block Krylov would not be the cheapest (only where <paramref name="mayGiveUp"/>) or the numbers are out of range for it.</summary>
    public static DataSpectrum? Solve(IRowSource rows, RowMoments moments, int components, DataSpectrumOptions options, string reason, bool mayGiveUp, IProgress<SolverProgress>? progress, CancellationToken cancellationToken) => rows.IsSingle
        ? Solve<float>((IndexedRowSource)rows, moments, components, options, reason, mayGiveUp, progress, cancellationToken)
        : Solve<double>((IndexedRowSource)rows, moments, components, options, reason, mayGiveUp, progress, cancellationToken);

    private static bool Suits(long count, int columns, int components, int block) =>
        count <= columns && count >= 256 && components <= count / 6 && BlockKrylov.Suits((int)count, components, BasisLimit((int)count, components, block), block);

    private static double MostVectors(long count) => count / 6.0;

    private static int BasisLimit(int count, int components, int block) => (int)Math.Min((12L * components) + (8 * block), Math.Max((3L * components) + (8 * block), (512L << 20) / (8L * count)));

    private static DataSpectrum? Solve<T>(IndexedRowSource rows, RowMoments moments, int components, DataSpectrumOptions options, string reason, bool mayGiveUp, IProgress<SolverProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Squares of eigenvalues must be in range, and a mean much larger than the spread would cost digits.
        (double least, double most) = typeof(T) == typeof(float) ? (1e-15, 1e30) : (LeastScatter, MostScatter);
        double mean = TensorPrimitives.SumOfSquares<double>(moments.Mean) * moments.Count;
        if (!(moments.Scatter >= least && moments.Scatter <= most && mean <= 4 * moments.Scatter) || !rows.TryGetRows(0, (int)moments.Count, out ReadOnlySpan<T> values))
            return null;
        fixed (T* x = values)
            return Solve<T>(new WideRows<T>(x, (int)moments.Count, rows.Columns), Block, moments, components, options, reason, mayGiveUp, progress, cancellationToken);
    }

    private static DataSpectrum? Solve<T>(IRowGram gram, int block, RowMoments moments, int components, DataSpectrumOptions options, string reason, bool mayGiveUp, IProgress<SolverProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = gram.Rows, d = moments.Mean.Length, most = (int)MostVectors(n);
        KrylovSettings settings = new(components, options.Tolerance, BasisLimit(n, components, block), (20L * n) + 1000, options.Seed)
        {
            Block = block,
            Floor = typeof(T) == typeof(float) ? SingleFloor : 0,
            Measures = false,
            GiveUpAt = mayGiveUp ? most + block : int.MaxValue,
            HopelessAt = mayGiveUp ? 3 * most : double.PositiveInfinity,
            Progress = progress,
            CancellationToken = cancellationToken,
        };
        KrylovResult found;
        using (BlockKrylov krylov = new(gram, settings))
            found = krylov.Run();
        if (mayGiveUp && !found.Converged)
            return null;

        double[] images = new double[checked(components * d)], residuals = new double[components];
        bool converged = found.Converged;
        using Scratch<double> products = Scratch.Rent<double>((long)WidestBlock * n);
        for (int first = 0; first < components; first += WidestBlock)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(WidestBlock, components - first);
            gram.Multiply(count, found.Vectors.AsSpan(first * n, count * n), products.Span[..(count * n)], images.AsSpan(first * d, count * d));
            for (int i = 0; i < count; i++)
            {
                Span<double> product = products.Span.Slice(i * n, n);
                TensorPrimitives.MultiplyAdd(found.Vectors.AsSpan((first + i) * n, n), -found.Values[first + i], product, product);
                residuals[first + i] = TensorPrimitives.Norm<double>(product);
                converged &= residuals[first + i] <= 4 * Math.Max(options.Tolerance * found.Values[first + i], Math.Max(settings.Floor, Math.ScaleB(Math.Sqrt(n), -50)) * found.Values[0]);
            }
        }

        if (mayGiveUp && !converged)
            return null;
        EigenPairs left = new(n, found.Values, found.Vectors)
        {
            Residuals = residuals,
            Method = EigenMethod.BlockKrylov,
            MethodReason = $"{components} of {n} pairs: block Krylov{(converged ? "." : ", which did not converge.")}",
            Converged = converged,
            Products = found.Products + components,
            Iterations = found.Steps,
        };
        return GramSpectrum.Carry<T>(left, images, moments, options, SpectrumSolver.MatrixFree, $"{reason} {left.MethodReason}", gram.Passes + 1);
    }
}
