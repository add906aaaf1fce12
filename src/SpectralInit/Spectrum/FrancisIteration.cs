using System.Numerics;

namespace SpectralInit;

/// <summary>
/// Eigenvalues, or the real Schur form, of an upper Hessenberg matrix by Francis's implicit double-shift QR iteration (Francis 1961; Golub and Van Loan §7.5),
/// with the deflation test of Ahues and Tisseur (1997) and exceptional shifts when a block does not deflate.
/// </summary>
internal static class FrancisIteration
{
    private const double Epsilon = 2.220446049250313e-16;

    /// <summary>Overwrites the block <paramref name="first"/>…<paramref name="last"/> of <paramref name="h"/> (n×n, row-major) and returns all n eigenvalues. Progress goes from <see cref="HessenbergForm.Share"/> to 1.</summary>
    /// <exception cref="InvalidOperationException">A block did not deflate within the cap; no matrix is known that does this.</exception>
    public static Complex[] Eigenvalues(double[] h, int n, int first, int last, out int iterations, IProgress<double>? progress = null, CancellationToken cancellationToken = default) =>
        Iterate(h, null, n, first, last, out iterations, progress, cancellationToken);

    /// <summary>
    /// Overwrites <paramref name="h"/> (n×n, row-major) with T = ZᵀHZ, which is upper triangular but for 2×2 blocks on the diagonal, and rows of
    /// <paramref name="vectors"/> (n×n) with their combinations by Zᵀ.
    /// </summary>
    /// <exception cref="InvalidOperationException">A block did not deflate within the cap; no matrix is known that does this.</exception>
    public static void Schur(double[] h, double[] vectors, int n) => Iterate(h, vectors, n, 0, n - 1, out _, null, default);

    private static Complex[] Iterate(double[] h, double[]? vectors, int n, int first, int last, out int iterations, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        Complex[] values = new Complex[n];
        for (int i = 0; i < n; i++)
            values[i] = h[(i * n) + i];

        iterations = 0;
        int cap = 30 * Math.Max(10, last - first + 1), end = last;
        while (end >= first)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int start = end;
            int stalled = 0;
            for (; ; stalled++)
            {
                start = Deflate(h, n, first, end, last);
                if (start >= end - 1)
                    break;
                if (stalled > cap)
                    throw new InvalidOperationException($"The QR iteration did not deflate rows {start} to {end} in {cap} sweeps.");
                Sweep(h, vectors, n, start, end, stalled);
                iterations++;
            }

            if (start == end - 1)
                (values[start], values[end]) = Pair(h[(start * n) + start], h[(start * n) + end], h[(end * n) + start], h[(end * n) + end]);
            else
                values[end] = h[(end * n) + end];
            end = start - 1;
            progress?.Report(HessenbergForm.Share + ((1 - HessenbergForm.Share) * (last - end) / (last - first + 1)));
        }

