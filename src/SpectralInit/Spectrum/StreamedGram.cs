using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>Xc·Xcᵀ of rows that stream, in double: two passes over them per block of vectors, however many.</summary>
internal sealed class StreamedGram(CenteredRows rows) : IRowGram
{
    public int Rows => rows.Rows;

    public int Columns => rows.Rows;

    public int Passes => rows.Passes;

    public void Apply(ReadOnlySpan<double> x, Span<double> y) => ApplyBlock(1, x, y);

    public void ApplyTranspose(ReadOnlySpan<double> x, Span<double> y) => ApplyBlock(1, x, y);

    public void ApplyBlock(int vectors, ReadOnlySpan<double> x, Span<double> y)
    {
        using Scratch<double> images = Scratch.Rent<double>((long)vectors * rows.Columns);
        Multiply(vectors, x, y, images.Span);
    }

    public void Multiply(int vectors, ReadOnlySpan<double> x, Span<double> y, Span<double> images)
    {
        rows.ApplyTransposeBlock(vectors, x, images);
        rows.ApplyBlock(vectors, images, y);
    }
}
