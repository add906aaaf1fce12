using System.Numerics;
using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>The spectral norm ‖A‖₂ = σ₁ of any matrix, to a certified relative error.</summary>
/// <remarks>
/// <para>
/// Small matrices are solved directly. Larger ones go through block Lanczos on AᵀA, one pass over A per step, from a random Gaussian block. The result encloses the norm:
/// <see cref="SpectralNormResult.Value"/> is a lower bound (Ritz values never exceed eigenvalues), and <see cref="SpectralNormResult.Upper"/> an upper bound that fails only if
/// the random start was nearly blind to the leading singular vectors, which has probability at most <see cref="SpectralNormOptions.FailureProbability"/> for a matrix chosen
/// independently of that start (weights drawn with the same seed are). A small residual alone would certify <em>a</em> singular value, not the largest. Rounding in the products comes on top: a few times 2⁻⁵³·√n for
/// double arithmetic, and some 1e-12 at tolerances of 1e-6 and looser; float matrices are multiplied in float (1e-6) when the tolerance is 1e-5 or looser, else in double.
/// </para>
/// <para>
/// Float matrices of 8 MB and more are passed over as a 16-bit copy, where the processor has AVX2 or AVX-512. It finds the leading vectors and counts the singular values above a
/// bound, which moves by no more than what rounding at random does to any fixed vector; the bounds of the result come from a last pass over the matrix itself (Lehmann). Of the
/// failure probability a sixty-fourth is for the rounding. Where the copy is too coarse for the gaps in the spectrum, the passes start again without it, with another sixty-fourth.
/// </para>
/// <para>When Lanczos cannot certify the tolerance in time (many equal leading singular values, tolerances near rounding), the automatic method turns to the direct one.</para>
/// </remarks>
public static class SpectralNorm
{
    private const int MostSteps = 128;

    // Side of the smallest matrices that are not solved directly: a basis of fewer blocks would be most of the space.
    private const int Shortest = 8 * BlockLanczos.Block;

    // Tolerances below take float matrices in double.
    private const double SingleTolerance = 1e-5;

    // Float matrices larger than the second caches: smaller ones gain less from a 16-bit copy than it costs to make.
    private const long QuantizedFrom = 1 << 21;

    /// <summary>The spectral norm of a dense matrix.</summary>
    /// <param name="matrix">rows×columns values, row-major, finite.</param>
    /// <param name="rows">Rows, ≥ 0.</param>
    /// <param name="columns">Columns, ≥ 0.</param>
    /// <param name="options">Tolerance, probability, method; defaults when null.</param>
    /// <param name="progress">Told the passes done ("Lanczos"), and of a direct solution the percent ("direct").</param>
    /// <param name="cancellationToken">Stops between passes, and between steps of a direct solution.</param>
    /// <exception cref="ArgumentException"><paramref name="matrix"/> has another length or holds NaN or infinity, or the norm exceeds the largest double.</exception>
    public static SpectralNormResult Of(ReadOnlySpan<double> matrix, int rows, int columns, SpectralNormOptions? options = null, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default) =>
        OfDense(matrix, rows, columns, options, progress: progress, cancellationToken: cancellationToken);

    /// <inheritdoc cref="Of(ReadOnlySpan{double}, int, int, SpectralNormOptions?, IProgress{SolverProgress}?, CancellationToken)"/>
    public static SpectralNormResult Of(ReadOnlySpan<float> matrix, int rows, int columns, SpectralNormOptions? options = null, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default) =>
        OfDense(matrix, rows, columns, options, progress: progress, cancellationToken: cancellationToken);

    /// <summary>The spectral norm of a MathNet matrix.</summary>
    /// <param name="matrix">A finite matrix.</param>
    /// <param name="options">Tolerance, probability, method; defaults when null.</param>
    /// <param name="progress">Told the passes done ("Lanczos"), and of a direct solution the percent ("direct").</param>
    /// <param name="cancellationToken">Stops between passes, and between steps of a direct solution.</param>
    /// <exception cref="ArgumentException"><paramref name="matrix"/> holds NaN or infinity, or the norm exceeds the largest double.</exception>
    public static SpectralNormResult Of(Matrix<double> matrix, SpectralNormOptions? options = null, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);

