using System.Numerics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Storage;

namespace SpectralInit;

/// <summary>The rows of a MathNet matrix: a dense one is column-major, so blocks of rows are transposed while they are copied.</summary>
internal sealed class MatrixRowSource<T>(Matrix<T> matrix) : IndexedRowSource(matrix.RowCount, matrix.ColumnCount, typeof(T) != typeof(double))
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // A tile of one cache line each way: its reads and its writes then stay in the first-level cache.
    private const int Tile = 16;

    public override void Copy<U>(long first, int count, Span<U> destination)
    {
        int start = (int)first;
        T[]? columnMajor = (matrix.Storage as DenseColumnMajorMatrixStorage<T>)?.Data;
        for (int top = 0; top < count; top += Tile)
        {
            int bottom = Math.Min(top + Tile, count);
            for (int left = 0; left < Columns; left += Tile)
            {
                int right = Math.Min(left + Tile, Columns);
                for (int j = left; j < right; j++)
                {
                    for (int i = top; i < bottom; i++)
                    {
                        T value = columnMajor is null ? matrix.At(start + i, j) : columnMajor[(j * (int)Rows) + start + i];
                        destination[(i * Columns) + j] = U.CreateTruncating(value);
                    }
                }
            }
        }
    }
}
