using System.Numerics;

namespace SpectralInit.Benchmarks.Accuracy;

/// <summary>
/// Covariances by the definition, two passes, every sum and product in pairs of doubles (Dekker, "A floating-point technique for extending the
/// available precision", 1971; Knuth's two-sum): about 32 digits.
/// </summary>
internal static class DoubledCovariance
{
    public static double[] Of<T>(T[] rows, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = rows.Length / columns;
        Doubled[] mean = new Doubled[columns];
        for (int i = 0; i < rows.Length; i++)
            mean[i % columns] += new Doubled(double.CreateTruncating(rows[i]), 0);
        for (int j = 0; j < columns; j++)
            mean[j] /= n;

        Doubled[] sums = new Doubled[columns * columns], centered = new Doubled[columns];
        for (int row = 0; row < n; row++)
        {
            for (int j = 0; j < columns; j++)
                centered[j] = mean[j].SubtractFrom(double.CreateTruncating(rows[(row * columns) + j]));
            for (int i = 0; i < columns; i++)
            {
                for (int j = 0; j <= i; j++)
                    sums[(i * columns) + j] += centered[i] * centered[j];
            }
        }

        double[] covariance = new double[columns * columns];
        for (int i = 0; i < columns; i++)
        {
            for (int j = 0; j <= i; j++)
                covariance[(i * columns) + j] = covariance[(j * columns) + i] = (sums[(i * columns) + j] / (n - 1)).High;
        }

        return covariance;
    }

    private readonly record struct Doubled(double High, double Low)
    {
        public static Doubled operator +(Doubled left, Doubled right)
        {
            double sum = left.High + right.High, part = sum - left.High;
            double error = left.High - (sum - part) + (right.High - part) + left.Low + right.Low;
            return Settled(sum, error);
        }

        public static Doubled operator *(Doubled left, Doubled right)
        {
            double product = left.High * right.High;
            return Settled(product, Math.FusedMultiplyAdd(left.High, right.High, -product) + (left.High * right.Low) + (left.Low * right.High));
        }

        public static Doubled operator /(Doubled left, double right)
        {
            double quotient = left.High / right;
            return Settled(quotient, (Math.FusedMultiplyAdd(-quotient, right, left.High) + left.Low) / right);
        }

        public Doubled SubtractFrom(double value) => new Doubled(value, 0) + new Doubled(-High, -Low);

        private static Doubled Settled(double high, double low)
        {
            double sum = high + low;
            return new(sum, low - (sum - high));
        }
    }
}
