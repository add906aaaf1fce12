using System.Numerics.Tensors;

namespace SpectralInit;

/// <summary>A dense square matrix, row-major, as an operator; products run over fixed slabs of rows.</summary>
internal sealed class SquareOperator(double[] values, int dimension) : ILinearOperator
{
    private const int RowsPerSlab = 64;

    public int Rows => dimension;

    public int Columns => dimension;

    public void Apply(ReadOnlySpan<double> x, Span<double> y)
    {
        double[] input = x.ToArray(), output = new double[dimension];
        Parallelism.Run((dimension + RowsPerSlab - 1) / RowsPerSlab, slab =>
        {
            for (int i = slab * RowsPerSlab; i < Math.Min(dimension, (slab + 1) * RowsPerSlab); i++)
                output[i] = TensorPrimitives.Dot<double>(values.AsSpan(i * dimension, dimension), input);
        });
        output.CopyTo(y);
    }

    public void ApplyTranspose(ReadOnlySpan<double> x, Span<double> y)
    {
        y.Clear();
        for (int i = 0; i < dimension; i++)
            TensorPrimitives.MultiplyAdd(values.AsSpan(i * dimension, dimension), x[i], y, y);
    }
}
