using System.Numerics;

namespace SpectralInit;

/// <summary>Schur form B = Z·T·Zᴴ of a small real matrix, in complex arithmetic: T upper triangular, Z unitary. The eigenvalues can be put in any order.</summary>
internal sealed class ComplexSchur
{
    private const double Epsilon = 2.220446049250313e-16;

    private readonly Complex[,] _t;
    private readonly Complex[,] _z;
    private readonly int _n;

    /// <summary>Householder to Hessenberg form, then QR steps with Wilkinson's shift (Golub and Van Loan §7.5).</summary>
    public ComplexSchur(double[,] matrix)
    {
        _n = matrix.GetLength(0);
        _t = new Complex[_n, _n];
        _z = new Complex[_n, _n];
        for (int i = 0; i < _n; i++)
        {
            _z[i, i] = 1;
            for (int j = 0; j < _n; j++)
                _t[i, j] = matrix[i, j];
        }

        Reduce();
        Iterate();
    }

    /// <summary>Eigenvalue i.</summary>
    public Complex Value(int i) => _t[i, i];

    /// <summary>Entry (row, column) of T.</summary>
    public Complex Triangle(int row, int column) => _t[row, column];

    /// <summary>Entry (row, column) of Z, whose leading columns span the invariant subspace of the leading eigenvalues.</summary>
    public Complex Vector(int row, int column) => _z[row, column];

    /// <summary>Moves the eigenvalues into falling modulus; members of a conjugate pair stay together.</summary>
    public void SortByModulus()
    {
        for (int target = 0; target < _n; target++)
        {
            int best = target;
            for (int i = target + 1; i < _n; i++)
            {
                if (Complex.Abs(_t[i, i]) > Complex.Abs(_t[best, best]) * (1 + (4 * Epsilon)))
                    best = i;
            }

            MoveUp(best, target);
            Complex conjugate = Complex.Conjugate(_t[target, target]);
            if (Math.Abs(conjugate.Imaginary) <= 1e-12 * Complex.Abs(conjugate) || target + 1 >= _n)
                continue;
            int partner = target + 1;
            for (int i = target + 2; i < _n; i++)
            {
                if (Complex.Abs(_t[i, i] - conjugate) < Complex.Abs(_t[partner, partner] - conjugate))
                    partner = i;
            }

            MoveUp(partner, ++target);
        }
    }

    private void MoveUp(int from, int to)
    {
        for (int k = from - 1; k >= to; k--)
        {
            // The rotation whose first column is the eigenvector of T[k+1,k+1] in the 2×2 block.
            Complex x = _t[k, k + 1], y = _t[k + 1, k + 1] - _t[k, k];
            Rotate(x, y, k, k, _n);
            _t[k + 1, k] = 0;
        }
    }

    // Applies the unitary G with G·[x y]ᵀ = [r 0]ᵀ to rows k, k+1 (from column firstColumn) and Gᴴ to columns k, k+1 (above row endRow).
    private void Rotate(Complex x, Complex y, int k, int firstColumn, int endRow)
    {
        double norm = double.Hypot(Complex.Abs(x), Complex.Abs(y));
        if (norm == 0)
            return;
        Complex c = Complex.Conjugate(x) / norm, s = Complex.Conjugate(y) / norm;
        for (int j = firstColumn; j < _n; j++)
        {
            Complex a = _t[k, j], b = _t[k + 1, j];
            _t[k, j] = (c * a) + (s * b);
            _t[k + 1, j] = (Complex.Conjugate(c) * b) - (Complex.Conjugate(s) * a);
        }

        Complex cc = Complex.Conjugate(c), sc = Complex.Conjugate(s);
        for (int i = 0; i < endRow; i++)
        {
            Complex a = _t[i, k], b = _t[i, k + 1];
            _t[i, k] = (a * cc) + (b * sc);
            _t[i, k + 1] = (b * c) - (a * s);
        }

        for (int i = 0; i < _n; i++)
        {
            Complex a = _z[i, k], b = _z[i, k + 1];
            _z[i, k] = (a * cc) + (b * sc);
            _z[i, k + 1] = (b * c) - (a * s);
        }
    }

    private void Reduce()
    {
        // Rotations from the bottom up: the matrix is small and the code is shared with the iteration.
        for (int j = 0; j < _n - 2; j++)
        {
            for (int i = _n - 1; i > j + 1; i--)
            {
                if (_t[i, j] == 0)
                    continue;
                Rotate(_t[i - 1, j], _t[i, j], i - 1, j, _n);
                _t[i, j] = 0;
            }
        }
    }

    private void Iterate()
    {
        int end = _n - 1, stalled = 0, cap = 60 * Math.Max(10, _n);
        for (int step = 0; end > 0; step++)
        {
            if (step > cap)
                throw new InvalidOperationException($"The QR iteration on a {_n}×{_n} matrix did not finish in {cap} steps.");
            int start = end;
            for (; start > 0; start--)
            {
                double size = Complex.Abs(_t[start, start]) + Complex.Abs(_t[start - 1, start - 1]);
                if (size == 0)
                    size = 1e-300;
                if (Complex.Abs(_t[start, start - 1]) <= Epsilon * size)
                {
                    _t[start, start - 1] = 0;
                    break;
                }
            }

            if (start == end)
            {
                end--;
                stalled = 0;
                continue;
            }

            Complex shift = ++stalled % 10 == 0
                ? _t[end, end] + Complex.Abs(_t[end, end - 1])
                : WilkinsonShift(_t[end - 1, end - 1], _t[end - 1, end], _t[end, end - 1], _t[end, end]);
            Complex x = _t[start, start] - shift, y = _t[start + 1, start];
            for (int k = start; k < end; k++)
            {
                Rotate(x, y, k, Math.Max(0, k - 1), Math.Min(_n, k + 3));
                if (k > start)
                    _t[k + 1, k - 1] = 0;
                if (k + 2 <= end)
                    (x, y) = (_t[k + 1, k], _t[k + 2, k]);
            }
        }
    }

    private static Complex WilkinsonShift(Complex a, Complex b, Complex c, Complex d)
    {
        Complex half = (a - d) / 2, product = b * c;
        if (product == 0)
            return d;
        Complex root = Complex.Sqrt((half * half) + product);
        if (Complex.Abs(half - root) > Complex.Abs(half + root))
            root = -root;
        return d - (product / (half + root));
    }
}
