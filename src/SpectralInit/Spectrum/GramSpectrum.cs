using System.Numerics;
using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>
/// Principal components of few rows with many features, through G = Xc·Xcᵀ (Sirovich and Kirby, "Low-dimensional procedure for the characterization of
/// human faces", 1987): G·u = μ·u gives λ = μ/(n−1) and v = Xcᵀu/√μ.
/// </summary>
internal static unsafe class GramSpectrum
{
    // Features turned into rows at a time.
    private const int Strip = 512;

    public static DataSpectrum Solve(IRowSource rows, RowMoments moments, DataSpectrumOptions options, string reason, IProgress<SolverProgress>? progress, CancellationToken cancellationToken)
    {
        int k = Components(rows, moments, options);

        // Products of floats must stay in their range.
        return rows.IsSingle && moments.Scatter is > 1e-50 and < 1e60
            ? Solve<float>(rows, moments, k, options, reason, progress, cancellationToken)
            : Solve<double>(rows, moments, k, options, reason, progress, cancellationToken);
    }

    /// <summary>The number of components to find: asked for, or all that centered rows have.</summary>
    public static int Components(IRowSource rows, RowMoments moments, DataSpectrumOptions options)
    {
        long most = Math.Min(rows.Columns, Math.Max(1, moments.Count - 1));
        int k = options.Components ?? (int)most;
        return k <= most
            ? k
            : throw OptionError.Of(nameof(options.Components), k, $"{moments.Count} rows have at most {most} components; only the covariance solver gives directions without variance.");
    }

    /// <summary>Carries eigenpairs of the Gram matrix over to the features; <paramref name="images"/> holds their rows uᵀ·Xc, k × d, and becomes the components.</summary>
    public static DataSpectrum Carry<T>(EigenPairs left, double[] images, RowMoments moments, DataSpectrumOptions options, SpectrumSolver solver, string reason, int passes)
        where T : unmanaged
    {
        int n = left.Dimension, d = moments.Mean.Length, k = left.Count, rank = RankOf<T>(left, d);
        double divisor = DataSpectrumSolver.Divisor(n, options), largest = left.Values[0], tolerance = RankTolerance<T>(n, d);
        double[] values = new double[k], residuals = new double[k];
        RowBasis.Orthonormalize(images, rank, d);
        OrthogonalComplement.Fill(images, rank, k, d, options.Seed);
        for (int i = 0; i < k; i++)
        {
            values[i] = Math.Max(0, left.Values[i]) / divisor;

            // C·v − λ·v = Xcᵀ(G·u − μ·u)/(√μ·(n−1)), and ‖Xc‖² is the largest μ; a direction beyond the rank has at most its own tolerance.
            residuals[i] = i < rank ? Math.Sqrt(largest / left.Values[i]) * left.Residuals[i] / divisor : tolerance * largest / divisor;
            Span<double> vector = images.AsSpan(i * d, d);
            if (SignRule.WantsNegation(vector))
                TensorPrimitives.Negate(vector, vector);
        }

        EigenPairs pairs = new(d, values, images)
        {
            Residuals = residuals,
            Method = left.Method,
            MethodReason = left.MethodReason,
            Converged = left.Converged,
            Products = left.Products,
            Iterations = left.Iterations,
        };
        return new DataSpectrum(n, moments.Mean, pairs, moments.Scatter / divisor, solver, reason, passes, tolerance);
    }

    private static double RankTolerance<T>(int n, int d) => typeof(T) == typeof(float) ? 1e-6 : Math.ScaleB(Math.Max(n, d), -52);

    private static int RankOf<T>(EigenPairs left, int d)
    {
        double threshold = RankTolerance<T>(left.Dimension, d) * left.Values[0];
        return left.Values.Count(value => value > threshold);
    }

    private static DataSpectrum Solve<T>(IRowSource rows, RowMoments moments, int k, DataSpectrumOptions options, string reason, IProgress<SolverProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = checked((int)moments.Count), d = rows.Columns;
        using Scratch<T> memory = Scratch.Rent<T>((long)n * d);
        T* centered = memory.Pointer;
        Load(rows, moments.Mean, n, centered, cancellationToken);
        double[] gram = Gram(centered, n, d, cancellationToken);
        LeadingEigenOptions search = new() { Tolerance = options.Tolerance, Seed = options.Seed };
        EigenPairs left = SymmetricEigen.Leading(gram, n, k, search, progress, cancellationToken);
        double[] images = new double[checked(k * d)];
        Project(left.Vectors, RankOf<T>(left, d), centered, n, d, images);
        GC.KeepAlive(memory);
        return Carry<T>(left, images, moments, options, SpectrumSolver.Gram, $"{reason} {left.MethodReason}", 2);
    }

