using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>X − 1·μᵀ as an n×d operator: one pass over the rows of a source per block of vectors, nothing stored.</summary>
internal sealed unsafe class CenteredRows(IRowSource rows, double[] mean, int count, CancellationToken cancellationToken) : ILinearOperator
{
    private const int MostRows = 64;

    public int Rows => count;

    public int Columns => mean.Length;

    /// <summary>Passes over the rows so far.</summary>
    public int Passes { get; private set; }

    public void Apply(ReadOnlySpan<double> x, Span<double> y) => ApplyBlock(1, x, y);

    public void ApplyTranspose(ReadOnlySpan<double> x, Span<double> y) => ApplyTransposeBlock(1, x, y);

    public void ApplyBlock(int vectors, ReadOnlySpan<double> x, Span<double> y)
    {
        OperatorGuard.Check(vectors, Columns, Rows, x, y);
        fixed (double* px = x, py = y)
        {
            double* source = px, target = py;
            Pass(vectors, (first, read, chunk) =>
            {
                if (vectors <= SkinnyProduct.Group)
                    SkinnyProduct.Dots(vectors, source, Columns, read, chunk, Columns, Columns, target + first, Rows, 1);
                else
                    MatrixProduct.Multiply(false, true, vectors, read, Columns, 1.0, source, Columns, chunk, Columns, 0.0, target + first, Rows);
            });
        }
    }

    public void ApplyTransposeBlock(int vectors, ReadOnlySpan<double> x, Span<double> y)
    {
        OperatorGuard.Check(vectors, Rows, Columns, x, y);
        y.Clear();
        using Scratch<double> columns = SkinnyProduct.Columns(vectors, Rows, x, out int padded);

        fixed (double* py = y)
        {
            double* target = py;
            Pass(vectors, (first, read, chunk) =>
            {
                if (vectors <= SkinnyProduct.Group)
                    SkinnyProduct.Accumulate(vectors, Columns, read, 1, columns.Pointer + ((nint)first * padded), padded, chunk, Columns, target, Columns);
                else
                    MatrixProduct.Multiply(true, false, vectors, Columns, read, 1.0, columns.Pointer + ((nint)first * padded), padded, chunk, Columns, 1.0, target, Columns);
            });
        }
    }

    private delegate void ChunkAction(int first, int read, double* chunk);

    private void Pass(int vectors, ChunkAction action)
    {
        // What the vectors collect is read and written once per buffer: many vectors want a large one.
        int d = Columns, first = 0, capacity = Math.Max(RowMoments.BufferRows(d), Math.Min(vectors, MostRows));
        using Scratch<double> buffer = Scratch.Rent<double>((long)capacity * d);
        using IRowReader reader = rows.Begin();
        for (int read = reader.Next(buffer.Span, d); read > 0; read = reader.Next(buffer.Span, d))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (first + read > count)
                throw new InvalidOperationException($"The source had {count} rows on the first pass and more on a later one.");
            double* chunk = buffer.Pointer;
            Parallelism.Run((read + 7) / 8, part =>
            {
                for (int i = 8 * part; i < Math.Min(read, 8 * (part + 1)); i++)
                {
                    Span<double> row = new(chunk + ((nint)i * d), d);
                    TensorPrimitives.Subtract(row, mean, row);
                }
            });

            action(first, read, chunk);
            first += read;
        }

        if (first < count)
            throw new InvalidOperationException($"The source had {count} rows on the first pass and {first} on a later one.");
        Passes++;
    }
}
