using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit.Tests.Kernels;

public sealed unsafe class TridiagonalValuesTests
{
    private const int Block = Lane.Alignment / 2;

    [Theory]
    [InlineData(33)]
    [InlineData(200)]
    public void Where_divide_and_conquer_does_not_converge_QL_finds_the_values_and_what_is_carried(int n)
    {
        (double[] values, double[] rows) = Solve(n, rootIterations: 1);
        (double[] Values, double[] Rows) usual = Solve(n, SecularEquation.MaxIterations);

        rows.Should().NotEqual(usual.Rows);
        for (int j = 0; j < n; j++)
        {
            values[j].Should().BeApproximately(usual.Values[j], 1e-15 * n);
            Span<double> row = rows.AsSpan(j * Lane.Alignment, Lane.Alignment), other = usual.Rows.AsSpan(j * Lane.Alignment, Lane.Alignment);
            double sign = Math.Sign(TensorPrimitives.Dot<double>(row, other));
            for (int i = 0; i < Lane.Alignment; i++)
                row[i].Should().BeApproximately(sign * other[i], 1e-14 * n, "entry {0} of vector {1}", i, j);
        }
    }

    // The values, ascending, and the first and the last entries of their vectors.
    private static (double[] Values, double[] Rows) Solve(int n, int rootIterations)
    {
        nint stride = Lane.Stride(n);
        using Scratch<double> space = Scratch.Rent<double>(2 * n), carried = Scratch.RentCleared<double>(n * Lane.Alignment), workspace = Scratch.Rent<double>(stride * Lane.Pad(n));
        double* diagonal = space.Pointer, offDiagonal = diagonal + n;

        // Near enough to a matrix of constant diagonals that no vector is small at both ends and no values are close.
        Random random = new(n);
        for (int i = 0; i < n; i++)
            (diagonal[i], offDiagonal[i]) = (0.001 * random.NextDouble(), 0.5 + (0.001 * random.NextDouble()));
        for (int i = 0; i < Block; i++)
            carried.Span[(i * Lane.Alignment) + i] = carried.Span[((n - Block + i) * Lane.Alignment) + Block + i] = 1;
        TridiagonalValues.Solve(diagonal, offDiagonal, n, workspace.Pointer, stride, rootIterations, CancellationToken.None, carried.Pointer);

        double[] values = space.Span[..n].ToArray();
        double[][] rows = [.. carried.Span.ToArray().Chunk(Lane.Alignment)];
        Array.Sort(values, rows);
        return (values, [.. rows.SelectMany(row => row)]);
    }
}