    private static void Load<T>(IRowSource rows, double[] mean, int n, T* centered, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int d = mean.Length, first = 0, capacity = RowMoments.BufferRows(d);
        if (rows is IndexedRowSource indexed)
        {
            const int Height = 8;
            Parallelism.Run((n + Height - 1) / Height, part =>
            {
                int from = part * Height, count = Math.Min(Height, n - from);
                using Scratch<double> copy = Scratch.Rent<double>((long)count * d);
                indexed.Copy(from, count, copy.Span);
                for (int i = 0; i < count; i++)
                {
                    Span<double> row = copy.Span.Slice(i * d, d);
                    TensorPrimitives.Subtract(row, mean, row);
                    TensorPrimitives.ConvertTruncating<double, T>(row, new Span<T>(centered + ((nint)(from + i) * d), d));
                }
            });
            return;
        }

        using Scratch<double> buffer = Scratch.Rent<double>((long)capacity * d);
        using IRowReader reader = rows.Begin();
        for (int read = reader.Next(buffer.Span, d); read > 0 && first + read <= n; read = reader.Next(buffer.Span, d))
        {
            cancellationToken.ThrowIfCancellationRequested();
            int at = first;
            double* source = buffer.Pointer;
            Parallelism.Run((read + 7) / 8, part =>
            {
                for (int i = 8 * part; i < Math.Min(read, (8 * part) + 8); i++)
                {
                    Span<double> row = new(source + ((nint)i * d), d);
                    TensorPrimitives.Subtract(row, mean, row);
                    TensorPrimitives.ConvertTruncating<double, T>(row, new Span<T>(centered + ((nint)(at + i) * d), d));
                }
            });
            first += read;
        }

        if (first != n)
            throw new InvalidOperationException($"The source had {n} rows on the first pass and another number on the second.");
    }

    /// <summary>G of the centered rows: features become rows of n values, whose scatter S and mean m give G = S + d·m·mᵀ, a sum without cancellation.</summary>
    private static double[] Gram<T>(T* centered, int n, int d, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MomentAccumulator transposed = new(n);
        using Scratch<T> strip = Scratch.Rent<T>((long)Strip * n);
        T* target = strip.Pointer;
        for (int column = 0; column < d; column += Strip)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int width = Math.Min(Strip, d - column), from = column;
            Parallelism.Run((n + 63) / 64, part =>
            {
                int end = Math.Min(n, (64 * part) + 64);
                for (int block = 0; block < width; block += 16)
                {
                    for (int i = 64 * part; i < end; i++)
                    {
                        T* source = centered + ((nint)i * d) + from + block;
                        for (int c = 0; c < Math.Min(16, width - block); c++)
                            target[((nint)(block + c) * n) + i] = source[c];
                    }
                }
            });
            if (typeof(T) == typeof(float))
                transposed.Add(new ReadOnlySpan<float>(target, width * n));
            else
                transposed.Add(new ReadOnlySpan<double>(target, width * n));
        }

        CovarianceEstimate scatter = transposed.ToCovariance(CovarianceNormalization.MaximumLikelihood);
        double[] gram = scatter.Values, mean = scatter.Mean;
        Parallelism.Run((n + 63) / 64, part =>
        {
            for (int i = 64 * part; i < Math.Min(n, (64 * part) + 64); i++)
            {
                // (S/d + m·mᵀ)·d, the product of the means commutative so that the matrix stays symmetric to the bit.
                for (int j = 0; j < n; j++)
                    gram[((nint)i * n) + j] = (gram[((nint)i * n) + j] + (mean[i] * mean[j])) * d;
            }
        });
        return gram;
    }

    /// <summary>Rows of uᵀ·Xc, not normalized.</summary>
    private static void Project<T>(double[] inner, int rank, T* centered, int n, int d, double[] vectors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (rank == 0)
            return;
        T[] left = new T[rank * n];
        TensorPrimitives.ConvertTruncating<double, T>(inner.AsSpan(0, rank * n), left);
        using Scratch<T> image = Scratch.Rent<T>((long)rank * d);
        fixed (T* u = left)
            MatrixProduct.Multiply(false, false, rank, d, n, T.One, u, n, centered, d, T.Zero, image.Pointer, d);
        for (int i = 0; i < rank; i++)
            TensorPrimitives.ConvertTruncating<T, double>(new ReadOnlySpan<T>(image.Pointer + ((nint)i * d), d), vectors.AsSpan(i * d, d));
    }
}
