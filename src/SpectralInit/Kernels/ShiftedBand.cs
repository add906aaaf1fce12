using System.Numerics.Tensors;

namespace SpectralInit.Kernels;

/// <summary>T − λI for a symmetric banded T, factored by Gaussian elimination with row exchanges: what inverse iteration solves with, λ being as near an eigenvalue as it likes.</summary>
internal sealed unsafe class ShiftedBand
{
    private readonly int _bandwidth;
    private readonly int _size;
    private readonly int _width;

    // Row i holds columns i − b … i + 2b, the pivot at b.
    private readonly double[] _upper;
    private readonly double[] _multipliers;
    private readonly int[] _pivots;

    /// <param name="t">The lower triangle of T with the given row stride.</param>
    /// <param name="stride">Elements between rows.</param>
    /// <param name="size">Rows of T.</param>
    /// <param name="bandwidth">b, entries beside the diagonal.</param>
    /// <param name="shift">λ.</param>
    /// <param name="norm">A bound of the eigenvalues' magnitude, next to which pivots are not let vanish.</param>
    public ShiftedBand(double* t, int stride, int size, int bandwidth, double shift, double norm)
    {
        int b = bandwidth;
        (_bandwidth, _size, _width) = (b, size, (3 * b) + 1);
        double least = norm > 0 ? 1e-16 * norm : 1;
        double[] u = _upper = new double[size * _width];
        _multipliers = new double[size * b];
        _pivots = new int[size];
        for (int i = 0; i < size; i++)
        {
            for (int j = Math.Max(0, i - b); j <= Math.Min(size - 1, i + b); j++)
                u[(i * _width) + j - i + b] = t[((nint)Math.Max(i, j) * stride) + Math.Min(i, j)] - (i == j ? shift : 0);
        }

        for (int i = 0; i < size; i++)
        {
            int rows = Math.Min(b, size - 1 - i), columns = Math.Min(2 * b, size - 1 - i), pivot = 0;
            for (int r = 1; r <= rows; r++)
            {
                if (Math.Abs(u[((i + r) * _width) + b - r]) > Math.Abs(u[((i + pivot) * _width) + b - pivot]))
                    pivot = r;
            }

            _pivots[i] = pivot;
            Span<double> top = u.AsSpan((i * _width) + b, columns + 1);
            if (pivot > 0)
            {
                Span<double> other = u.AsSpan(((i + pivot) * _width) + b - pivot, columns + 1);
                for (int c = 0; c <= columns; c++)
                    (top[c], other[c]) = (other[c], top[c]);
            }

            if (Math.Abs(top[0]) < least)
                top[0] = least;
            for (int r = 1; r <= rows; r++)
            {
                Span<double> target = u.AsSpan(((i + r) * _width) + b - r, columns + 1);
                double m = target[0] / top[0];
                _multipliers[(i * b) + r - 1] = m;
                TensorPrimitives.MultiplyAdd(top, -m, target, target);
            }
        }
    }

    /// <summary>y ← (T − λI)⁻¹y, made of length 1.</summary>
    public void Iterate(Span<double> y)
    {
        int b = _bandwidth;
        for (int i = 0; i < _size; i++)
        {
            (y[i], y[i + _pivots[i]]) = (y[i + _pivots[i]], y[i]);
            for (int r = 1; r <= Math.Min(b, _size - 1 - i); r++)
                y[i + r] -= _multipliers[(i * b) + r - 1] * y[i];
        }

        for (int i = _size - 1; i >= 0; i--)
        {
            double sum = y[i];
            for (int c = 1; c <= Math.Min(2 * b, _size - 1 - i); c++)
                sum -= _upper[(i * _width) + b + c] * y[i + c];
            y[i] = sum / _upper[(i * _width) + b];
        }

        // In two steps, lest the squares overflow.
        TensorPrimitives.Divide(y, Math.Abs(TensorPrimitives.MaxMagnitude<double>(y)), y);
        TensorPrimitives.Divide(y, TensorPrimitives.Norm<double>(y), y);
    }
}