        return values;
    }

    /// <summary>Eigenvalues of [a b; c d]; complex ones exactly conjugate.</summary>
    internal static (Complex First, Complex Second) Pair(double a, double b, double c, double d)
    {
        double half = (a - d) / 2, discriminant = (half * half) + (b * c);
        if (discriminant < 0)
        {
            Complex value = new((a + d) / 2, Math.Sqrt(-discriminant));
            return (value, Complex.Conjugate(value));
        }

        double root = half + Math.CopySign(Math.Sqrt(discriminant), half);
        return root == 0 ? (a, d) : (d + root, d - (b * (c / root)));
    }

    // The first row of the trailing block that still couples; a negligible subdiagonal entry is set to zero.
    private static int Deflate(double[] h, int n, int first, int end, int last)
    {
        double tiny = 1e-290 * (last - first + 1);
        int k = end;
        for (; k > first; k--)
        {
            double below = Math.Abs(h[(k * n) + k - 1]);
            if (below <= tiny)
                break;
            double a = h[((k - 1) * n) + k - 1], d = h[(k * n) + k], size = Math.Abs(a) + Math.Abs(d);
            if (size == 0)
                size = (k - 2 >= first ? Math.Abs(h[((k - 1) * n) + k - 2]) : 0) + (k + 1 <= last ? Math.Abs(h[((k + 1) * n) + k]) : 0);
            if (below > Epsilon * size)
                continue;

            double above = Math.Abs(h[((k - 1) * n) + k]);
            double larger = Math.Max(Math.Abs(d), Math.Abs(a - d)), smaller = Math.Min(Math.Abs(d), Math.Abs(a - d));
            double sum = larger + Math.Max(below, above);
            if (Math.Min(below, above) * (Math.Max(below, above) / sum) <= Math.Max(tiny, Epsilon * (smaller * (larger / sum))))
                break;
        }

        if (k > first)
            h[(k * n) + k - 1] = 0;
        return k;
    }

    private static void Sweep(double[] h, double[]? vectors, int n, int start, int end, int stalled)
    {
        (double r1, double i1, double r2, double i2) = Shifts(h, n, start, end, stalled);

        // Start where two small subdiagonal entries in a row let the bulge in (Wilkinson).
        int m = end - 2;
        double v0, v1, v2;
        for (; ; m--)
        {
            double diagonal = h[(m * n) + m], next = h[((m + 1) * n) + m + 1], below = h[((m + 1) * n) + m];
            double s = Math.Abs(diagonal - r2) + Math.Abs(i2) + Math.Abs(below);
            double scaled = below / s;
            v0 = (scaled * h[(m * n) + m + 1]) + ((diagonal - r1) * ((diagonal - r2) / s)) - (i1 * (i2 / s));
            v1 = scaled * (diagonal + next - r1 - r2);
            v2 = scaled * h[((m + 2) * n) + m + 1];
            double size = Math.Abs(v0) + Math.Abs(v1) + Math.Abs(v2);
            if (size > 0)
                (v0, v1, v2) = (v0 / size, v1 / size, v2 / size);
            if (m == start)
                break;
            double weight = Math.Abs(h[((m - 1) * n) + m - 1]) + Math.Abs(diagonal) + Math.Abs(next);
            if (Math.Abs(h[(m * n) + m - 1]) * (Math.Abs(v1) + Math.Abs(v2)) <= Epsilon * Math.Abs(v0) * weight)
                break;
        }

        for (int k = m; k < end; k++)
        {
            bool three = k < end - 1;
            if (k > m)
            {
                v0 = h[(k * n) + k - 1];
                v1 = h[((k + 1) * n) + k - 1];
                v2 = three ? h[((k + 2) * n) + k - 1] : 0;
            }

            double tail = Math.Max(Math.Abs(v1), Math.Abs(v2));
            if (tail == 0)
                continue;
            double scale = Math.Max(Math.Abs(v0), tail);
            (double s0, double s1, double s2) = (v0 / scale, v1 / scale, v2 / scale);
            double alpha = -Math.CopySign(Math.Sqrt((s0 * s0) + (s1 * s1) + (s2 * s2)), s0);
            double tau = (alpha - s0) / alpha;
            double w1 = s1 / (s0 - alpha), w2 = s2 / (s0 - alpha);
            if (k > m)
            {
                h[(k * n) + k - 1] = alpha * scale;
                h[((k + 1) * n) + k - 1] = 0;
                if (three)
                    h[((k + 2) * n) + k - 1] = 0;
            }
            else if (m > start)
            {
                h[(k * n) + k - 1] *= 1 - tau;
            }

            // Eigenvalues alone need the block only; the Schur form also what stands above and to the right of it.
            Reflect(h.AsSpan(k * n), n, k, (vectors is null ? end + 1 : n) - k, three, tau, w1, w2);
            ReflectColumns(h, n, k, vectors is null ? start : 0, Math.Min(k + 3, end), three, tau, w1, w2);
            if (vectors is not null)
                Reflect(vectors.AsSpan(k * n), n, 0, n, three, tau, w1, w2);
        }
    }

    private static (double R1, double I1, double R2, double I2) Shifts(double[] h, int n, int start, int end, int stalled)
    {
        double a = h[((end - 1) * n) + end - 1], b = h[((end - 1) * n) + end], c = h[(end * n) + end - 1], d = h[(end * n) + end];
        if (stalled % 10 == 9)
        {
            // Exceptional shifts, in turn from the top and from the bottom of the block.
            int at = stalled % 20 == 9 ? end : start;
            double size = stalled % 20 == 9
                ? Math.Abs(c) + Math.Abs(h[((end - 1) * n) + end - 2])
                : Math.Abs(h[((start + 1) * n) + start]) + Math.Abs(h[((start + 2) * n) + start + 1]);
            a = d = (0.75 * size) + h[(at * n) + at];
            b = -0.4375 * size;
            c = size;
        }

        double scale = Math.Abs(a) + Math.Abs(b) + Math.Abs(c) + Math.Abs(d);
        if (scale == 0)
            return (0, 0, 0, 0);
        (a, b, c, d) = (a / scale, b / scale, c / scale, d / scale);
        double mean = (a + d) / 2, determinant = ((a - mean) * (d - mean)) - (b * c), root = Math.Sqrt(Math.Abs(determinant)) * scale;
        if (determinant >= 0)
            return (mean * scale, root, mean * scale, -root);
        double plus = (mean * scale) + root, minus = (mean * scale) - root;
        double nearest = Math.Abs(plus - (d * scale)) <= Math.Abs(minus - (d * scale)) ? plus : minus;
        return (nearest, 0, nearest, 0);
    }

    // I − τ·[1 w1 w2]ᵀ[1 w1 w2] from the left on the first three (or two) of the given rows, from column <paramref name="from"/> on.
    private static void Reflect(Span<double> rows, int n, int from, int width, bool three, double tau, double w1, double w2)
    {
        int j = 0;
        Span<double> top = rows.Slice(from, width), middle = rows.Slice(n + from, width);
        Span<double> bottom = three ? rows.Slice((2 * n) + from, width) : [];
        if (three)
        {
            Vector<double> t = new(tau), t1 = new(tau * w1), t2 = new(tau * w2), u1 = new(w1), u2 = new(w2);
            for (; j <= width - Vector<double>.Count; j += Vector<double>.Count)
            {
                Vector<double> x = new(top[j..]), y = new(middle[j..]), z = new(bottom[j..]);
                Vector<double> sum = x + (u1 * y) + (u2 * z);
                (x - (t * sum)).CopyTo(top[j..]);
                (y - (t1 * sum)).CopyTo(middle[j..]);
                (z - (t2 * sum)).CopyTo(bottom[j..]);
            }
        }

        for (; j < width; j++)
        {
            double sum = tau * (top[j] + (w1 * middle[j]) + (three ? w2 * bottom[j] : 0));
            top[j] -= sum;
            middle[j] -= sum * w1;
            if (three)
                bottom[j] -= sum * w2;
        }
    }

    // The same from the right on columns k…k+2 of rows first…last.
    private static void ReflectColumns(double[] h, int n, int k, int first, int last, bool three, double tau, double w1, double w2)
    {
        for (int i = first; i <= last; i++)
        {
            Span<double> entries = h.AsSpan((i * n) + k, three ? 3 : 2);
            double sum = tau * (entries[0] + (w1 * entries[1]) + (three ? w2 * entries[2] : 0));
            entries[0] -= sum;
            entries[1] -= sum * w1;
            if (three)
                entries[2] -= sum * w2;
        }
    }
}
