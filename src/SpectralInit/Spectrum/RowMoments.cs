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

    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public static RowMoments Of(IRowSource rows, IProgress<SolverProgress>? progress, CancellationToken cancellationToken)
    {
        int d = rows.Columns;
        double[] mean = new double[d], chunkMean = new double[d], difference = new double[d];
        using Scratch<double> buffer = Scratch.Rent<double>((long)BufferRows(d) * d);
        using IRowReader reader = rows.Open();
        long count = 0;
        double scatter = 0;
        for (int read = reader.Read(buffer.Span); read > 0; read = reader.Read(buffer.Span))
        {
            cancellationToken.ThrowIfCancellationRequested();

            // Chunks by their own mean, merged exactly (Chan, Golub and LeVeque 1983), as the covariance does.
            Array.Clear(chunkMean);
            for (int i = 0; i < read; i++)
            {
                Span<double> row = buffer.Span.Slice(i * d, d);
                if (!TensorPrimitives.IsFiniteAll<double>(row))
                    ThrowNotFinite(row, count + i, nameof(rows));
                TensorPrimitives.Add(chunkMean, row, chunkMean);
            }

            TensorPrimitives.Divide(chunkMean, read, chunkMean);
            for (int i = 0; i < read; i++)
            {
                TensorPrimitives.Subtract(buffer.Span.Slice(i * d, d), chunkMean, difference);
                scatter += TensorPrimitives.SumOfSquares<double>(difference);
            }

            TensorPrimitives.Subtract(chunkMean, mean, difference);
            scatter += TensorPrimitives.SumOfSquares<double>(difference) * count * read / (count + read);
            TensorPrimitives.MultiplyAdd(difference, (double)read / (count + read), mean, mean);
            count += read;
            progress?.Report(new SolverProgress("rows", count, rows.RowCount));
        }

        return new RowMoments(count, mean, scatter);
    }

    private static void ThrowNotFinite(ReadOnlySpan<double> row, long index, string parameter)
    {
        int column = 0;
        while (double.IsFinite(row[column]))
            column++;
        throw new ArgumentException($"Row {index}, column {column} is {row[column]}; every value must be finite.", parameter);
    }
}
