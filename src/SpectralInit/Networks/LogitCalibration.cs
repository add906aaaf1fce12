using System.Numerics.Tensors;

namespace SpectralInit;

/// <summary>How confident left-out predictions may be: accuracy, and the logit scale of least cross-entropy.</summary>
internal static class LogitCalibration
{
    private const int MaxRows = 2000;

    /// <param name="predictions">Left-out predictions, n×c.</param>
    /// <param name="targets">n classes.</param>
    /// <param name="limit">Largest scale allowed.</param>
    /// <returns>The accuracy, the scale of least cross-entropy up to the limit, and that cross-entropy.</returns>
    public static (double Accuracy, double Scale, double Loss) Of(double[] predictions, Targets targets, double limit = double.PositiveInfinity)
    {
        int n = targets.Count, c = targets.Outputs, right = 0;
        for (int i = 0; i < n; i++)
        {
            if (TensorPrimitives.IndexOfMax<double>(predictions.AsSpan(i * c, c)) == targets.Labels[i])
                right++;
        }

        // Predictions minus the largest of their row, for an even choice of the rows.
        int step = ((n - 1) / MaxRows) + 1, used = ((n - 1) / step) + 1;
        double[] below = new double[used * c], scratch = new double[used * c];
        double wanted = 0;
        for (int i = 0; i < used; i++)
        {
            ReadOnlySpan<double> row = predictions.AsSpan(i * step * c, c);
            double largest = TensorPrimitives.Max(row);
            TensorPrimitives.Subtract(row, largest, below.AsSpan(i * c, c));
            wanted += row[targets.Labels[i * step]] - largest;
        }

        // Convex in s: golden-section search over log s; what is best below a limit that lies left of the minimum is the limit.
        double low = Math.Log(0.3), high = Math.Log(100), golden = (Math.Sqrt(5) - 1) / 2;
        double a = high - (golden * (high - low)), b = low + (golden * (high - low));
        double atA = CrossEntropy(Math.Exp(a)), atB = CrossEntropy(Math.Exp(b));
        for (int i = 0; i < 20; i++)
        {
            if (atA <= atB)
            {
                (high, b, atB) = (b, a, atA);
                a = high - (golden * (high - low));
                atA = CrossEntropy(Math.Exp(a));
            }
            else
            {
                (low, a, atA) = (a, b, atB);
                b = low + (golden * (high - low));
                atB = CrossEntropy(Math.Exp(b));
            }
        }

        double scale = Math.Min(limit, Math.Exp(0.5 * (low + high)));
        return ((double)right / n, scale, CrossEntropy(scale));

        double CrossEntropy(double s)
        {
            TensorPrimitives.Multiply(below, s, scratch);
            TensorPrimitives.Exp<double>(scratch, scratch);
            double sum = -s * wanted;
            for (int i = 0; i < used; i++)
                sum += Math.Log(TensorPrimitives.Sum<double>(scratch.AsSpan(i * c, c)));
            return sum;
        }
    }
}
