using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SpectralInit.Kernels;

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

    /// <summary>The last entries of the unit eigenvector at <paramref name="value"/>, by two steps of inverse iteration.</summary>
    private double[] LastEntries(double* t, int stride, int size, double value, double norm)
    {
        ShiftedBand shifted = new(t, stride, size, bandwidth, value, norm);
        double[] y = new double[size];
        for (int i = 0; i < size; i++)
            y[i] = 1 + (0.1 * (i % 7));
        for (int round = 0; round < 2; round++)
            shifted.Iterate(y);
        return y[^bandwidth..];
    }
}
