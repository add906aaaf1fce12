using MathNet.Numerics.LinearAlgebra;
using Xunit.Abstractions;

namespace SpectralInit.Tests;

public class FinanceTests(ITestOutputHelper output)
{
    private const int Hidden = 32;

    // Daily log returns, standardized by the training part's deviation: rows × assets.
    private static (double[] Returns, int Assets) LogReturns()
    {
        double[][] prices = [.. File.ReadLines(RealData.PathOf(Path.Combine("finance", "cvxsimulator_prices.csv"))).Skip(1).Select(line => line.Split(',')[1..].Select(double.Parse).ToArray())];
        int assets = prices[0].Length, steps = prices.Length - 1, train = steps / 2;
        double[] returns = new double[steps * assets];
        for (int asset = 0; asset < assets; asset++)
        {
            double square = 0;
            for (int t = 0; t < steps; t++)
            {
                double r = returns[(t * assets) + asset] = Math.Log(prices[t + 1][asset] / prices[t][asset]);
                square += t < train ? r * r : 0;
            }

            for (int t = 0; t < steps; t++)
                returns[(t * assets) + asset] /= Math.Sqrt(square / train);
        }

        return (returns, assets);
    }

    // Mean squared one-step error of the best linear (ridge) readout of the states, fitted on the first half, measured on the second, over that of predicting zero.
    private static double Error(double[] returns, int assets, double[] input, double[] bias, double[] recurrent)
    {
        int steps = returns.Length / assets, train = steps / 2;
        Matrix<double> w = Matrix<double>.Build.DenseOfRowMajor(Hidden, assets, input), a = Matrix<double>.Build.DenseOfRowMajor(Hidden, Hidden, recurrent);
        Matrix<double> x = Matrix<double>.Build.Dense(assets, steps, returns), drive = w * x, states = Matrix<double>.Build.Dense(Hidden, steps - 1);
        Vector<double> h = Vector<double>.Build.Dense(Hidden), b = Vector<double>.Build.Dense(bias);
        for (int t = 0; t < steps - 1; t++)
        {
            h = (a * h) + drive.Column(t) + b;
            states.SetColumn(t, h);
        }

        Matrix<double> fitted = states.SubMatrix(0, Hidden, 0, train), held = states.SubMatrix(0, Hidden, train, steps - 1 - train);
        Matrix<double> targets = x.SubMatrix(0, assets, 1, train), heldTargets = x.SubMatrix(0, assets, train + 1, steps - 1 - train);
        Matrix<double> gram = fitted.TransposeAndMultiply(fitted);
        gram += Matrix<double>.Build.DenseIdentity(Hidden) * (0.1 * gram.Trace() / Hidden);
        Matrix<double> readout = gram.Cholesky().Solve(fitted.TransposeAndMultiply(targets)).Transpose();
        return Math.Pow(((readout * held) - heldTargets).FrobeniusNorm() / heldTargets.FrobeniusNorm(), 2);
    }

    [RealDataFact]
    public void Dynamic_modes_of_returns_predict_no_worse_than_random_reservoirs()
    {
        (double[] returns, int assets) = LogReturns();
        int train = returns.Length / assets / 2;
        DynamicModes modes = DynamicModes.Fit(returns.AsSpan(0, train * assets), assets, new() { Components = Hidden, Radius = 0.5 });
        double error = Error(returns, assets, modes.InputWeights.Create<double>(WeightShape.Dense(assets, Hidden)), modes.Bias.ToArray(), modes.RecurrentWeights.Create<double>(WeightShape.Recurrent(Hidden, Hidden)));

        double[] random = [.. Enumerable.Range(0, 10).Select(seed =>
        {
            double[] input = new double[Hidden * assets];
            SpectralInit.Kernels.RandomFill.Normal<double>(input, 0, 1 / Math.Sqrt(assets), (ulong)seed);
            return Error(returns, assets, input, new double[Hidden], new ReservoirInitializer(0.5).Create<double>(WeightShape.Recurrent(Hidden, Hidden), (ulong)seed));
        })];
        output.WriteLine($"dynamic modes {error:f5}, fitted radius {modes.FittedRadius:f3}; random reservoirs {random.Average():f5} ({random.Min():f5} … {random.Max():f5}), of the variance");

        // Returns are nearly unpredictable: what can be asked is that the state does not overfit and is not behind random ones.
        error.Should().BeInRange(0.9, 1.02);
        error.Should().BeLessThan(random.Average() + 0.005);
        SpectralRadius.Of(modes.RecurrentWeights.Create<double>(WeightShape.Recurrent(Hidden, Hidden)), Hidden).Value.Should().BeApproximately(0.5, 1e-9);
    }
}
