using System.Numerics;
using System.Numerics.Tensors;

namespace SpectralInit;

/// <summary>Schur form B = Z·T·Zᴴ of a small real matrix: T upper triangular, Z unitary. The eigenvalues of largest modulus can be brought to the front.</summary>
/// <remarks>Hessenberg form and QR iteration in real arithmetic; then one rotation for each conjugate pair makes the form complex (Golub and Van Loan §7.4–7.6).</remarks>
internal sealed class ComplexSchur
{
    private const double Epsilon = 2.220446049250313e-16;

    private readonly Complex[] _t;

    // Row i is the i-th Schur vector: Zᵀ.
    private readonly Complex[] _z;
    private readonly int _n;

    /// <summary>The Schur form of the leading n×n block of a row-major matrix with <paramref name="stride"/> values between rows.</summary>
    public ComplexSchur(ReadOnlySpan<double> matrix, int n, int stride)
    {
        _n = n;
        double[] t = new double[n * n], z = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            matrix.Slice(i * stride, n).CopyTo(t.AsSpan(i * n));
            z[(i * n) + i] = 1;
        }

        double[] reflectors = new double[n * n], betas = new double[n];
        HessenbergForm.Reduce(t, n, 0, n - 1, reflectors, betas);
        for (int m = 1; m < n - 1; m++)
            HessenbergForm.ReflectRows(z, n, 0, reflectors.AsSpan(m * n, n), betas[m], m, n - 1);
        FrancisIteration.Schur(t, z, n);
        _t = Array.ConvertAll(t, value => new Complex(value, 0));
        _z = Array.ConvertAll(z, value => new Complex(value, 0));
        for (int k = 0; k + 1 < n; k++)
        {
            double below = t[((k + 1) * n) + k];
            if (below == 0)
                continue;

            // The eigenvector of a 2×2 block goes first.
            double d = t[((k + 1) * n) + k + 1];
            (Complex value, _) = FrancisIteration.Pair(t[(k * n) + k], t[(k * n) + k + 1], below, d);
            Rotate(value - d, below, k);
        }
    }

    /// <summary>Rows of B.</summary>
    public int Size => _n;

    /// <summary>Eigenvalue i.</summary>
    public Complex Value(int i) => _t[(i * _n) + i];

    /// <summary>Entry (row, column) of T.</summary>
    public Complex Triangle(int row, int column) => _t[(row * _n) + column];

    /// <summary>Entry (row, column) of Z, whose leading columns span the invariant subspace of the leading eigenvalues.</summary>
    public Complex Vector(int row, int column) => _z[(column * _n) + row];

    /// <summary>Moves the <paramref name="count"/> eigenvalues of largest modulus to the front, falling; members of a conjugate pair stay together, so one more may come along.</summary>
    public void SortByModulus(int count)
    {
        for (int target = 0; target < Math.Min(count, _n); target++)
        {
            int best = target;
            for (int i = target + 1; i < _n; i++)
            {
                if (Complex.Abs(Value(i)) > Complex.Abs(Value(best)) * (1 + (4 * Epsilon)))
                    best = i;
            }

            MoveUp(best, target);
            Complex conjugate = Complex.Conjugate(Value(target));
            if (Math.Abs(conjugate.Imaginary) <= 1e-12 * Complex.Abs(conjugate) || target + 1 >= _n)
                continue;
            int partner = target + 1;
            for (int i = target + 2; i < _n; i++)
            {
                if (Complex.Abs(Value(i) - conjugate) < Complex.Abs(Value(partner) - conjugate))
                    partner = i;
            }

            MoveUp(partner, ++target);
        }
    }

    /// <summary>The unit eigenvector of eigenvalue i, in the coordinates of B. Equal eigenvalues are taken apart by a rounding.</summary>
    public Complex[] Eigenvector(int i)
    {
        Complex[] inner = new Complex[i + 1], vector = new Complex[_n];
        inner[i] = 1;
        double smallest = Math.Max(Epsilon * Complex.Abs(Value(0)), 1e-300);
        for (int row = i - 1; row >= 0; row--)
        {
            Complex sum = 0;
            for (int j = row + 1; j <= i; j++)
                sum += Triangle(row, j) * inner[j];
            Complex gap = Value(i) - Value(row);
            inner[row] = sum / (Complex.Abs(gap) > smallest ? gap : smallest);
        }

        double square = 0;
        for (int row = 0; row < _n; row++)
        {
            for (int j = 0; j <= i; j++)
                vector[row] += Vector(row, j) * inner[j];
            square += (vector[row].Real * vector[row].Real) + (vector[row].Imaginary * vector[row].Imaginary);
        }

        double norm = Math.Sqrt(square);
        for (int row = 0; row < _n; row++)
            vector[row] /= norm;
        return vector;
    }

    /// <summary>The condition number ‖x‖‖y‖/|yᴴx| of the first eigenvalue: x is the first Schur vector, y solves yᴴT = λyᴴ.</summary>
    public double Condition(double norm)
    {
        Complex[] left = new Complex[_n];
        left[0] = 1;
        double square = 1, smallest = Math.Max(Epsilon * norm, 1e-300);
        for (int j = 1; j < _n; j++)
        {
            Complex sum = 0;
            for (int i = 0; i < j; i++)
                sum += left[i] * Triangle(i, j);
            Complex gap = Value(0) - Value(j);
            left[j] = sum / (Complex.Abs(gap) > smallest ? gap : smallest);
            square += Complex.Abs(left[j]) * Complex.Abs(left[j]);
        }

        return Math.Sqrt(square);
    }

    /// <summary>
    /// An orthonormal real basis, as rows of n values, of the span of the first Schur vectors: their real and imaginary parts, orthogonalized, the largest remainder first.
    /// The span is closed under conjugation unless the last vector opens a conjugate pair; then a remainder is left and its partner comes along. At most n − <paramref name="spare"/> rows.
    /// </summary>
    public double[] RealBasis(int count, int spare, out int rows)
    {
        const double Negligible = 1e-6;
        double[][] parts = new double[2 * count][];
        for (int k = 0; k < count; k++)
        {
            parts[k] = new double[_n];
            parts[count + k] = new double[_n];
            for (int i = 0; i < _n; i++)
                (parts[k][i], parts[count + k][i]) = (Vector(i, k).Real, Vector(i, k).Imaginary);
        }

        List<double[]> units = [];
        while (units.Count < _n - spare)
        {
            double[] unit = [.. parts.MaxBy(part => TensorPrimitives.Norm<double>(part))!];
            double size = TensorPrimitives.Norm<double>(unit);
            if (units.Count >= count && size < Negligible)
                break;
            TensorPrimitives.Divide(unit, size, unit);
            foreach (double[] other in units)
                TensorPrimitives.MultiplyAdd(other, -TensorPrimitives.Dot<double>(other, unit), unit, unit);
            TensorPrimitives.Divide(unit, TensorPrimitives.Norm<double>(unit), unit);
            units.Add(unit);
            foreach (double[] part in parts)
                TensorPrimitives.MultiplyAdd(unit, -TensorPrimitives.Dot<double>(unit, part), part, part);
        }

        rows = units.Count;
        return [.. units.SelectMany(unit => unit)];
    }

    private void MoveUp(int from, int to)
    {
        // Each step brings the eigenvector of T[k+1, k+1] in the 2×2 block to the front.
        for (int k = from - 1; k >= to; k--)
            Rotate(Triangle(k, k + 1), Value(k + 1) - Value(k), k);
    }

    // The similarity by the rotation G of rows and columns k, k+1 whose first column is [x y]ᵀ, which annihilates T[k+1, k].
    private void Rotate(Complex x, Complex y, int k)
    {
        double size = Complex.Abs(x), norm = double.Hypot(size, Complex.Abs(y));
        if (norm == 0)
            return;
        double c = size / norm;
        Complex s = size == 0 ? Complex.Conjugate(y) / norm : x / size * Complex.Conjugate(y) / norm, back = Complex.Conjugate(s);
        Span<Complex> top = _t.AsSpan((k * _n) + k, _n - k), bottom = _t.AsSpan(((k + 1) * _n) + k, _n - k);
        for (int j = 0; j < top.Length; j++)
            (top[j], bottom[j]) = ((c * top[j]) + (s * bottom[j]), (c * bottom[j]) - (back * top[j]));
        for (int i = 0; i < k + 2; i++)
        {
            Span<Complex> pair = _t.AsSpan((i * _n) + k, 2);
            (pair[0], pair[1]) = ((c * pair[0]) + (back * pair[1]), (c * pair[1]) - (s * pair[0]));
        }

        bottom[0] = 0;
        Span<Complex> first = _z.AsSpan(k * _n, _n), second = _z.AsSpan((k + 1) * _n, _n);
        for (int j = 0; j < _n; j++)
            (first[j], second[j]) = ((c * first[j]) + (back * second[j]), (c * second[j]) - (s * first[j]));
    }
}
