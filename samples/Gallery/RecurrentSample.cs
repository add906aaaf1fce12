using System.Globalization;
using SpectralInit;

namespace Gallery;

/// <summary>A recurrent layer whose weights are the dynamics of a series, beside a random reservoir of the same size.</summary>
internal static class RecurrentSample
{
    private const int Units = 24;

    public static void Run(GalleryContext context)
    {
        (double[] series, int features) = context.Find("finance/cvxsimulator_prices.csv") is string file ? Returns(file) : (Made.Cycles(1500, 12, 1), 12);
        Standardize(series, features);
        int steps = series.Length / features, train = steps * 7 / 10;
        Console.WriteLine($"{steps:N0} steps of {features} series");

        DynamicModes modes = DynamicModes.Fit(series.AsSpan(0, train * features), features, new() { Components = Math.Min(Units, 2 * features), Window = 2 });
        int units = modes.Components;
        double[] dynamic = States(series, features, 2, units, modes.InputWeights.Create<double>(WeightShape.Dense(modes.Inputs, units)), modes.RecurrentWeights.Create<double>(WeightShape.Recurrent(units, units)), modes.Bias);
        double[] random = States(series, features, 2, units, new XavierInitializer().Create<double>(WeightShape.Dense(2 * features, units), 1), new ReservoirInitializer(0.9).Create<double>(WeightShape.Recurrent(units, units), 1), new double[units]);
        (double dynamicError, double[] dynamicLine) = OneStep(dynamic, series, features, units, train);
        (double randomError, double[] randomLine) = OneStep(random, series, features, units, train);
        Console.WriteLine($"one-step linear prediction, mean squared error over the last 30 % (1 = predicting the mean): dynamic modes {dynamicError:F3}, random reservoir {randomError:F3}");
        Console.WriteLine($"fitted spectral radius {modes.FittedRadius:F3}, slowest mode turns {Math.Abs(modes.Modes[0].Phase):F3} radians a step");

        const int Shown = 120;
        double[] x = [.. Enumerable.Range(train, Shown).Select(t => (double)t)];
        double[] truth = [.. Enumerable.Range(train + 1, Shown).Select(t => series[t * features])];
        context.Save(
            new SvgPlot("First series, one step ahead", "step", "value").Line("series", x, truth)
                .Line("dynamic modes", x, dynamicLine.AsSpan(0, Shown)).Line("random reservoir", x, randomLine.AsSpan(0, Shown), dashed: true),
            "recurrent.svg");
    }

    private static double[] States(double[] series, int features, int window, int units, double[] input, double[] recurrent, ReadOnlySpan<double> bias)
    {
        int steps = series.Length / features;
        double[] states = new double[steps * units];
        for (int t = window - 1; t < steps; t++)
        {
            for (int u = 0; u < units; u++)
            {
                double sum = bias[u];
                for (int w = 0; w < window; w++)
                {
                    for (int f = 0; f < features; f++)
                        sum += input[(u * window * features) + (w * features) + f] * series[((t - w) * features) + f];
                }

                for (int v = 0; t > 0 && v < units; v++)
                    sum += recurrent[(u * units) + v] * states[((t - 1) * units) + v];
                states[(t * units) + u] = Math.Tanh(sum / 2);
            }
        }

        return states;
    }

    // Ridge regression of the next row on the state; error on the steps after the training part, and the first series' predictions there.
    private static (double Error, double[] First) OneStep(double[] states, double[] series, int features, int units, int train)
    {
        int steps = series.Length / features;
        double[] next = series.AsSpan(features, (train - 1) * features).ToArray();
        RidgeReadout readout = RidgeReadout.Fit(RowSource.From(states[..((train - 1) * units)], units), Targets.Values(next, features));
        double error = 0;
        List<double> first = [];
        for (int t = train; t < steps - 1; t++)
        {
            for (int f = 0; f < features; f++)
            {
                double prediction = readout.Bias[f];
                for (int u = 0; u < units; u++)
                    prediction += readout.Weights[(f * units) + u] * states[(t * units) + u];
                double miss = prediction - series[((t + 1) * features) + f];
                error += miss * miss / ((steps - 1 - train) * features);
                if (f == 0)
                    first.Add(prediction);
            }
        }

        return (error, [.. first]);
    }

    private static void Standardize(double[] series, int features)
    {
        int steps = series.Length / features;
        for (int f = 0; f < features; f++)
        {
            double mean = 0, square = 0;
            for (int t = 0; t < steps; t++)
                mean += series[(t * features) + f] / steps;
            for (int t = 0; t < steps; t++)
                square += Math.Pow(series[(t * features) + f] - mean, 2) / steps;
            for (int t = 0; t < steps; t++)
                series[(t * features) + f] = (series[(t * features) + f] - mean) / Math.Sqrt(square);
        }
    }

    // Log returns of the columns without gaps.
    private static (double[] Series, int Features) Returns(string file)
    {
        string[][] lines = [.. File.ReadLines(file).Skip(1).Select(line => line.Split(','))];
        int[] full = [.. Enumerable.Range(1, lines[0].Length - 1).Where(column => lines.All(line => line[column].Length > 0))];
        if (full.Length == 0)
        {
            lines = lines[(lines.Length / 2)..];
            full = [.. Enumerable.Range(1, lines[0].Length - 1).Where(column => lines.All(line => line[column].Length > 0))];
        }

        double[] series = [.. from t in Enumerable.Range(1, lines.Length - 1)
                              from column in full
                              select Math.Log(Price(lines[t][column]) / Price(lines[t - 1][column]))];
        return (series, full.Length);
    }

    private static double Price(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
