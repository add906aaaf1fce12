using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SpectralInit;

/// <summary>
/// One Ritz pair of a banded symmetric T without decomposing it: how far the slowest wanted pair has converged, at a hundredth of the cost of
/// a Rayleigh–Ritz step. It only decides when that step is taken, so it may be wrong without harm.
/// </summary>
internal sealed unsafe class BandedRitz(int bandwidth)
{
    private const int Shifts = 8;
    private readonly int _ring = bandwidth + 1;
    private double _previous = double.NegativeInfinity;

    /// <summary>The residual ‖R·y_last‖ of the <paramref name="index"/>-th largest Ritz pair (1-based), and its value.</summary>
    /// <param name="t">The lower triangle of T with the given row stride.</param>
    /// <param name="stride">Elements between rows.</param>
    /// <param name="size">Rows of T in use.</param>
    /// <param name="index">Which pair.</param>
    /// <param name="norm">A bound of the eigenvalues' magnitude.</param>
    /// <param name="coupling">R, bandwidth × bandwidth.</param>
    public (double Value, double Residual) Find(double* t, int stride, int size, int index, double norm, double[] coupling)
    {
        // Multisection: eight shifts at a time, twelve times. Ritz values only grow with the basis, so the last one is a lower bound.
        double low = Math.Max(_previous - (1e-9 * norm), -2 * norm), high = 2 * norm;
        for (int round = 0; round < 13 && high - low > 1e-13 * norm; round++)
        {
            double step = (high - low) / (Shifts + 1);
            Vector512<double> shifts = Vector512.Create(low) + (Vector512.Create(step) * Vector512.Create(1.0, 2, 3, 4, 5, 6, 7, 8));
            Vector512<double> above = Vector512.Create((double)size) - CountBelow(t, stride, size, shifts, norm);
            int reached = 0;
            while (reached < Shifts && above.GetElement(reached) >= index)
                reached++;
            low += reached * step;
            high = low + step;
        }

        double value = (low + high) / 2;
        _previous = value;
        double[] last = LastEntries(t, stride, size, value, norm);
        double sum = 0;
        for (int r = 0; r < bandwidth; r++)
        {
            double entry = 0;
            for (int c = 0; c < bandwidth; c++)
                entry += coupling[(r * bandwidth) + c] * last[c];
            sum += entry * entry;
        }

        return (value, Math.Sqrt(sum));
    }

    /// <summary>Number of eigenvalues below each shift: negative pivots of L·D·Lᵀ = T − θ·I (Sylvester), eight shifts at once.</summary>
    [SkipLocalsInit]
    private Vector512<double> CountBelow(double* t, int stride, int size, Vector512<double> shifts, double norm)
    {
        Vector512<double>* factor = stackalloc Vector512<double>[_ring * _ring];
        Vector512<double>* inverse = stackalloc Vector512<double>[_ring];
        Vector512<double>* row = stackalloc Vector512<double>[_ring];
        Vector512<double> count = Vector512<double>.Zero, tiny = Vector512.Create(1e-18 * norm);
        for (int i = 0; i < size; i++)
        {
            Vector512<double>* own = factor + (i % _ring * _ring);
            Vector512<double> pivot = Vector512.Create(t[(i * stride) + i]) - shifts;
            int reach = Math.Min(bandwidth, i);
            for (int back = reach; back > 0; back--)
            {
                int j = i - back, slot = j % _ring;
                Vector512<double>* other = factor + (slot * _ring);
                Vector512<double> entry = Vector512.Create(t[(i * stride) + j]);
                for (int e = back + 1; e <= reach; e++)
                    entry -= row[e] * other[e - back];
                row[back] = entry;
                own[back] = entry * inverse[slot];
                pivot -= entry * own[back];
            }

            pivot = Vector512.ConditionalSelect(Vector512.LessThan(Vector512.Abs(pivot), tiny), -tiny, pivot);
            count += Vector512.ConditionalSelect(Vector512.LessThan(pivot, Vector512<double>.Zero), Vector512<double>.One, Vector512<double>.Zero);
            inverse[i % _ring] = Vector512<double>.One / pivot;
        }

        return count;
    }

    /// <summary>The last entries of the unit eigenvector at <paramref name="value"/>, by two steps of inverse iteration with a pivoted band factorisation.</summary>
    private double[] LastEntries(double* t, int stride, int size, double value, double norm)
    {
        int b = bandwidth, width = (3 * b) + 1;
        double[] u = new double[size * width], multipliers = new double[size * b];
        int[] pivots = new int[size];
        for (int i = 0; i < size; i++)
        {
            // Row i holds columns i−b … i+2b.
            for (int j = Math.Max(0, i - b); j <= Math.Min(size - 1, i + b); j++)
                u[(i * width) + j - i + b] = t[(Math.Max(i, j) * stride) + Math.Min(i, j)] - (i == j ? value : 0);
        }

        for (int i = 0; i < size; i++)
        {
            int rows = Math.Min(b, size - 1 - i), columns = Math.Min(2 * b, size - 1 - i), pivot = 0;
            for (int r = 1; r <= rows; r++)
            {
                if (Math.Abs(u[((i + r) * width) + b - r]) > Math.Abs(u[((i + pivot) * width) + b - pivot]))
                    pivot = r;
            }

            pivots[i] = pivot;
            Span<double> top = u.AsSpan((i * width) + b, columns + 1);
            if (pivot > 0)
            {
                Span<double> other = u.AsSpan(((i + pivot) * width) + b - pivot, columns + 1);
                for (int c = 0; c <= columns; c++)
                    (top[c], other[c]) = (other[c], top[c]);
            }

            if (Math.Abs(top[0]) < 1e-16 * norm)
                top[0] = 1e-16 * norm;
            for (int r = 1; r <= rows; r++)
            {
                Span<double> target = u.AsSpan(((i + r) * width) + b - r, columns + 1);
                double m = target[0] / top[0];
                multipliers[(i * b) + r - 1] = m;
                System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(top, -m, target, target);
            }
        }

        double[] y = new double[size];
        for (int i = 0; i < size; i++)
            y[i] = 1 + (0.1 * (i % 7));
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < size; i++)
            {
                (y[i], y[i + pivots[i]]) = (y[i + pivots[i]], y[i]);
                for (int r = 1; r <= Math.Min(b, size - 1 - i); r++)
                    y[i + r] -= multipliers[(i * b) + r - 1] * y[i];
            }

            for (int i = size - 1; i >= 0; i--)
            {
                double sum = y[i];
                for (int c = 1; c <= Math.Min(2 * b, size - 1 - i); c++)
                    sum -= u[(i * width) + b + c] * y[i + c];
                y[i] = sum / u[(i * width) + b];
            }

            double length = System.Numerics.Tensors.TensorPrimitives.Norm<double>(y);
            System.Numerics.Tensors.TensorPrimitives.Divide(y, length, y);
        }

        return y[^b..];
    }
}
