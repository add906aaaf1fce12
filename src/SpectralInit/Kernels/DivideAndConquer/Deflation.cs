namespace SpectralInit.Kernels;

/// <summary>
/// Sets aside the rows that a merge does not change: those whose entry of z is negligible, and one of two rows with values so close
/// that a rotation makes its entry negligible (Dongarra, Sorensen, "A fully parallel algorithm for the symmetric eigenvalue problem",
/// SIAM J. Sci. Stat. Comput. 8, 1987). Tolerances as in LAPACK's dlaed2.
/// </summary>
internal sealed unsafe class Deflation
{
    private const double UnitRoundoff = 1.1102230246251565e-16;

    private readonly TearMerge _merge;
    private readonly MergeSpace _space;
    private readonly int _start, _middle, _end;
    private readonly HalfKind[] _kindOfRow;

    public Deflation(TearMerge merge, in MergeSpace space)
    {
        _merge = merge;
        _space = space;
        _start = merge.Start;
        _middle = merge.Middle;
        _end = merge.End;
        int size = merge.Size;
        Kept = new int[size];
        Kinds = new HalfKind[size];
        Settled = new int[size];
        _kindOfRow = new HalfKind[size];
        _kindOfRow.AsSpan(_middle - _start).Fill(HalfKind.Second);
    }

    /// <summary>Rows that stay in the merge, by ascending value.</summary>
    public int[] Kept { get; }

    /// <summary>Which halves a kept row has entries in.</summary>
    public HalfKind[] Kinds { get; }

    /// <summary>k: how many rows stay.</summary>
    public int KeptCount { get; private set; }

    /// <summary>Rows that already are eigenvectors, by ascending value.</summary>
    public int[] Settled { get; }

    public int SettledCount { get; private set; }

    /// <summary>Runs over all rows by ascending value.</summary>
    /// <param name="rho">ρ ≥ 0.</param>
    /// <param name="z">The entries of z by row, ‖z‖ = 1; rotated along with the rows.</param>
    /// <param name="poles">On return, the values of the kept rows.</param>
    /// <param name="kept">On return, the entries of z of the kept rows.</param>
    public void Run(double rho, double* z, double* poles, double* kept)
    {
        int size = _end - _start, first = 0, firstEnd = _middle - _start, second = firstEnd;
        double* values = _space.Values + _start;
        ReadOnlySpan<int> order = _space.Order.AsSpan(_start, size);
        double tolerance = 0;
        for (int i = 0; i < size; i++)
            tolerance = Math.Max(tolerance, Math.Max(Math.Abs(values[i]), Math.Abs(z[i])));
        tolerance *= 8 * UnitRoundoff;

        int pending = -1;
        while (first < firstEnd || second < size)
        {
            bool fromFirst = second == size || (first < firstEnd && _space.Values[order[first]] <= _space.Values[order[second]]);
            int row = (fromFirst ? order[first++] : order[second++]) - _start;
            if (rho * Math.Abs(z[row]) <= tolerance)
            {
                Settle(row);
                continue;
            }

            if (pending >= 0 && !Combine(z, pending, row, tolerance))
                Keep(pending, z, poles, kept);
            pending = row;
        }

        if (pending >= 0)
            Keep(pending, z, poles, kept);
    }

    private void Keep(int row, double* z, double* poles, double* kept)
    {
        Kept[KeptCount] = _start + row;
        Kinds[KeptCount] = _kindOfRow[row];
        poles[KeptCount] = _space.Values[_start + row];
        kept[KeptCount++] = z[row];
    }

    /// <summary>Inserts by value: a rotated row may come a little late.</summary>
    private void Settle(int row)
    {
        double value = _space.Values[_start + row];
        int place = SettledCount++;
        for (; place > 0 && _space.Values[Settled[place - 1]] > value; place--)
            Settled[place] = Settled[place - 1];
        Settled[place] = _start + row;
    }

    /// <summary>Rotates z's entry at <paramref name="previous"/> into <paramref name="row"/> and settles the former, if that disturbs the values by no more than the tolerance.</summary>
    private bool Combine(double* z, int previous, int row, double tolerance)
    {
        double* values = _space.Values + _start;
        double s = z[previous], c = z[row], radius = Math.Sqrt((s * s) + (c * c)), gap = values[row] - values[previous];
        c /= radius;
        s /= -radius;
        if (Math.Abs(gap * c * s) > tolerance)
            return false;

        z[row] = radius;
        z[previous] = 0;
        if (_kindOfRow[previous] != _kindOfRow[row])
            _kindOfRow[row] = _kindOfRow[previous] = HalfKind.Both;
        _merge.Rotate(_start + previous, _start + row, c, s);
        double low = values[previous], high = values[row];
        values[previous] = (low * c * c) + (high * s * s);
        values[row] = (low * s * s) + (high * c * c);
        Settle(previous);
        return true;
    }
}
