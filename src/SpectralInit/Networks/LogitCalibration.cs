using System.Numerics.Tensors;

namespace SpectralInit;

/// <summary>How confident left-out predictions may be: accuracy, and the logit scale of least cross-entropy.</summary>
internal static class LogitCalibration
{
    private const int MaxRows = 5000;

    public static (double Accuracy, double Scale) Of(double[] predictions, Targets targets)
    {
        int n = targets.Count, c = targets.Outputs, right = 0;
        for (int i = 0; i < n; i++)
        {
            if (TensorPrimitives.IndexOfMax<double>(predictions.AsSpan(i * c, c)) == targets.Labels[i])
                right++;
        }

        // Cross-entropy is convex in s: golden-section search over log s.
        double low = Math.Log(0.3), high = Math.Log(100), golden = (Math.Sqrt(5) - 1) / 2;
        double a = high - (golden * (high - low)), b = low + (golden * (high - low));
        double atA = CrossEntropy(predictions, targets, Math.Exp(a)), atB = CrossEntropy(predictions, targets, Math.Exp(b));
        for (int i = 0; i < 24; i++)
        {
            if (atA <= atB)
            {
                (high, b, atB) = (b, a, atA);
                a = high - (golden * (high - low));
                atA = CrossEntropy(predictions, targets, Math.Exp(a));
            }
            else
            {
                (low, a, atA) = (a, b, atB);
                b = low + (golden * (high - low));
                atB = CrossEntropy(predictions, targets, Math.Exp(b));
            }
        }

        return ((double)right / n, Math.Exp(0.5 * (low + high)));
    }

    private static double CrossEntropy(double[] predictions, Targets targets, double scale)
    {
        int n = targets.Count, c = targets.Outputs, step = ((n - 1) / MaxRows) + 1;
        double sum = 0;
        for (int i = 0; i < n; i += step)
        {
            ReadOnlySpan<double> row = predictions.AsSpan(i * c, c);
            double largest = TensorPrimitives.Max(row), total = 0;
            foreach (double value in row)
                total += Math.Exp(scale * (value - largest));
            sum += Math.Log(total) - (scale * (row[targets.Labels[i]] - largest));
        }

        return sum;
    }
}
