using System.Numerics;
using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>
/// H·X·Xᵀ·H of rows in memory, H = I − 1·1ᵀ/n: the Gram matrix of the centered rows as an operator, one pass over the rows per block of vectors.
/// H takes the mean out of the vectors instead of out of the rows, which so need not be copied.
/// </summary>
internal sealed unsafe class WideRows<T>(T* rows, int count, int columns) : IRowGram
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Rows => count;

    public int Columns => count;

    public int Passes { get; private set; }

    public void Apply(ReadOnlySpan<double> x, Span<double> y) => ApplyBlock(1, x, y);

    public void ApplyTranspose(ReadOnlySpan<double> x, Span<double> y) => ApplyBlock(1, x, y);

    public void ApplyBlock(int vectors, ReadOnlySpan<double> x, Span<double> y) => Multiply(vectors, x, y, default);

    public void Multiply(int vectors, ReadOnlySpan<double> x, Span<double> y, Span<double> images)
    {
        using Scratch<double> centered = Scratch.Rent<double>((long)vectors * count);
        x[..(vectors * count)].CopyTo(centered.Span);
        Center(centered.Span);
        fixed (double* py = y, pi = images)
            OuterGramProduct.Multiply(rows, count, columns, vectors, centered.Pointer, py, pi);
        Center(y[..(vectors * count)]);
        Passes++;
    }

    private void Center(Span<double> vectors)
    {
        for (int first = 0; first < vectors.Length; first += count)
        {
            Span<double> vector = vectors.Slice(first, count);
            TensorPrimitives.Subtract(vector, TensorPrimitives.Sum<double>(vector) / count, vector);
        }
    }
}
