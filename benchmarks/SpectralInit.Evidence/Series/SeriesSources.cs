using System.Globalization;

namespace SpectralInit.Evidence;

/// <summary>Series from a table of prices, and made ones.</summary>
internal static class SeriesSources
{
    /// <summary>
    /// Daily log returns of every column, and how large they are, log(|return| + 0.0001), which is more predictable: segments of the table, evenly spread over its length and overlapping.
    /// </summary>
    /// <param name="file">A CSV file with a header and dates in the first column, oldest row first.</param>
    public static SeriesSet[] ReadPrices(string file)
    {
        double[][] prices = [.. File.ReadLines(file).Skip(1).Select((line, row) => Array.ConvertAll(line.Split(',')[1..], text => Number(text, file, row)))];
        if (prices.Length < SeriesSet.Length + 1 || prices.Any(row => row.Length != prices[0].Length) || prices[0].Length == 0)
            throw new InvalidDataException($"{file} must be a table of equally many prices a row, in at least {SeriesSet.Length + 1} rows; it has {prices.Length}.");
        int features = prices[0].Length, steps = prices.Length - 1;
        double[] returns = [.. Enumerable.Range(0, steps).SelectMany(t => prices[t + 1].Zip(prices[t], (next, last) => Math.Log(next / last)))];
        double[] sizes = Array.ConvertAll(returns, value => Math.Log(Math.Abs(value) + 1e-4));
        return [Cut("returns", returns), Cut("volatility", sizes)];

        SeriesSet Cut(string name, double[] series) => new(name, features, (repetition, repetitions) =>
        {
            int start = (int)((long)repetition * (steps - SeriesSet.Length) / Math.Max(1, repetitions - 1));
            return series.AsSpan(start * features, SeriesSet.Length * features).ToArray();
        });
    }

    /// <summary>Twelve coupled cells of Lorenz's 1996 model (Predictability: a problem partly solved), forcing 8, every 0.1 time units, observed with noise; each repetition starts elsewhere.</summary>
    public static SeriesSet Lorenz()
    {
        const int Cells = 12, StepsBetween = 10;
        const double Forcing = 8, Step = 0.01, Noise = 0.2;
        return new("lorenz", Cells, (repetition, _) =>
        {
            Draws draws = new($"lorenz {repetition}");
            double[] x = Array.ConvertAll(draws.Normal(Cells), value => Forcing + value), series = new double[SeriesSet.Length * Cells];
            float[] noise = draws.Normal(series.Length);
            for (int t = -100; t < SeriesSet.Length; t++)
            {
                for (int i = 0; i < StepsBetween; i++)
                    x = Advance(x, Forcing, Step);
                for (int j = 0; j < Cells && t >= 0; j++)
                    series[(t * Cells) + j] = x[j] + (Noise * noise[(t * Cells) + j]);
            }

            return series;
        });
    }

    /// <summary>Twelve mixtures of four damped cycles that noise keeps going, observed with noise: a series whose step is linear. Each repetition draws its own noise.</summary>
    public static SeriesSet Cycles()
    {
        const int Features = 12, Cycles = 4;
        const double Damping = 0.98, Noise = 1;
        float[] mixing = new Draws("cycles").Normal(Features * 2 * Cycles);
        return new("cycles", Features, (repetition, _) =>
        {
            Draws draws = new($"cycles {repetition}");
            double[] z = new double[2 * Cycles], series = new double[SeriesSet.Length * Features];
            for (int t = -200; t < SeriesSet.Length; t++)
            {
                float[] push = draws.Normal(2 * Cycles), noise = draws.Normal(Features);
                for (int c = 0; c < Cycles; c++)
                {
                    (double sine, double cosine) = Math.SinCos(0.15 * (c + 1));
                    (double x, double y) = (z[2 * c], z[(2 * c) + 1]);
                    z[2 * c] = (Damping * ((cosine * x) - (sine * y))) + (0.2 * push[2 * c]);
                    z[(2 * c) + 1] = (Damping * ((sine * x) + (cosine * y))) + (0.2 * push[(2 * c) + 1]);
                }

                for (int j = 0; j < Features && t >= 0; j++)
                {
                    double sum = Noise * noise[j];
                    for (int k = 0; k < z.Length; k++)
                        sum += mixing[(j * z.Length) + k] * z[k];
                    series[(t * Features) + j] = sum;
                }
            }

            return series;
        });
    }

    // One step of the classical Runge–Kutta method.
    private static double[] Advance(double[] x, double forcing, double step)
    {
        double[] Slope(double[] at) => [.. Enumerable.Range(0, at.Length).Select(i =>
            ((at[(i + 1) % at.Length] - at[(i + at.Length - 2) % at.Length]) * at[(i + at.Length - 1) % at.Length]) - at[i] + forcing)];
        double[] Moved(double[] slope, double by) => [.. x.Zip(slope, (value, change) => value + (by * change))];
        double[] k1 = Slope(x), k2 = Slope(Moved(k1, step / 2)), k3 = Slope(Moved(k2, step / 2)), k4 = Slope(Moved(k3, step));
        return [.. x.Select((value, i) => value + (step / 6 * (k1[i] + (2 * k2[i]) + (2 * k3[i]) + k4[i])))];
    }

    private static double Number(string text, string file, int row) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value > 0 && double.IsFinite(value)
            ? value
            : throw new InvalidDataException($"{file}: row {row + 1} holds '{text}', which is not a positive price.");
}
