using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>The stages of the direct solver on checked arguments.</summary>
internal static unsafe class DenseEigenSolver
{
    /// <summary>Shares of the time, for progress: the reduction, and divide and conquer; the rest is the back-transformation.</summary>
    private const double ShareOfReduction = 0.5, ShareOfVectors = 0.25, ShareWithoutVectors = 0.9;

    /// <summary>Residuals per part of parallel work.</summary>
    private const int ResidualRows = 128;

    /// <summary>Multiplications that residuals may take before they wait to be asked for.</summary>
    private const int CheapResiduals = 1 << 18;

    /// <summary>Values per part of a parallel copy.</summary>
    private const int CopiedValues = 1 << 16;

    /// <summary>Squares of entries with larger binary exponents could overflow or vanish.</summary>
    private const int SafeExponent = 400;

    /// <param name="matrix">n×n.</param>
    /// <param name="n">n.</param>
    /// <param name="tolerance">Asymmetry allowed, relative to the largest magnitude.</param>
    /// <param name="progress">Told the share done.</param>
    /// <param name="rootIterations">As for <see cref="Decompose"/>.</param>
    /// <param name="cancellationToken">Stops between stages.</param>
    public static double[] Values(
        ReadOnlySpan<double> matrix, int n, double tolerance, IProgress<double>? progress, int rootIterations = SecularEquation.MaxIterations, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        double[] values = new double[n];
        if (n == 0)
            return values;
        nint stride = Lane.Stride(n);
        using Scratch<double> work = Scratch.Rent<double>(stride * Lane.Pad(n));
        using Scratch<double> vectors = Scratch.Rent<double>(3 * stride);
        double* diagonal = vectors.Pointer, offDiagonal = diagonal + stride, tau = offDiagonal + stride;
        int exponent = Tridiagonalize(matrix, n, tolerance, work.Pointer, stride, diagonal, offDiagonal, tau, progress, ShareWithoutVectors, cancellationToken);
        TridiagonalValues.Solve(diagonal, offDiagonal, n, work.Pointer, stride, rootIterations, cancellationToken);
        for (int i = 0; i < n; i++)
            values[i] = -diagonal[i];
        Array.Sort(values);
        for (int i = 0; i < n; i++)
            values[i] = -values[i];
        Unscale(values, exponent, matrix);
        progress?.Report(1);
        return values;
    }

    /// <param name="matrix">n×n.</param>
    /// <param name="n">n.</param>
    /// <param name="count">Leading pairs wanted.</param>
    /// <param name="tolerance">Asymmetry allowed, relative to the largest magnitude.</param>
    /// <param name="progress">Told the share done.</param>
    /// <param name="rootIterations">Evaluations per root of divide and conquer before QL takes over; few of them only to try that out.</param>
    /// <param name="cancellationToken">Stops between stages.</param>
    public static EigenPairs Decompose(
        ReadOnlySpan<double> matrix, int n, int count, double tolerance, IProgress<double>? progress, int rootIterations = SecularEquation.MaxIterations, CancellationToken cancellationToken = default)
    {
        if (n == 0)
            return new EigenPairs(0, [], []);
        nint stride = Lane.Stride(n);

        // Pairs are refined all together, and then cut to those asked for.
        bool refined = n <= EigenRefinement.MaxDimension;
        int columns = Lane.Pad(n), formed = refined ? n : count;
        using Scratch<double> work = Scratch.Rent<double>(stride * columns);
        using Scratch<double> rows = Scratch.Rent<double>(stride * columns);
        using Scratch<double> vectors = Scratch.Rent<double>(3 * stride);
        double* a = work.Pointer, z = rows.Pointer;
        double* diagonal = vectors.Pointer, offDiagonal = diagonal + stride, tau = offDiagonal + stride;
        int exponent = Tridiagonalize(matrix, n, tolerance, a, stride, diagonal, offDiagonal, tau, progress, ShareOfReduction, cancellationToken);

        // Packed reflectors leave the matrix free as a workspace.
        using Reflectors reflectors = new(a, n, stride, tau);
        int[] order = new int[n];
        (EigenMethod method, int iterations, int fallbacks) = SolveTridiagonal(diagonal, offDiagonal, n, formed, z, stride, a, order, rootIterations, cancellationToken);
        progress?.Report(ShareOfReduction + ShareOfVectors);

        double[] values = new double[formed];
        for (int i = 0; i < formed; i++)
            values[i] = diagonal[order[n - 1 - i]];
        Unscale(values, exponent, matrix);
        cancellationToken.ThrowIfCancellationRequested();

        double[] result = GC.AllocateUninitializedArray<double>(checked(formed * n));
        fixed (double* output = result)
        {
            double* destination = output;
            int width = reflectors.PartSize(formed);
            Parallelism.Run((formed + width - 1) / width, part =>
            {
                int first = part * width, last = Math.Min(first + width, formed);
                BackTransform(reflectors, z, stride, n, order, first, last, width, destination);
            });
        }

        if (refined)
            Refine(matrix, n, exponent, values, result);
        if (count < formed)
            (values, result) = (values[..count], result[..(count * n)]);
        progress?.Report(1);
        return new EigenPairs(n, values, result) { Method = method, Iterations = iterations, Fallbacks = fallbacks, ResidualsOnDemand = Measured(matrix, n, exponent, values, result) };
    }

