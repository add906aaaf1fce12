using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>
/// Makes the rows of a matrix orthogonal by rotations, as one-sided Jacobi does (Hestenes 1958), but in matrix products: the Gram matrix of the rows shows every
/// angle at once, small ones are turned together, and rows with larger ones by the eigenvectors of their part of the Gram matrix.
/// </summary>
/// <remarks>
/// A part of the Gram matrix resolves rows down to about 10⁻⁵ of its largest, because squares lose the rest; the next round measures that rest at its own scale. So a
/// matrix takes as many rounds as its singular values have such ranges, each on fewer rows, and every row is in the end as orthogonal, relative to its own length,
/// as rotations of pairs would make it (Demmel and Veselić, "Jacobi's method is more accurate than QR", SIAM J. Matrix Anal. Appl. 13, 1992, on that criterion).
/// </remarks>
internal sealed unsafe class RowRotations
{
    private const int MaximumRounds = 100;

    /// <summary>A row is zero where its square nears the smallest number.</summary>
    private const double LeastSquare = 1e-280;

    /// <summary>Larger angles are left to eigenvectors, and so are as many more as keep the norm of all angles below <see cref="LargestNorm"/>.</summary>
    private const double LargestAngle = 1e-5;

    /// <summary>I + E + E²/2 is orthogonal but for E⁴/4: to rounding.</summary>
    private const double LargestNorm = 1e-4;

    /// <summary>Below this norm E² is rounding.</summary>
    private const double NegligibleNorm = 1e-8;

    /// <summary>2⁻⁵².</summary>
    private const double UnitRoundoff = 2.220446049250313e-16;

    /// <summary>Rows per part of parallel work.</summary>
    private const int PartRows = 128;

    private readonly int _count, _length;
    private readonly double _tolerance;
    private readonly double[] _lengths, _gram, _angles, _squares;
    private readonly IProgress<double>? _progress;
    private readonly CancellationToken _cancellationToken;
    private double[] _spareRows, _spareRotation;

    // Rows that are not zero; the others come last.
    private int _live;

    private RowRotations(double[] rows, int count, int length, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        (_count, _length) = (count, length);
        (_progress, _cancellationToken) = (progress, cancellationToken);
        Rows = rows;
        Rotation = new double[count * count];
        for (int i = 0; i < count; i++)
            Rotation[(i * count) + i] = 1;
        (_spareRows, _spareRotation) = (new double[rows.Length], new double[count * count]);
        (_gram, _angles, _squares) = (new double[count * count], new double[count * count], new double[count]);

        _lengths = new double[count];
        for (int i = 0; i < count; i++)
            _lengths[i] = TensorPrimitives.Norm<double>(rows.AsSpan(i * length, length));

        // A few times the rounding of one product: rows of pure rounding would otherwise never settle.
        _tolerance = 8 * Math.Sqrt(length) * UnitRoundoff;
    }

    /// <summary>The orthogonal rows, count × length.</summary>
    public double[] Rows { get; private set; }

    /// <summary>The orthogonal matrix R, count × count, with R·(rows given) = <see cref="Rows"/>.</summary>
    public double[] Rotation { get; private set; }

    /// <summary>Rounds taken.</summary>
    public int Rounds { get; private set; }

    /// <summary>Rotates the rows, whose entries are of order 1 at most and which are overwritten.</summary>
    /// <exception cref="InvalidOperationException">The cap on rounds is reached.</exception>
    public static RowRotations Orthogonalize(double[] rows, int count, int length, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        RowRotations rotations = new(rows, count, length, progress, cancellationToken);
        while (!rotations.Round())
        {
            if (rotations.Rounds == MaximumRounds)
                throw new InvalidOperationException("The singular value decomposition did not converge; please report the matrix.");
        }

        return rotations;
    }

    /// <summary>True when the rows are orthogonal.</summary>
    private bool Round()
    {
        Sort();
        Measure(0, _gram);
        for (int i = 0; i < _live; i++)
            _squares[i] = _gram[(i * _live) + i];
        Rounds++;
        Angles angles = Angles.None;
        for (double limit = LargestAngle; (angles = Take(limit)).Norm > LargestNorm; limit /= 10)
            _cancellationToken.ThrowIfCancellationRequested();
        if (angles.Departure <= _length * UnitRoundoff)
            return true;

        if (angles.Unsettled > 0)
            Turn(angles.Norm);
        if (angles.Unsettled == _live)
        {
            // What turning to first order leaves of the cosines is a sum of products of them.
            return _live * angles.Cosine * angles.Relative <= _tolerance;
        }

        Diagonalize(angles.Unsettled);
        return false;
    }

