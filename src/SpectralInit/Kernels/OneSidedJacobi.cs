using System.Numerics;
using System.Numerics.Tensors;

namespace SpectralInit.Kernels;

/// <summary>
/// Makes the rows of a matrix orthogonal by plane rotations (Hestenes 1958; de Rijk, "A one-sided Jacobi algorithm for computing the singular
/// value decomposition on a vector computer", SIAM J. Sci. Stat. Comput. 10, 1989).
/// </summary>
internal static class OneSidedJacobi
{
    private const int MaximumSweeps = 40;

    // A row along another one shrinks by the rounding unit at every rotation; where its square nears the smallest number it is zero.
    private const double NegligibleSquare = 1e-280;

    /// <summary>
    /// Rotates the rows of B (count × length, entries of order 1 at most) until every pair is orthogonal to working accuracy; the rows of U (count × width) get the same
    /// rotations, and <paramref name="progress"/> is told how many sweeps are done. Returns their number, or −1 when the cap is reached.
    /// </summary>
    public static int Orthogonalize(Span<double> b, int count, int length, Span<double> u, int width, Action<double>? progress = null, CancellationToken cancellationToken = default)
    {
        double tolerance = double.BitIncrement(1) - 1;

        // A few times the rounding of one product: rows of pure rounding would otherwise never settle.
        tolerance *= 8 * Math.Sqrt(length);
        double[] squares = new double[count];
        for (int sweep = 1; sweep <= MaximumSweeps; sweep++)
        {
            for (int i = 0; i < count; i++)
            {
                Span<double> row = b.Slice(i * length, length);
                squares[i] = TensorPrimitives.SumOfSquares<double>(row);
                if (squares[i] < NegligibleSquare)
                {
                    row.Clear();
                    squares[i] = 0;
                }
            }

            bool rotated = false;
            for (int i = 0; i < count - 1; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Invoke(sweep - 1 + ((double)i / count));
                for (int j = i + 1; j < count; j++)
                {
                    Span<double> x = b.Slice(i * length, length), y = b.Slice(j * length, length);
                    double product = TensorPrimitives.Dot<double>(x, y);
                    if (!(Math.Abs(product) > tolerance * Math.Sqrt(squares[i]) * Math.Sqrt(squares[j])))
                        continue;

                    // tan of the angle that makes the pair orthogonal, the smaller root.
                    rotated = true;
                    double zeta = (squares[j] - squares[i]) / (2 * product);
                    double tangent = Math.CopySign(1, zeta) / (Math.Abs(zeta) + Math.Sqrt(1 + (zeta * zeta)));
                    double cosine = 1 / Math.Sqrt(1 + (tangent * tangent)), sine = cosine * tangent;
                    Rotate(x, y, cosine, sine);
                    Rotate(u.Slice(i * width, width), u.Slice(j * width, width), cosine, sine);

                    // Measured, not updated: where a row shrinks to rounding the update would cancel.
                    squares[i] = TensorPrimitives.SumOfSquares<double>(x);
                    squares[j] = TensorPrimitives.SumOfSquares<double>(y);
                }
            }

            if (!rotated)
                return sweep;
        }

        return -1;
    }

    private static void Rotate(Span<double> x, Span<double> y, double cosine, double sine)
    {
        int i = 0;
        for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            Vector<double> a = new(x[i..]), b = new(y[i..]);
            ((a * cosine) - (b * sine)).CopyTo(x[i..]);
            ((a * sine) + (b * cosine)).CopyTo(y[i..]);
        }

        for (; i < x.Length; i++)
            (x[i], y[i]) = ((cosine * x[i]) - (sine * y[i]), (sine * x[i]) + (cosine * y[i]));
    }
}
