using System.Numerics.Tensors;

namespace SpectralInit.Kernels;

/// <summary>A merge that forms the eigenvectors of the joined matrix: two matrix products, which is where the time goes.</summary>
internal sealed unsafe class VectorMerge(in MergeSpace space, int start, int middle, int end, double coupling) : TearMerge(space, start, middle, end, coupling)
{
    protected override void LoadVector(double* z, double first, double second)
    {
        for (int row = Start; row < End; row++)
            z[row - Start] = row < Middle ? first * Space.Rows[(row * Space.Stride) + Middle - 1] : second * Space.Rows[(row * Space.Stride) + Middle];
    }

    public override void Rotate(int x, int y, double cosine, double sine)
    {
        double* first = Space.Rows + (x * Space.Stride), second = Space.Rows + (y * Space.Stride);
        for (int i = Start; i < End; i++)
            (first[i], second[i]) = ((cosine * first[i]) + (sine * second[i]), (cosine * second[i]) - (sine * first[i]));
    }

    protected override void FormRows(Deflation deflation, double* revised, int skip)
    {
        int k = deflation.KeptCount;
        int[] place = Gather(deflation, out int firstRows, out int bothRows);
        FormVectors(revised, k, skip, place);
        Combine(k, skip, firstRows, bothRows);
        for (int i = k; i < Size; i++)
            new ReadOnlySpan<double>(Row(Space.Gathered, i), Size).CopyTo(new Span<double>(Row(Space.Rows, i), Size));
    }

    /// <summary>Copies the kept rows to the workspace, by kind, and the settled ones behind them; returns which pole is in which place.</summary>
    private int[] Gather(Deflation deflation, out int firstRows, out int bothRows)
    {
        int k = deflation.KeptCount, half = Middle - Start;
        Span<int> next = stackalloc int[3];
        next.Clear();
        foreach (HalfKind kind in deflation.Kinds.AsSpan(0, k))
            next[(int)kind]++;
        int rowsOfFirst = firstRows = next[0], rowsOfBoth = bothRows = next[1];
        next[2] = firstRows + bothRows;
        next[1] = firstRows;
        next[0] = 0;
        int[] place = new int[k];
        for (int i = 0; i < k; i++)
            place[next[(int)deflation.Kinds[i]]++] = i;

        Parallelism.Run((Size + PartRoots - 1) / PartRoots, part =>
        {
            for (int i = part * PartRoots; i < Math.Min((part + 1) * PartRoots, Size); i++)
            {
                int row = i < k ? deflation.Kept[place[i]] : deflation.Settled[i - k];
                Span<double> source = new(Row(Space.Rows, row - Start), Size), target = new(Row(Space.Gathered, i), Size);
                if (i < rowsOfFirst + rowsOfBoth || i >= k)
                    source[..half].CopyTo(target);
                if (i >= rowsOfFirst)
                    source[half..].CopyTo(target[half..]);
            }
        });
        return place;
    }

    /// <summary>v_j ∝ (ẑ_i / (d_i − λ_j))_i, normalised, entries in the order of the gathered rows.</summary>
    private void FormVectors(double* revised, int k, int skip, int[] place)
    {
        Parallelism.Run((k - skip + PartRoots - 1) / PartRoots, part =>
        {
            using Scratch<double> scratch = Scratch.Rent<double>(k);
            Span<double> vector = scratch.Span;
            int first = skip + (part * PartRoots), last = Math.Min(first + PartRoots, k);
            for (int j = first; j < last; j++)
            {
                double* row = Row(Space.Coefficients, j);
                TensorPrimitives.Divide(new ReadOnlySpan<double>(revised, k), new ReadOnlySpan<double>(row, k), vector);
                double scale = 1 / TensorPrimitives.Norm<double>(vector);
                for (int i = 0; i < place.Length; i++)
                    row[i] = vector[place[i]] * scale;
            }
        });
    }

    /// <summary>The vectors of the joined matrix: coefficients times gathered rows, in each half without the rows that are zero there.</summary>
    private void Combine(int k, int skip, int firstRows, int bothRows)
    {
        int half = Middle - Start;
        nint stride = Space.Stride;
        double* coefficients = Row(Space.Coefficients, skip), result = Row(Space.Rows, skip);
        MatrixProduct.Multiply(false, false, k - skip, half, firstRows + bothRows, 1.0, coefficients, stride, Row(Space.Gathered, 0), stride, 0.0, result, stride);
        MatrixProduct.Multiply(false, false, k - skip, Size - half, k - firstRows, 1.0, coefficients + firstRows, stride, Row(Space.Gathered, firstRows) + half, stride, 0.0, result + half, stride);
    }
}
