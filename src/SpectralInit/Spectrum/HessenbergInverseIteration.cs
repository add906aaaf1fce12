using System.Numerics;

namespace SpectralInit;

/// <summary>Right and left eigenvectors of an upper Hessenberg matrix for a computed eigenvalue, by inverse iteration (Wilkinson; Ipsen, SIAM Review 1997).</summary>
internal sealed class HessenbergInverseIteration
{
    private readonly int _n;
    private readonly Complex[] _u;
    private readonly Complex[] _multipliers;
    private readonly bool[] _swapped;

    /// <summary>Factors H − λI (n×n, row-major) with partial pivoting; zero pivots become the rounding error of the matrix.</summary>
    public HessenbergInverseIteration(ReadOnlySpan<double> h, int n, Complex eigenvalue)
    {
        _n = n;
        _u = new Complex[n * n];
        _multipliers = new Complex[n];
        _swapped = new bool[n];
        double norm = 0;
        for (int i = 0; i < n; i++)
        {
            for (int j = Math.Max(0, i - 1); j < n; j++)
            {
                double entry = h[(i * n) + j];
                norm = Math.Max(norm, Math.Abs(entry));
                _u[(i * n) + j] = entry;
            }

            _u[(i * n) + i] -= eigenvalue;
        }

        double floor = norm == 0 ? 1 : norm * 2.220446049250313e-16;
        for (int k = 0; k < n; k++)
        {
            Span<Complex> row = _u.AsSpan(k * n, n);
            if (k + 1 < n)
            {
                Span<Complex> next = _u.AsSpan((k + 1) * n, n);
                if (Size(next[k]) > Size(row[k]))
                {
                    _swapped[k] = true;
                    for (int j = k; j < n; j++)
                        (row[j], next[j]) = (next[j], row[j]);
                }

                if (Size(row[k]) < floor)
                    row[k] = floor;
                Complex multiplier = next[k] / row[k];
                _multipliers[k] = multiplier;
                if (multiplier != 0)
                {
                    for (int j = k; j < n; j++)
                        next[j] -= multiplier * row[j];
                }
            }
            else if (Size(row[k]) < floor)
            {
                row[k] = floor;
            }
        }
    }

    /// <summary>A unit vector x with H·x ≈ λ·x.</summary>
    public Complex[] Right() => Iterate(Solve);

    /// <summary>A unit vector y with yᴴ·H ≈ λ·yᴴ.</summary>
    public Complex[] Left() => Iterate(SolveAdjoint);

    // The step that grows most has the smallest residual, 1/growth; a defective eigenvalue loses it again in the step after.
    private Complex[] Iterate(Func<Complex[], double> solve)
    {
        const int Steps = 3;
        Complex[] x = new Complex[_n], best = x;
        for (int i = 0; i < _n; i++)
            x[i] = 1 + (0.1 * Math.Sin(i + 1));
        Normalize(x);
        double growth = double.NegativeInfinity;
        for (int step = 0; step < Steps; step++)
        {
            double shrunk = solve(x);
            double grown = Math.Log(Normalize(x)) + shrunk;
            if (grown > growth)
                (growth, best) = (grown, [.. x]);
        }

        return best;
    }

    private double Solve(Complex[] b)
    {
        double shrunk = 0;
        for (int k = 0; k + 1 < _n; k++)
        {
            if (_swapped[k])
                (b[k], b[k + 1]) = (b[k + 1], b[k]);
            b[k + 1] -= _multipliers[k] * b[k];
        }

        for (int i = _n - 1; i >= 0; i--)
        {
            Complex sum = b[i];
            for (int j = i + 1; j < _n; j++)
                sum -= _u[(i * _n) + j] * b[j];
            b[i] = sum / _u[(i * _n) + i];
            shrunk += Tame(b, i);
        }

        return shrunk;
    }

    private double SolveAdjoint(Complex[] b)
    {
        double shrunk = 0;
        for (int i = 0; i < _n; i++)
        {
            b[i] /= Complex.Conjugate(_u[(i * _n) + i]);
            for (int j = i + 1; j < _n; j++)
                b[j] -= Complex.Conjugate(_u[(i * _n) + j]) * b[i];
            shrunk += Tame(b, i);
        }

        for (int k = _n - 2; k >= 0; k--)
        {
            b[k] -= Complex.Conjugate(_multipliers[k]) * b[k + 1];
            if (_swapped[k])
                (b[k], b[k + 1]) = (b[k + 1], b[k]);
        }

        return shrunk;
    }

    // Only the direction counts: a defective matrix grows by 1/ε per step and would overflow.
    private static double Tame(Complex[] b, int i)
    {
        if (Size(b[i]) < 1e100)
            return 0;
        for (int j = 0; j < b.Length; j++)
            b[j] *= 1e-100;
        return 100 * Math.Log(10);
    }

    private static double Normalize(Complex[] x)
    {
        double largest = 0, sum = 0;
        foreach (Complex entry in x)
            largest = Math.Max(largest, Size(entry));
        foreach (Complex entry in x)
            sum += Complex.Abs(entry / largest) * Complex.Abs(entry / largest);
        double norm = largest * Math.Sqrt(sum);
        for (int i = 0; i < x.Length; i++)
            x[i] /= norm;
        return norm;
    }

    private static double Size(Complex z) => Math.Abs(z.Real) + Math.Abs(z.Imaginary);
}
