using SpectralInit.Tests.Weights;

namespace SpectralInit.Tests.Networks;

public class TangentKernelTests
{
    [Theory]
    [InlineData(LayerActivation.Relu)]
    [InlineData(LayerActivation.Tanh)]
    [InlineData(LayerActivation.Gelu)]
    public void It_is_the_inner_product_of_all_gradients(LayerActivation activation)
    {
        // One hidden layer and readout weights ±1/√h, whose squares are their expectation: no average is left to take.
        const int N = 6, D = 4, H = 20;
        (double[] rows, _) = Samples.Sign(N, D, seed: 60);
        DenseLayer layer = new(D, H, activation);
        double[] weights = new HeInitializer().Create<double>(layer.Shape, 61), bias = [.. Enumerable.Range(0, H).Select(j => 0.1 * Math.Sin(j))];
        double[] readout = [.. Enumerable.Range(0, H).Select(j => (j % 3 == 0 ? -1 : 1) / Math.Sqrt(H))];
        double[] kernel = TangentKernel.Of(rows, TangentKernel.Gram(rows, N), N, [new DenseParameters(layer, weights, bias)]);

        double[] parameters = [.. weights, .. bias, .. readout, 0];
        double[][] gradients = [.. Enumerable.Range(0, N).Select(i => Enumerable.Range(0, parameters.Length).Select(p =>
        {
            double Output(double step)
            {
                double[] moved = [.. parameters];
                moved[p] += step;
                double[] hidden = new DenseParameters(layer, moved[..(H * D)], moved[(H * D)..((H * D) + H)]).Forward(rows.AsSpan(i * D, D), 1);
                return moved[^1] + hidden.Select((value, j) => value * moved[(H * D) + H + j]).Sum();
            }

            return (Output(1e-6) - Output(-1e-6)) / 2e-6;
        }).ToArray())];
        for (int i = 0; i < N; i++)
        {
            for (int j = 0; j < N; j++)
                kernel[(i * N) + j].Should().BeApproximately(gradients[i].Zip(gradients[j], (a, b) => a * b).Sum(), 1e-6);
        }
    }

    [Fact]
    public void Wide_ReLU_layers_have_the_kernel_of_the_limit()
    {
        // Jacot et al. with Cho and Saul's arc-cosine kernels, for two wide He layers.
        const int D = 3, H = 4000;
        double[] rows = [1, 0.5, -0.2, -0.3, 0.8, 0.4];
        DenseParameters[] hidden = [LayerStack.He(new(D, H, LayerActivation.Relu), 62), LayerStack.He(new(H, 500, LayerActivation.Relu), 63)];
        double[] kernel = TangentKernel.Of(rows, TangentKernel.Gram(rows, 2), 2, hidden);

        double[] gram = [1.29, 0.02, 0.02, 0.89], first = [gram[0] * 2 / D, gram[1] * 2 / D, gram[2] * 2 / D, gram[3] * 2 / D];
        double[] expected = [.. new[] { (0, 0), (0, 1), (1, 1) }.Select(pair =>
        {
            (int i, int j) = pair;
            double Angle(double[] k) => Math.Acos(Math.Clamp(k[(i * 2) + j] / Math.Sqrt(k[i * 3] * k[j * 3]), -1, 1));
            double Slopes(double[] k) => (Math.PI - Angle(k)) / (2 * Math.PI);
            double Values(double[] k) => Math.Sqrt(k[i * 3] * k[j * 3]) * (Math.Sin(Angle(k)) + ((Math.PI - Angle(k)) * Math.Cos(Angle(k)))) / (2 * Math.PI);

            // Layer sums: He's factor 2/h makes the second pre-activations' covariance 2·E[relu·relu]; widths multiply the Gram matrices of activations.
            double one = Values(first);
            double[] second = [first[0], 2 * one, 2 * one, first[3]];
            return (500 * Values(second)) + 1 + ((((gram[(i * 2) + j] + 1) * 2 * Slopes(first)) + (H * one) + 1) * Slopes(second));
        })];
        kernel[0].Should().BeApproximately(expected[0], 0.1 * expected[0]);
        kernel[1].Should().BeApproximately(expected[1], 0.1 * expected[1]);
        kernel[3].Should().BeApproximately(expected[2], 0.1 * expected[2]);
        kernel[1].Should().Be(kernel[2]);
    }

    [Fact]
    public void Errors_are_those_of_kernel_ridge_regression()
    {
        // The kernel 1 + x·x′ with a small ridge is linear least squares with an intercept: on a straight line nothing is left.
        const int N = 30;
        (double[] rows, _) = Samples.Sign(N, 2, seed: 64);
        double[] kernel = new double[N * N];
        RowMajor.MultiplyTransposed(rows, rows, kernel, N, N, 2);
        for (int i = 0; i < kernel.Length; i++)
            kernel[i] += 1;
        double[] line = [.. Enumerable.Range(0, N).Select(i => 3 + rows[2 * i] - (2 * rows[(2 * i) + 1]))];
        double[][] errors = TangentKernel.Errors(kernel, N, 20, line, 1);
        errors.Should().HaveCount(TangentKernel.Ridges);
        errors[0].Should().HaveCount(10).And.OnlyContain(error => error < 1e-2);

        // A large ridge leaves the mean of the rows fitted.
        double mean = line.Take(20).Average();
        errors[^1].Sum().Should().BeLessThan(line.Skip(20).Sum(value => (value - mean) * (value - mean))).And.BeGreaterThan(errors[0].Sum());
        TangentKernel.Errors(new double[N * N], N, 20, line, 1)[0].Sum().Should().BeApproximately(line.Skip(20).Sum(value => (value - mean) * (value - mean)), 1e-9);
    }
}