    private static void Refine(ReadOnlySpan<double> matrix, int n, int exponent, double[] values, double[] vectors)
    {
        Span<double> scaled = stackalloc double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                scaled[(i * n) + j] = (Math.ScaleB(matrix[(i * n) + j], -exponent) / 2) + (Math.ScaleB(matrix[(j * n) + i], -exponent) / 2);
        }

        for (int i = 0; i < n; i++)
            values[i] = Math.ScaleB(values[i], -exponent);
        EigenRefinement.Step(scaled, n, values, vectors);
        Unscale(values, exponent, matrix);
    }

    private static int Tridiagonalize(
        ReadOnlySpan<double> matrix, int n, double tolerance, double* work, nint stride, double* diagonal, double* offDiagonal, double* tau, IProgress<double>? progress, double share, CancellationToken cancellationToken)
    {
        int exponent = SymmetricInput.Exponent(matrix, n);
        SymmetricInput.CopySymmetric(matrix, n, exponent, tolerance, work, stride);
        Tridiagonalization.Reduce(work, n, stride, diagonal, offDiagonal, tau, done => progress?.Report(share * done), cancellationToken);
        return exponent;
    }

    /// <summary>Eigenpairs of T: by divide and conquer, or by QL where that does not pay or did not converge.</summary>
    private static (EigenMethod Method, int Iterations, int Fallbacks) SolveTridiagonal(
        double* diagonal, double* offDiagonal, int n, int wanted, double* rows, nint stride, double* workspace, int[] order, int rootIterations, CancellationToken cancellationToken)
    {
        int fallbacks = 0;
        using Scratch<double> kept = Scratch.Rent<double>(4 * stride);
        double* diagonalCopy = kept.Pointer, rotations = diagonalCopy + stride, couplings = rotations + (2 * stride);
        if (n > DivideAndConquer.LeafSize)
        {
            new Span<double>(diagonal, n).CopyTo(new Span<double>(diagonalCopy, n));
            using Scratch<double> second = Scratch.Rent<double>(stride * Lane.Pad(n));
            int most = DivideAndConquer.Solve(diagonal, offDiagonal, n, wanted, rows, stride, workspace, second.Pointer, order, rootIterations, cancellationToken);
            if (most >= 0)
                return (EigenMethod.DivideAndConquer, most, 0);
            new Span<double>(diagonalCopy, n).CopyTo(new Span<double>(diagonal, n));
            fallbacks = 1;
        }

        new Span<double>(offDiagonal, n - 1).CopyTo(new Span<double>(couplings, n - 1));
        for (int i = 0; i < n; i++)
        {
            new Span<double>(rows + (i * stride), Lane.Pad(n)).Clear();
            rows[(i * stride) + i] = 1;
        }

        int sweeps = ImplicitQl.Diagonalize(diagonal, couplings, n, rows, stride, Lane.Pad(n), rotations);
        if (sweeps < 0)
            throw ImplicitQl.NotConverged();
        double[] keys = new Span<double>(diagonal, n).ToArray();
        for (int i = 0; i < n; i++)
            order[i] = i;
        Array.Sort(keys, order);
        return (EigenMethod.ImplicitQl, sweeps, fallbacks);
    }

    /// <summary>Gathers the wanted vectors of T as columns, turns them into vectors of A, and writes them out as rows with their signs fixed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackTransform(Reflectors reflectors, double* z, nint stride, int n, int[] order, int first, int last, int width, double* destination)
    {
        int columns = Lane.Pad(n);
        using Scratch<double> scratch = Scratch.Rent<double>((long)columns * width);
        double* part = scratch.Pointer;
        for (int r = 0; r < width; r++)
        {
            // Unused columns repeat the last vector: any finite values do.
            double* source = z + (order[n - 1 - Math.Min(first + r, last - 1)] * stride);
            for (int c = 0; c < columns; c++)
                part[((nint)c * width) + r] = source[c];
        }

        reflectors.Apply(part, width);
        for (int i = first; i < last; i++)
        {
            Span<double> vector = new(destination + ((nint)i * n), n);
            double* source = part + (i - first);
            for (int c = 0; c < n; c++)
                vector[c] = source[(nint)c * width];
            if (SignRule.WantsNegation(vector))
                TensorPrimitives.Negate(vector, vector);
        }
    }

    /// <summary>‖A·v − λ·v‖₂ of every vector: at once where that is cheap, else on demand and on a copy of the matrix.</summary>
    private static Lazy<double[]> Measured(ReadOnlySpan<double> matrix, int n, int exponent, double[] values, double[] vectors)
    {
        if ((long)values.Length * n * n <= CheapResiduals || values.Length <= n / 4)
            return new(Residuals(matrix, n, exponent, values, vectors));
        double[] copy = GC.AllocateUninitializedArray<double>(matrix.Length);
        fixed (double* source = matrix, target = copy)
        {
            double* from = source, to = target;
            int length = matrix.Length;
            Parallelism.Run((length + CopiedValues - 1) / CopiedValues, part =>
            {
                int first = part * CopiedValues, count = Math.Min(CopiedValues, length - first);
                new ReadOnlySpan<double>(from + first, count).CopyTo(new Span<double>(to + first, count));
            });
        }

        return new(() => Residuals(copy, n, exponent, values, vectors));
    }

    private static double[] Residuals(ReadOnlySpan<double> matrix, int n, int exponent, double[] values, double[] vectors)
    {
        bool extreme = Math.Abs(exponent) > SafeExponent;
        using Scratch<double> scaled = Scratch.Rent<double>(extreme ? matrix.Length : 0), products = Scratch.Rent<double>(vectors.Length);
        int scale = extreme ? exponent : 0;
        double[] residuals = new double[values.Length];
        fixed (double* input = matrix, rows = vectors)
        {
            double* a = input, v = rows, product = products.Pointer;
            if (extreme)
            {
                // Sums of squares near the ends of the range: measure the scaled matrix instead.
                a = scaled.Pointer;
                for (int i = 0; i < matrix.Length; i++)
                    a[i] = Math.ScaleB(input[i], -exponent);
            }

            MatrixProduct.Multiply(false, false, values.Length, n, n, 1.0, v, n, a, n, 0.0, product, n);
            Parallelism.Run((values.Length + ResidualRows - 1) / ResidualRows, part =>
            {
                for (int i = part * ResidualRows; i < Math.Min((part + 1) * ResidualRows, values.Length); i++)
                {
                    Span<double> difference = new(product + ((nint)i * n), n);
                    TensorPrimitives.MultiplyAdd(new ReadOnlySpan<double>(v + ((nint)i * n), n), -Math.ScaleB(values[i], -scale), difference, difference);
                    residuals[i] = Math.ScaleB(TensorPrimitives.Norm<double>(difference), scale);
                }
            });
        }

        return residuals;
    }

    private static void Unscale(double[] values, int exponent, ReadOnlySpan<double> matrix)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Math.ScaleB(values[i], exponent);
            if (!double.IsFinite(values[i]))
                throw new ArgumentException("An eigenvalue exceeds the range of double; divide the matrix by a power of two.", nameof(matrix));
        }
    }
}
