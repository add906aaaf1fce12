using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>The norms of a convolution: that of the map it is, and that of its kernel reshaped to a matrix.</summary>
/// <remarks>
/// They differ. The reshaped kernel (out × in/g·K), which common spectral normalization divides by, is neither the norm of the map nor a bound of it from above: every input
/// pixel is read by up to K taps, so ‖map‖ ≤ √K·‖reshaped‖ for stride 1.
/// </remarks>
public static class ConvolutionNorm
{
    private const int Samples = 32;
    private const double Rounding = 2.220446049250313e-16;

    /// <summary>The norm of the convolution as a linear map of images, max ‖conv(x)‖₂/‖x‖₂.</summary>
    /// <param name="kernel">Weights in the order of the shape's layout, finite.</param>
    /// <param name="shape">A convolution or depthwise shape.</param>
    /// <param name="geometry">Input size, stride, padding, dilation, boundary.</param>
    /// <param name="options">Tolerance, probability, method; defaults when null.</param>
    /// <param name="progress">Told the blocks of frequencies done ("frequencies"), from any thread, one at a time, or the passes done ("Lanczos").</param>
    /// <param name="cancellationToken">Stops between products.</param>
    /// <remarks>
    /// Circular with stride 1: the largest singular value over all frequencies of the channel matrices Ŵ(ω) = Σ W_tap·e^(−iω·tap) (Sedghi, Gupta and Long, "The singular
    /// values of convolutional layers", ICLR 2019), exact. For P input positions and m ≤ n channels of a group on either side, that is P·m·n·min(taps, Σ of the prime factors of the last
    /// size) operations for the transform, and about P·(1.5·m²·n + m³) for the norms: half of the frequencies suffice for a real kernel, and of these only the few that a Cholesky factor does
    /// not prove smaller are decomposed. Otherwise block Lanczos on the map (<see cref="ConvolutionOperator"/>), certified as in <see cref="SpectralNorm"/>.
    /// </remarks>
    /// <exception cref="ArgumentException">Shape, geometry and kernel do not fit each other, a weight is not finite, or the norm exceeds the largest double.</exception>
    public static SpectralNormResult Of(ReadOnlySpan<double> kernel, WeightShape shape, ConvolutionGeometry geometry, SpectralNormOptions? options = null, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        // In units of a power of two, so that nothing but the result itself can be too large.
        double largest = kernel.IsEmpty ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude(kernel));
        int exponent = largest > 0 && double.IsFinite(largest) ? Math.ILogB(largest) : 0;
        double[] unit = kernel.ToArray();
        PowerOfTwo.Scale<double>(unit, -exponent);
        ConvolutionOperator map = new(unit, shape, geometry);
        bool keepsSize = Enumerable.Range(0, geometry.InputSize.Length).All(axis => geometry.OutputSize(axis, shape.Kernel[axis]) == geometry.InputSize[axis]);
        SpectralNormResult norm = geometry is { Boundary: ConvolutionBoundary.Circular, Stride: 1 } && keepsSize && options is not { Method: SpectralNormMethod.Lanczos } && kernel.Length > 0
            ? OverFrequencies(ConvolutionOperator.OutputsFirst(unit, shape), shape, geometry, progress, cancellationToken)
            : SpectralNorm.Of(map, options, progress, cancellationToken);
        return norm.ScaledBy(exponent, nameof(kernel));
    }

    /// <summary>The spectral norm of the reshaped kernel, the largest over the groups.</summary>
    /// <param name="kernel">Weights in the order of the shape's layout, finite.</param>
    /// <param name="shape">A convolution or depthwise shape.</param>
    /// <param name="options">Tolerance, probability, method; defaults when null.</param>
    /// <exception cref="ArgumentException">The kernel does not fit the shape, or a weight is not finite.</exception>
    public static SpectralNormResult Reshaped(ReadOnlySpan<double> kernel, WeightShape shape, SpectralNormOptions? options = null) =>
        SpectrallyNormalizedInitializer.Measure(kernel, shape, options, nameof(kernel)).MaxBy(norm => norm.Value)!;

    // The largest over all frequencies: from a lower bound at a few, a Cholesky factor certifies that a frequency stays below; only those that may not are decomposed.
    private static SpectralNormResult OverFrequencies(double[] kernel, WeightShape shape, ConvolutionGeometry geometry, IProgress<SolverProgress>? progress, CancellationToken cancellationToken)
    {
        ChannelMatrices matrices = new(kernel, shape, geometry);

        // A real kernel has conjugate matrices at ω and −ω: one of them is enough.
        int[] lines = [.. Enumerable.Range(0, matrices.Lines).Where(line => line <= matrices.Mirrored(line))];
        int parts = (matrices.Across + matrices.Together - 1) / matrices.Together, total = lines.Length * parts;
        double floor = Highest(Math.Min(total, Samples), sample => (int)((long)sample * total / Math.Min(total, Samples)), 1, 0, null);
        double norm = Highest(total, part => part, matrices.Together, floor, progress);
        return new SpectralNormResult { Value = norm, Upper = norm * (1 + (4 * matrices.Shorter * Rounding)), Residual = 0, Iterations = 1, Method = SpectralNormMethod.Direct, FailureProbability = 0, Converged = true };

        double Highest(int count, Func<int, int> partOf, int atMost, double floor, IProgress<SolverProgress>? told)
        {
            double[] found = new double[count];
            int done = 0;
            Parallelism.Run(count, i =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                int line = lines[partOf(i) / parts], first = partOf(i) % parts * matrices.Together, frequencies = Math.Min(atMost, matrices.Across - first);
                double[] buffer = new double[frequencies * matrices.Stride];
                found[i] = floor;
                for (int group = 0; group < matrices.Groups; group++)
                {
                    matrices.Fill(group, line, first, frequencies, buffer);
                    for (int f = 0; f < frequencies; f++)
                        found[i] = Larger(buffer.AsSpan(f * matrices.Stride, matrices.Stride), matrices.Longer, matrices.Shorter, found[i]);
                }

                if (told is not null)
                {
                    lock (found)
                        told.Report(new SolverProgress("frequencies", ++done, count));
                }
            });
            return count == 0 ? 0 : found.Max();
        }
    }

    /// <summary>The norm of a complex matrix if it exceeds <paramref name="floor"/>, else the floor.</summary>
    private static unsafe double Larger(ReadOnlySpan<double> matrix, int longer, int shorter, double floor)
    {
        double square = floor * floor;
        if (TensorPrimitives.SumOfSquares(matrix) <= square)
            return floor;

        // ŴᴴŴ = R + iJ as the real symmetric [R −J; J R], which has its eigenvalues, each twice.
        int order = 2 * shorter;
        double[] real = new double[shorter * shorter], imaginary = new double[shorter * shorter], gram = new double[order * order];
        fixed (double* a = matrix, r = real, j = imaginary)
        {
            MatrixProduct.Multiply(true, false, shorter, shorter, 2 * longer, 1.0, a, shorter, a, shorter, 0.0, r, shorter);
            MatrixProduct.Multiply(true, false, shorter, shorter, longer, 1.0, a, shorter, a + ((nint)longer * shorter), shorter, 0.0, j, shorter);
        }

        for (int row = 0; row < shorter; row++)
        {
            for (int column = 0; column < shorter; column++)
            {
                double symmetric = row <= column ? real[(row * shorter) + column] : real[(column * shorter) + row];
                double skew = imaginary[(row * shorter) + column] - imaginary[(column * shorter) + row];
                gram[(row * order) + column] = gram[((row + shorter) * order) + column + shorter] = symmetric;
                gram[(row * order) + column + shorter] = -skew;
                gram[((row + shorter) * order) + column] = skew;
            }
        }

        if (floor > 0 && StaysBelow(gram, order, square * (1 + (order * Rounding))))
            return floor;
        return Math.Max(floor, Math.Sqrt(Math.Max(0, SymmetricEigen.Decompose(gram, order, 1).Values[0])));
    }

    private static unsafe bool StaysBelow(double[] gram, int order, double bound)
    {
        double[] gap = new double[gram.Length];
        TensorPrimitives.Negate(gram, gap);
        for (int i = 0; i < order; i++)
            gap[(i * order) + i] += bound;
        fixed (double* pointer = gap)
            return Cholesky.Factor(pointer, order, order);
    }
}