        // Column-major memory is the transpose, which has the same norm.
        return OfDense<double>(matrix.AsColumnMajorArray() ?? matrix.ToColumnMajorArray(), matrix.ColumnCount, matrix.RowCount, options, progress: progress, cancellationToken: cancellationToken);
    }

    /// <inheritdoc cref="Of(Matrix{double}, SpectralNormOptions?, IProgress{SolverProgress}?, CancellationToken)"/>
    public static SpectralNormResult Of(Matrix<float> matrix, SpectralNormOptions? options = null, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return OfDense<float>(matrix.AsColumnMajorArray() ?? matrix.ToColumnMajorArray(), matrix.ColumnCount, matrix.RowCount, options, progress: progress, cancellationToken: cancellationToken);
    }

    /// <summary>The spectral norm of an operator. Small ones are written out; large ones are only multiplied by, and then <see cref="SpectralNormResult.Converged"/> may be false.</summary>
    /// <param name="matrix">An operator.</param>
    /// <param name="options">Tolerance, probability, method; defaults when null.</param>
    /// <param name="progress">Told the passes done ("Lanczos"), and of a direct solution the percent ("direct").</param>
    /// <param name="cancellationToken">Stops between passes, and between steps of a direct solution.</param>
    /// <exception cref="ArgumentException">A product is not finite, the norm exceeds the largest double, or an operator that must be written out does not fit an array.</exception>
    public static unsafe SpectralNormResult Of(ILinearOperator matrix, SpectralNormOptions? options = null, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        options ??= SpectralNormOptions.Default;
        options.Check();
        int rows = matrix.Rows, columns = matrix.Columns, shorter = Math.Min(rows, columns);
        if (PrefersDirect(shorter, options))
            return Direct<double>(DenseArgument.WriteOut(matrix, cancellationToken), rows, columns, progress, cancellationToken);

        // Lanczos on the shorter side; the products are scaled by a power of two so that squares neither overflow nor vanish.
        bool tall = rows >= columns;
        double[] input = new double[BlockLanczos.Block * shorter], output = new double[BlockLanczos.Block * shorter], middle = new double[BlockLanczos.Block * Math.Max(rows, columns)];
        int? exponent = null;
        BlockLanczos lanczos = new(shorter, Gram, options, 4 * MostSteps);
        SpectralNormResult result = lanczos.Run(progress, cancellationToken).ScaledBy(exponent ?? 0);
        return result.Converged || options.Method == SpectralNormMethod.Lanczos || (long)rows * columns > DenseArgument.MostWrittenOut ? result : Direct<double>(DenseArgument.WriteOut(matrix, cancellationToken), rows, columns, progress, cancellationToken);

        void Gram(double* v, double* z, int step)
        {
            new ReadOnlySpan<double>(v, input.Length).CopyTo(input);
            if (tall)
                matrix.ApplyBlock(BlockLanczos.Block, input, middle);
            else
                matrix.ApplyTransposeBlock(BlockLanczos.Block, input, middle);
            double largest = Math.Abs(TensorPrimitives.MaxMagnitude<double>(middle));
            exponent ??= largest > 0 && double.IsFinite(largest) ? Math.ILogB(largest) : 0;
            PowerOfTwo.Scale(middle, -exponent.Value);
            if (tall)
                matrix.ApplyTransposeBlock(BlockLanczos.Block, middle, output);
            else
                matrix.ApplyBlock(BlockLanczos.Block, middle, output);
            PowerOfTwo.Scale(output, -exponent.Value);
            output.CopyTo(new Span<double>(z, output.Length));
        }
    }

    /// <summary>All of it; float matrices of <paramref name="quantizedFrom"/> entries and more are tried with a 16-bit copy first. Messages call the argument <paramref name="parameter"/>.</summary>
    internal static unsafe SpectralNormResult OfDense<T>(
        ReadOnlySpan<T> matrix, int rows, int columns, SpectralNormOptions? options, long quantizedFrom = QuantizedFrom, string parameter = "matrix", IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= SpectralNormOptions.Default;
        options.Check();
        cancellationToken.ThrowIfCancellationRequested();
        SpectralNormOptions passes = options;
        if (typeof(T) == typeof(float) && matrix.Length >= quantizedFrom)
        {
            if (Quantized(System.Runtime.InteropServices.MemoryMarshal.Cast<T, float>(matrix), rows, columns, options, progress, cancellationToken) is { } certified)
                return certified;
            passes = options with { FailureProbability = options.FailureProbability * QuantizedNorm.ShareLeft };
        }

        double largest = DenseArgument.Check(matrix, rows, columns, parameter);
        int shorter = Math.Min(rows, columns);
        if (largest == 0 || PrefersDirect(shorter, options))
            return Direct(matrix, rows, columns, progress, cancellationToken, parameter);

        // Extreme scales (beyond 2^±40 in float, 2^±200 in double) take a scaled copy in double: fourth powers must neither overflow nor vanish.
        int exponent = Math.ILogB(largest);
        if (Math.Abs(exponent) > (typeof(T) == typeof(float) ? 40 : 200))
        {
            double[] scaled = DenseArgument.Widen(matrix);
            PowerOfTwo.Scale(scaled, -exponent);
            return OfDense<double>(scaled, rows, columns, options, progress: progress, cancellationToken: cancellationToken).ScaledBy(exponent, parameter);
        }

        bool single = typeof(T) == typeof(float) && options.Tolerance >= SingleTolerance;
        SpectralNormResult result;
        fixed (T* values = matrix)
        {
            // A delegate cannot capture a pointer to pinned memory in a lambda; an nint it can.
            nint address = (nint)values;
            result = new BlockLanczos(columns, Gram, passes, MostSteps, single).Run(progress, cancellationToken) with { FailureProbability = options.FailureProbability };

            void Gram(double* v, double* z, int step)
            {
                bool backward = (step & 1) == 1;
                if (single)
                    GramProduct.Multiply<T, float>((T*)address, rows, columns, v, z, backward);
                else
                    GramProduct.Multiply<T, double>((T*)address, rows, columns, v, z, backward);
            }
        }

        return result.Converged || options.Method == SpectralNormMethod.Lanczos ? result : Direct(matrix, rows, columns, progress, cancellationToken, parameter);
    }

    /// <summary>The norm by way of a 16-bit copy, or null where that does not serve, for whatever reason: other ways take it from there.</summary>
    internal static unsafe SpectralNormResult? Quantized(ReadOnlySpan<float> matrix, int rows, int columns, SpectralNormOptions options, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (!QuantizedRows.IsSupported || matrix.Length != (long)rows * columns || options.Method == SpectralNormMethod.Direct || options.Tolerance < SingleTolerance || Math.Min(rows, columns) <= Math.Max(options.DirectLimit, Shortest))
            return null;
        fixed (float* w = matrix)
            return QuantizedNorm.Of(w, rows, columns, options, MostSteps, progress, cancellationToken);
    }

    private static bool PrefersDirect(int shorter, SpectralNormOptions options) =>
        options.Method == SpectralNormMethod.Direct || shorter < Shortest || (options.Method == SpectralNormMethod.Automatic && shorter <= options.DirectLimit);

    // λ₁ of the Gram matrix of the shorter side. Forming it squares the condition number, which σ₁, unlike the small singular values, does not feel.
    private static unsafe SpectralNormResult Direct<T>(ReadOnlySpan<T> matrix, int rows, int columns, IProgress<SolverProgress>? progress, CancellationToken cancellationToken, string parameter = "matrix")
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int shorter = Math.Min(rows, columns), longer = Math.Max(rows, columns);
        int exponent = 0;
        double sigma = 0;
        double[] wide = DenseArgument.Widen(matrix);
        double largest = wide.Length == 0 ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude<double>(wide));
        if (largest > 0)
        {
            exponent = Math.ILogB(largest);
            PowerOfTwo.Scale(wide, -exponent);
            double[] gram = new double[shorter * shorter];
            fixed (double* w = wide, g = gram)
                MatrixProduct.Multiply(columns < rows, columns >= rows, shorter, shorter, longer, 1.0, w, columns, w, columns, 0.0, g, shorter);
            for (int i = 0; i < shorter; i++)
            {
                for (int j = 0; j < i; j++)
                    gram[(i * shorter) + j] = gram[(j * shorter) + i];
            }

            sigma = Math.Sqrt(Math.Max(0, SymmetricEigen.Decompose(gram, shorter, 1, DirectProgress.Of(progress), cancellationToken).Values[0]));
        }

        const double Rounding = 2.220446049250313e-16;
        return new SpectralNormResult
        {
            Value = sigma,
            Upper = sigma * (1 + (Rounding * Math.Max(4, shorter))),
            Residual = 0,
            Iterations = 0,
            Method = SpectralNormMethod.Direct,
            FailureProbability = 0,
            Converged = true,
        }.ScaledBy(exponent, parameter);
    }
}
