using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>Eigenvalues of the T of <see cref="LanczosBasis"/> with the first and the last block of every eigenvector, which is all that certificates need, and a third of the work of whole vectors.</summary>
internal sealed unsafe class ProjectedSpectrum
{
    private const int Block = BlockLanczos.Block, Ends = 2 * Block;

    // Of inverse iteration: one finds the vector, the second cleans it, and the third separates those of near values.
    private const int Rounds = 3;

    private readonly double* _t;
    private readonly int _m;

    /// <param name="t">The lower triangle of T, m×m, of half bandwidth <see cref="BlockLanczos.Block"/>; must stay for <see cref="Vectors"/>.</param>
    /// <param name="m">At least <see cref="BlockLanczos.Block"/>.</param>
    public ProjectedSpectrum(double* t, int m)
    {
        _t = t;
        _m = m;
        (Values, First, Last) = (new double[m], new double[m * Block], new double[m * Block]);
        long padded = m + Ends;
        nint stride = Lane.Stride(m);
        using Scratch<double> band = Scratch.RentCleared<double>(padded * BandReduction.Column), ends = Scratch.RentCleared<double>(padded * Ends);
        using Scratch<double> space = Scratch.Rent<double>(2 * padded), work = Scratch.Rent<double>(stride * Lane.Pad(m));
        double largest = Math.Abs(TensorPrimitives.MaxMagnitude<double>(new ReadOnlySpan<double>(t, m * m)));
        int exponent = largest > 0 ? Math.ILogB(largest) : 0;
        double* rows = ends.Pointer, diagonal = space.Pointer, offDiagonal = diagonal + padded;
        for (int i = 0; i < m; i++)
        {
            for (int k = 0; k <= Math.Min(Block, m - 1 - i); k++)
                band.Pointer[((nint)i * BandReduction.Column) + k] = Math.ScaleB(t[((nint)(i + k) * m) + i], -exponent);
        }

        for (int k = 0; k < Block; k++)
            rows[(k * Ends) + k] = rows[((nint)(m - Block + k) * Ends) + Block + k] = 1;
        BandReduction.Reduce(band.Pointer, m, rows, diagonal, offDiagonal);
        TridiagonalValues.Solve(diagonal, offDiagonal, m, work.Pointer, stride, SecularEquation.MaxIterations, CancellationToken.None, rows);

        int[] order = new int[m];
        for (int j = 0; j < m; j++)
            (Values[j], order[j]) = (-diagonal[j], j);
        Array.Sort(Values, order);
        for (int j = 0; j < m; j++)
        {
            Values[j] = -Math.ScaleB(Values[j], exponent);
            ReadOnlySpan<double> row = new(rows + ((nint)order[j] * Ends), Ends);
            row[..Block].CopyTo(First.AsSpan(j * Block));
            row[Block..].CopyTo(Last.AsSpan(j * Block));
        }
    }

    /// <summary>All m, descending.</summary>
    public double[] Values { get; }

    /// <summary>m×b: the first entries of the unit eigenvector of each.</summary>
    public double[] First { get; }

    /// <summary>m×b: its last entries.</summary>
    public double[] Last { get; }

    /// <summary>The leading unit eigenvectors, as rows of <paramref name="count"/>×m, by inverse iteration.</summary>
    public double[] Vectors(int count)
    {
        double[] vectors = new double[count * _m];
        RandomFill.Normal(vectors, 0, 1, 0);
        for (int j = 0; j < count; j++)
        {
            ShiftedBand shifted = new(_t, _m, _m, Block, Values[j], Math.Abs(Values[0]));
            Span<double> vector = Row(j);
            for (int round = 0; round < Rounds; round++)
            {
                shifted.Iterate(vector);
                for (int i = 0; i < j; i++)
                    TensorPrimitives.MultiplyAdd(Row(i), -TensorPrimitives.Dot<double>(Row(i), vector), vector, vector);
            }

            TensorPrimitives.Divide(vector, TensorPrimitives.Norm<double>(vector), vector);
        }

        return vectors;

        Span<double> Row(int i) => vectors.AsSpan(i * _m, _m);
    }
}