    /// <summary>Orders the rows by length, the longest first, and clears those of which nothing is known but that they are short.</summary>
    private void Sort()
    {
        int[] order = new int[_count];
        _live = 0;
        for (int i = 0; i < _count; i++)
        {
            Span<double> row = Rows.AsSpan(i * _length, _length);
            double square = TensorPrimitives.SumOfSquares<double>(row);
            if (square < LeastSquare || square < SquareOfRounding(i))
            {
                row.Clear();
                square = 0;
            }

            (_squares[i], order[i]) = (-square, i);
            _live += square > 0 ? 1 : 0;
        }

        new Span<double>(_squares).Sort(order.AsSpan(), static (x, y) => x.CompareTo(y));
        for (int i = 0; i < _count; i++)
        {
            Rows.AsSpan(order[i] * _length, _length).CopyTo(_spareRows.AsSpan(i * _length));
            Rotation.AsSpan(order[i] * _count, _count).CopyTo(_spareRotation.AsSpan(i * _count));
        }

        Swap();

        // What stays as it is stands in both.
        Rows.AsSpan(_live * _length).CopyTo(_spareRows.AsSpan(_live * _length));
        Rotation.AsSpan(_live * _count).CopyTo(_spareRotation.AsSpan(_live * _count));
    }

    /// <summary>
    /// The square of what rounding makes of row i, which combines rows of given lengths: roundings add up like a random walk. A row shorter than that is what cancellation
    /// has left of far longer ones. Rows that are short because they combine short ones are not, up to the condition at which their values lose all digits.
    /// </summary>
    private double SquareOfRounding(int i)
    {
        Span<double> parts = _angles.AsSpan(0, _count);
        TensorPrimitives.Multiply(Rotation.AsSpan(i * _count, _count), _lengths, parts);
        return _count * (UnitRoundoff * UnitRoundoff / 64) * TensorPrimitives.SumOfSquares<double>(parts);
    }

