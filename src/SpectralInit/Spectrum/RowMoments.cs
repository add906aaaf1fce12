using System.Numerics;
using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>Count, mean and total scatter of rows, in one pass and O(d) memory.</summary>
internal sealed class RowMoments
{
    private RowMoments(long count, double[] mean, double scatter)
    {
        Count = count;
        Mean = mean;
        Scatter = scatter;
    }

    public long Count { get; }

    public double[] Mean { get; }

    /// <summary>Σ‖x − x̄‖².</summary>
    public double Scatter { get; }

    /// <summary>Rows a buffer of about 8 MB holds.</summary>
    public static int BufferRows(int columns) => Math.Clamp((1 << 20) / columns, 8, 4096);

    // With those of as many rows as a chunk has, about 400 KB where rows are wide.
    private const int StripColumns = 1024;

    /// <summary>Chunks whose moments are held at a time, each a mean of d values.</summary>
    private const int Batch = 8;

    /// <exception cref="ArgumentException">A value is not finite, or the sums of squares overflow.</exception>
    public static RowMoments Of(IRowSource rows, IProgress<SolverProgress>? progress, CancellationToken cancellationToken)
    {
        // Means are kept as distances from the first row: where that is far from zero, rounding them would cost digits in every merge.
        int d = rows.Columns, height = BufferRows(d);
        double[] mean = new double[d], origin = new double[d];
        long count = 0;
        double scatter = 0;
        if (rows is IndexedRowSource indexed)
        {
            // Chunks in any order on any thread, merged by their place.
            double[][] means = [.. Enumerable.Range(0, Batch).Select(_ => new double[d])];
            double[] scatters = new double[Batch];
            if (indexed.Rows > 0)
                indexed.Copy(0, 1, origin.AsSpan());
            while (count < indexed.Rows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                long from = count, left = indexed.Rows - from;
                int chunks = (int)Math.Min(Batch, (left + height - 1) / height);
                Parallelism.Run(chunks, chunk =>
                {
                    long first = from + ((long)chunk * height);
                    int read = (int)Math.Min(height, indexed.Rows - first);
                    scatters[chunk] = indexed.TryGetRows(first, read, out ReadOnlySpan<float> singles)
                        ? Chunk(singles, read, first, origin, means[chunk], nameof(rows))
                        : Chunk(new IndexedRows<double>(indexed), read, first, origin, means[chunk], nameof(rows));
                });
                for (int chunk = 0; chunk < chunks; chunk++)
                    Merge((int)Math.Min(height, indexed.Rows - count), means[chunk], scatters[chunk], mean, ref scatter, ref count);
                progress?.Report(new SolverProgress("rows", count, rows.RowCount));
            }

            return Checked(count, origin, mean, scatter, nameof(rows));
        }

        double[] chunkMean = new double[d];
        using Scratch<double> memory = Scratch.Rent<double>((long)height * d);
        using IRowReader reader = rows.Begin();
        for (int read = reader.Next(memory.Span, d); read > 0; read = reader.Next(memory.Span, d))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (count == 0)
                memory.Span[..d].CopyTo(origin);
            Merge(read, chunkMean, Chunk(memory.Span, read, count, origin, chunkMean, nameof(rows)), mean, ref scatter, ref count);
            progress?.Report(new SolverProgress("rows", count, rows.RowCount));
        }

        rows.CheckEnd(count);
        return Checked(count, origin, mean, scatter, nameof(rows));
    }

    private static RowMoments Checked(long count, double[] origin, double[] mean, double scatter, string parameter)
    {
        if (!double.IsFinite(scatter))
            throw new ArgumentException(MomentAccumulator.OutOfRange, parameter);
        TensorPrimitives.Add(mean, origin, mean);
        return new RowMoments(count, mean, scatter);
    }

    // Rows that are not float: where they lie as double, or copied.
    private static double Chunk(IndexedRows<double> rows, int count, long first, double[] origin, double[] mean, string parameter)
    {
        using Scratch<double> buffer = Scratch.Rent<double>(rows.Ahead(first, 1).Bytes > 0 ? 0 : (long)count * mean.Length);
        return Chunk(rows.Read(first, count, buffer.Span), count, first, origin, mean, parameter);
    }

    /// <summary>Mean − origin and Σ‖x − mean‖² of a chunk, by its own mean: strip by strip of columns, which stay in the nearer caches for the second look.</summary>
    /// <remarks>
    /// Sums are taken of differences from the origin, a row within √n deviations of the mean: so the mean is right to rounding of the deviations, wherever it lies, and a
    /// column that does not vary has exactly its value for a mean.
    /// </remarks>
    private static double Chunk<T>(ReadOnlySpan<T> rows, int count, long first, double[] origin, double[] mean, string parameter)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int d = mean.Length;
        double scatter = 0;
        using Scratch<double> strip = Scratch.Rent<double>((long)count * Math.Min(StripColumns, d));
        for (int column = 0; column < d; column += StripColumns)
        {
            int width = Math.Min(StripColumns, d - column);
            Span<double> sums = mean.AsSpan(column, width);
            sums.Clear();
            for (int i = 0; i < count; i++)
            {
                Span<double> piece = strip.Span.Slice(i * width, width);
                TensorPrimitives.ConvertTruncating(rows.Slice((i * d) + column, width), piece);
                TensorPrimitives.Subtract(piece, origin.AsSpan(column, width), piece);
                TensorPrimitives.Add(sums, piece, sums);
            }

            // One value that is not finite leaves no finite sum; large values may not, either.
            if (!TensorPrimitives.IsFiniteAll<double>(sums))
                FiniteRows.Check(rows, d, first, parameter);
            TensorPrimitives.Divide(sums, count, sums);
            for (int i = 0; i < count; i++)
            {
                Span<double> piece = strip.Span.Slice(i * width, width);
                TensorPrimitives.Subtract(piece, sums, piece);
                scatter += TensorPrimitives.SumOfSquares<double>(piece);
            }
        }

        return scatter;
    }

    /// <summary>Chunks merge exactly (Chan, Golub and LeVeque 1983), as in the covariance.</summary>
    private static void Merge(int read, double[] chunkMean, double chunkScatter, double[] mean, ref double scatter, ref long count)
    {
        TensorPrimitives.Subtract(chunkMean, mean, chunkMean);
        scatter += chunkScatter + (TensorPrimitives.SumOfSquares<double>(chunkMean) * count * read / (count + read));
        TensorPrimitives.MultiplyAdd(chunkMean, (double)read / (count + read), mean, mean);
        count += read;
    }
}
