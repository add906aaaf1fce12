using System.Numerics;
using System.Numerics.Tensors;

namespace SpectralInit;

/// <summary>
/// A general square matrix brought to upper Hessenberg form by a balancing similarity and Householder reflections:
/// A = 2ᵉ·P·D·Q·H·Qᵀ·D⁻¹·Pᵀ, with P a permutation, D powers of two and Q orthogonal.
/// </summary>
/// <remarks>
/// Permutation first (Parlett and Reinsch 1969): eigenvalues that a row or column already isolates, all of them when the matrix is a permuted
/// triangle, are read off exactly, so a triangular nilpotent matrix has radius 0 and not (machine precision)^(1/n). Scaling
/// compares 2-norms (James, Langou and Lowery 2014), which does not harm matrices that are nearly Hessenberg already.
/// </remarks>
internal sealed class HessenbergForm
{
    private const double Tiny = 1e-100;

    private readonly double[] _reflectors;
    private readonly double[] _betas;
    private readonly int[] _origin;
    private readonly double[] _scale;

    /// <summary>The share of the work on all eigenvalues that the reduction is, about.</summary>
    public const double Share = 0.25;

    /// <summary>Takes ownership of nothing: <paramref name="matrix"/> (n×n, row-major, finite) is copied. Progress goes up to <see cref="Share"/>.</summary>
    public HessenbergForm(ReadOnlySpan<double> matrix, int n, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        Size = n;
        H = matrix.ToArray();
        _reflectors = new double[n * n];
        _betas = new double[n];
        _origin = [.. Enumerable.Range(0, n)];
        _scale = new double[n];
        Array.Fill(_scale, 1);
        double largest = n == 0 ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude<double>(H));
        if (largest != 0)
        {
            Exponent = Math.ILogB(largest);
            foreach (ref double entry in H.AsSpan())
                entry = Math.ScaleB(entry, -Exponent);
        }