    /// <summary>The Gram matrix of the rows from <paramref name="first"/> on: the blocks of its upper triangle, each mirrored.</summary>
    private void Measure(int first, double[] gram)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        int size = _live - first;
        fixed (double* b = Rows, g = gram)
        {
            double* rows = b + ((nint)first * _length), target = g;
            Parallelism.Run((size + PartRows - 1) / PartRows, part =>
            {
                int start = part * PartRows, end = Math.Min(start + PartRows, size);
                double* row = rows + ((nint)start * _length);
                MatrixProduct.Multiply(false, true, end - start, size - start, _length, 1.0, row, _length, row, _length, 0.0, target + ((nint)start * size) + start, size);
                SymmetricMatrix.Mirror(gram, size, start, end, start, end);
                SymmetricMatrix.Mirror(gram, size, start, end, end, size);
            });
        }
    }

    /// <summary>The angles of all pairs that are at most <paramref name="limit"/>, and what they are.</summary>
    private Angles Take(double limit)
    {
        Angles[] parts = new Angles[(_live + PartRows - 1) / PartRows];
        Parallelism.Run(parts.Length, part =>
        {
            parts[part] = Angles.None;
            for (int i = part * PartRows; i < Math.Min((part + 1) * PartRows, _live); i++)
                parts[part] = parts[part].And(Take(i, limit));
        });
        Angles all = Angles.None;
        foreach (Angles part in parts)
            all = all.And(part);
        return all with { Unsettled = Math.Min(all.Unsettled, _live) };
    }

    // Row i of the antisymmetric E: E_ij turns the pair (i, j) by g_ij / (g_ii − g_jj), to first order the angle at which it is orthogonal.
    private Angles Take(int i, double limit)
    {
        ReadOnlySpan<double> gram = _gram.AsSpan(i * _live, _live);
        Span<double> angles = _angles.AsSpan(i * _live, _live);
        double own = _squares[i], cosine = 0, departure = 0, relative = 0;
        int unsettled = int.MaxValue;
        for (int j = 0; j < gram.Length; j++)
        {
            double product = gram[j], other = _squares[j];
            angles[j] = 0;
            if (product == 0 || i == j)
                continue;
            double lengths = Math.Sqrt(own) * Math.Sqrt(other), size = Math.Abs(product), cos = size / lengths, angle = product / (own - other);
            cosine = Math.Max(cosine, cos);
            departure += cos;
            if (Math.Abs(angle) <= limit)
            {
                angles[j] = angle;
                relative = Math.Max(relative, Math.Abs(angle) * Math.Max(own, other) / lengths);
            }
            else if (cos > _tolerance)
            {
                unsettled = Math.Min(unsettled, Math.Min(i, j));
            }
        }

        return new(cosine, departure, relative, TensorPrimitives.SumOfMagnitudes<double>(angles), unsettled);
    }

    /// <summary>Turns all rows by the angles taken: (I + E + E²/2)·[B R].</summary>
    private void Turn(double norm)
    {
        fixed (double* e = _angles, g = _gram)
        {
            if (norm > NegligibleNorm)
            {
                MatrixProduct.Multiply(false, false, _live, _live, _live, 0.5, e, _live, e, _live, 0.0, g, _live);
                Span<double> angles = _angles.AsSpan(0, _live * _live);
                TensorPrimitives.Add(angles, _gram.AsSpan(0, angles.Length), angles);
            }

            Rows.AsSpan(0, _live * _length).CopyTo(_spareRows);
            Rotation.AsSpan(0, _live * _count).CopyTo(_spareRotation);
            Combine(0, e, 1);
        }
    }

    /// <summary>Turns the rows from <paramref name="first"/> on by the eigenvectors of their Gram matrix.</summary>
    private void Diagonalize(int first)
    {
        int size = _live - first;
        double[] gram = first == 0 ? _gram : new double[size * size];
        if (first > 0)
            Measure(first, gram);
        double left = Math.Pow(0.5, Rounds - 1);
        double[] vectors = SymmetricEigen.Decompose(gram.AsSpan(0, size * size), size, progress: _progress is null ? null : new Stage(_progress, 1 - left, left / 2), cancellationToken: _cancellationToken).Vectors;
        Rows.AsSpan(0, first * _length).CopyTo(_spareRows);
        Rotation.AsSpan(0, first * _count).CopyTo(_spareRotation);
        fixed (double* v = vectors)
            Combine(first, v, 0);
    }

    /// <summary>Spare rows from <paramref name="first"/> on ← factors·rows + <paramref name="beta"/>·spare rows; then they take their place.</summary>
    private void Combine(int first, double* factors, double beta)
    {
        int size = _live - first;
        nint row = (nint)first * _length, turned = (nint)first * _count;
        fixed (double* b = Rows, r = Rotation, nextRows = _spareRows, nextRotation = _spareRotation)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            MatrixProduct.Multiply(false, false, size, _length, size, 1.0, factors, size, b + row, _length, beta, nextRows + row, _length);
            _cancellationToken.ThrowIfCancellationRequested();
            MatrixProduct.Multiply(false, false, size, _count, size, 1.0, factors, size, r + turned, _count, beta, nextRotation + turned, _count);
        }

        Swap();
    }

    private void Swap()
    {
        (Rows, _spareRows) = (_spareRows, Rows);
        (Rotation, _spareRotation) = (_spareRotation, Rotation);
    }

    /// <param name="Cosine">The largest between two rows.</param>
    /// <param name="Departure">Row sum norm of the cosines: of the departure of the rows, normalized, from orthonormal ones.</param>
    /// <param name="Relative">The largest angle taken, times the ratio of the two lengths.</param>
    /// <param name="Norm">Row sum norm of the angles taken.</param>
    /// <param name="Unsettled">The first row of a pair whose angle was not taken.</param>
    private readonly record struct Angles(double Cosine, double Departure, double Relative, double Norm, int Unsettled)
    {
        public static Angles None => new(0, 0, 0, 0, int.MaxValue);

        public Angles And(Angles other) => new(
            Math.Max(Cosine, other.Cosine), Math.Max(Departure, other.Departure), Math.Max(Relative, other.Relative), Math.Max(Norm, other.Norm), Math.Min(Unsettled, other.Unsettled));
    }

    private sealed class Stage(IProgress<double> progress, double start, double share) : IProgress<double>
    {
        public void Report(double value) => progress.Report(start + (share * value));
    }
}