        Last = n - 1;
        Isolate();
        Balance();
        Reduce(H, n, First, Last, _reflectors, _betas, progress, cancellationToken);
    }

    public int Size { get; }

    /// <summary>H, row-major, entries scaled by 2^−<see cref="Exponent"/>.</summary>
    public double[] H { get; }

    /// <summary>The power of two taken out so that nothing overflows.</summary>
    public int Exponent { get; }

    /// <summary>First row of the block whose eigenvalues are not on the diagonal already.</summary>
    public int First { get; private set; }

    /// <summary>Last row of that block.</summary>
    public int Last { get; private set; }

    private Span<double> Row(int i) => H.AsSpan(i * Size, Size);

    /// <summary>Maps an eigenvector of H (right), or of Hᴴ when <paramref name="left"/>, to one of A, in place.</summary>
    public Complex[] Restore(Complex[] vector, bool left = false)
    {
        for (int m = Last - 1; m > First; m--)
        {
            if (_betas[m] == 0)
                continue;
            ReadOnlySpan<double> v = _reflectors.AsSpan(m * Size, Size);
            Complex sum = 0;
            for (int i = m; i <= Last; i++)
                sum += v[i] * vector[i];
            sum *= _betas[m];
            for (int i = m; i <= Last; i++)
                vector[i] -= v[i] * sum;
        }

        Complex[] restored = new Complex[Size];
        for (int i = 0; i < Size; i++)
            restored[_origin[i]] = left ? vector[i] / _scale[i] : vector[i] * _scale[i];
        return restored;
    }

    private void Isolate()
    {
        // A row without entries off the diagonal goes to the bottom, a column without goes to the top; each may free another.
        for (int j = Last; j >= 0; j--)
        {
            ReadOnlySpan<double> row = Row(j);
            if (row[..j].ContainsAnyExcept(0.0) || row[(j + 1)..(Last + 1)].ContainsAnyExcept(0.0))
                continue;
            Swap(j, Last--);
            j = Last + 1;
        }

        for (int j = First; j <= Last; j++)
        {
            bool free = true;
            for (int i = First; free && i <= Last; i++)
                free = i == j || H[(i * Size) + j] == 0;
            if (!free)
                continue;
            Swap(j, First++);
            j = First - 1;
        }
    }

    private void Swap(int i, int j)
    {
        if (i == j)
            return;
        (_origin[i], _origin[j]) = (_origin[j], _origin[i]);
        for (int k = 0; k < Size; k++)
            (H[(k * Size) + i], H[(k * Size) + j]) = (H[(k * Size) + j], H[(k * Size) + i]);
        for (int k = 0; k < Size; k++)
            (H[(i * Size) + k], H[(j * Size) + k]) = (H[(j * Size) + k], H[(i * Size) + k]);
    }

    private void Balance()
    {
        const int Sweeps = 40;
        const double Limit = 1e100;
        bool changed = true;
        for (int sweep = 0; changed && sweep < Sweeps; sweep++)
        {
            changed = false;
            for (int i = First; i <= Last; i++)
            {
                double row = TensorPrimitives.Norm<double>(Row(i)[First..(Last + 1)]);
                double column = 0;
                for (int k = First; k <= Last; k++)
                    column = double.Hypot(column, H[(k * Size) + i]);
                if (row == 0 || column == 0)
                    continue;

                double factor = 1, r = row, c = column;
                for (; c < r / 2 && factor < Limit; factor *= 2, c *= 2)
                    r /= 2;
                for (; c / 2 >= r && factor > 1 / Limit; factor /= 2, c /= 2)
                    r *= 2;
                if (factor == 1 || c + r >= 0.95 * (column + row) || _scale[i] * factor is > Limit or < 1 / Limit)
                    continue;

                changed = true;
                _scale[i] *= factor;
                Span<double> entries = Row(i)[First..];
                TensorPrimitives.Multiply(entries, 1 / factor, entries);
                for (int k = 0; k <= Last; k++)
                    H[(k * Size) + i] *= factor;
            }
        }
    }

    /// <summary>
    /// Reduces the block first … last of <paramref name="h"/> (n×n, row-major, of norm about 1) by reflections I − β·vvᵀ, and what stands above it and to the right along with it.
    /// Row m of <paramref name="reflectors"/> (n×n) receives v, which begins at m; β is zero where there was nothing to reflect.
    /// </summary>
    public static void Reduce(double[] h, int n, int first, int last, double[] reflectors, double[] betas, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        for (int m = first + 1; m < last; m++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Report(Share * (m - first) / (last - first));
            Span<double> v = reflectors.AsSpan(m * n, n);
            double below = 0;
            for (int i = m; i <= last; i++)
            {
                v[i] = h[(i * n) + m - 1];
                if (i > m)
                    below = Math.Max(below, Math.Abs(v[i]));
            }

            if (below == 0)
                continue;

            // Squares of a column this small would vanish.
            double largest = Math.Max(below, Math.Abs(v[m]));
            int shift = largest < Tiny ? -Math.ILogB(largest) : 0;
            for (int i = m; shift > 0 && i <= last; i++)
                v[i] = Math.ScaleB(v[i], shift);

            double norm = TensorPrimitives.Norm<double>(v[m..(last + 1)]);
            double alpha = v[m] > 0 ? -norm : norm;
            v[m] -= alpha;
            double beta = -1 / (alpha * v[m]);
            betas[m] = beta;
            ReflectRows(h, n, m, v, beta, m, last);

            ReadOnlySpan<double> direction = v[m..(last + 1)];
            for (int i = 0; i <= last; i++)
            {
                Span<double> part = h.AsSpan((i * n) + m, last + 1 - m);
                TensorPrimitives.MultiplyAdd(direction, -beta * TensorPrimitives.Dot(part, direction), part, part);
            }

            h[(m * n) + m - 1] = Math.ScaleB(alpha, -shift);
            for (int i = m + 1; i <= last; i++)
                h[(i * n) + m - 1] = 0;
        }
    }

    /// <summary>(I − β·vvᵀ)·A on columns from <paramref name="from"/> on; v has entries first … last.</summary>
    public static void ReflectRows(double[] a, int n, int from, ReadOnlySpan<double> v, double beta, int first, int last)
    {
        double[] sums = new double[n - from];
        for (int i = first; i <= last; i++)
            TensorPrimitives.MultiplyAdd(a.AsSpan((i * n) + from, sums.Length), v[i], sums, sums);
        for (int i = first; i <= last; i++)
        {
            Span<double> row = a.AsSpan((i * n) + from, sums.Length);
            TensorPrimitives.MultiplyAdd(sums, -beta * v[i], row, row);
        }
    }
}
