using MathNet.Numerics.LinearAlgebra;

namespace SpectralInit.Tests;

public class RecurrentInitializerTests
{
    [Fact]
    public void Gates_are_initialized_apart_in_either_layout()
    {
        IWeightInitializer inner = new SpectrallyNormalizedInitializer(new HeInitializer());
        PerGateInitializer gates = new(inner);
        WeightShape shape = WeightShape.Recurrent(6, 5, 4);
        double[] rows = gates.Create<double>(shape, 8);
        for (int gate = 0; gate < 4; gate++)
            rows.AsSpan(gate * 30, 30).ToArray().Should().Equal(inner.Create<double>(WeightShape.Dense(6, 5), Seeds.Derive(8, (ulong)gate)));
        rows.Chunk(30).Select(gate => gate[0]).Should().OnlyHaveUniqueItems();

        double[] columns = gates.Create<double>(shape.With(WeightLayout.InputsFirst), 8);
        double[] first = inner.Create<double>(WeightShape.Dense(6, 5, WeightLayout.InputsFirst), Seeds.Derive(8, 1));
        for (int input = 0; input < 6; input++)
            columns.AsSpan((input * 20) + 5, 5).ToArray().Should().Equal(first.AsSpan(input * 5, 5).ToArray());

        Action wrong = () => new PerGateInitializer(inner, inner).Create<double>(shape);
        wrong.Should().Throw<ArgumentException>().Which.ParamName.Should().Be("shape");
        Action none = () => _ = new PerGateInitializer();
        none.Should().Throw<ArgumentException>().Which.ParamName.Should().Be("gates");
    }

    [Fact]
    public void The_forget_gate_starts_open()
    {
        float[] bias = GateBias.Lstm<float>(3);
        bias.Should().Equal(0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0);
        GateBias.Lstm<Half>(1, 2, forgetGate: 2).Should().Equal((Half)0, (Half)0, (Half)2, (Half)0);
        Action wrong = () => GateBias.Lstm<double>(3, double.NaN);
        wrong.Should().Throw<ArgumentOutOfRangeException>().Which.ParamName.Should().Be("forget");
    }

    [Fact]
    public void A_reservoir_has_its_radius_and_its_connectivity()
    {
        SparseMatrix reservoir = new ReservoirInitializer(0.95, 0.05).CreateSparse(600, 4);
        for (int row = 0; row < 600; row++)
            reservoir.Row(row).Columns.ToArray().Should().HaveCount(30).And.OnlyHaveUniqueItems();
        SpectralRadius.Of(reservoir, new() { Method = SpectralRadiusMethod.Direct }).Value.Should().BeApproximately(0.95, 1e-8);

        float[] dense = new ReservoirInitializer(1.2, 0.2).Create<float>(WeightShape.Recurrent(50, 50), 4);
        SpectralRadius.Of(dense, 50).Value.Should().BeApproximately(1.2, 1e-6);
        dense.Count(value => value != 0).Should().Be(500);
        dense.Should().Equal(new ReservoirInitializer(1.2, 0.2).Create<float>(WeightShape.Recurrent(50, 50), 4));
        new ReservoirInitializer().CreateSparse(0).Rows.Should().Be(0);
        Action wrong = () => new ReservoirInitializer().Create<float>(WeightShape.Recurrent(5, 5, 4));
        wrong.Should().Throw<ArgumentException>().Which.ParamName.Should().Be("shape");
    }

    [Fact]
    public void Ten_thousand_sparse_units_are_scaled_by_krylov()
    {
        SparseMatrix reservoir = new ReservoirInitializer(0.9, 0.001).CreateSparse(10_000, 1, out SpectralRadiusResult before);
        before.Converged.Should().BeTrue();
        before.Method.Should().Be(SpectralRadiusMethod.Arnoldi);

        // Circular law: n·connectivity entries of variance 1 per row give a radius near √10.
        before.Value.Should().BeApproximately(Math.Sqrt(10), 0.3);
        reservoir.EntryCount.Should().Be(100_000);
        before.Residual.Should().BeLessThan(1e-9);
    }

    [Fact]
    public void Dynamic_modes_recover_a_linear_system()
    {
        // x_{t+1} = A·x_t + noise with two damped rotations.
        int d = 4, steps = 20_000;
        double[] noise = new double[steps * d];
        SpectralInit.Kernels.RandomFill.Normal<double>(noise, 0, 1, 5);
        Matrix<double> a = Matrix<double>.Build.DenseOfArray(new[,] { { 0.9, -0.3, 0, 0 }, { 0.3, 0.9, 0, 0 }, { 0, 0, 0.5, 0.4 }, { 0, 0, -0.4, 0.5 } });
        Matrix<double> mix = Matrix<double>.Build.DenseOfRowMajor(4, 4, GaussianMatrices.Draw(66, 4));
        Vector<double> x = Vector<double>.Build.Dense(d);
        double[] series = new double[steps * d];
        for (int t = 0; t < steps; t++)
        {
            x = (a * x) + Vector<double>.Build.Dense(d, i => noise[(t * d) + i]);
            (mix * x).AsArray().CopyTo(series, t * d);
        }

        DynamicModes modes = DynamicModes.Fit(series, d, new() { Ridge = 0, Radius = 0.8 });
        modes.FittedRadius.Should().BeApproximately(Math.Sqrt(0.9), 0.01);
        modes.Modes[0].Phase.Should().BeApproximately(Math.Atan2(0.3, 0.9), 0.02);
        double[] recurrent = modes.RecurrentWeights.Create<double>(WeightShape.Recurrent(4, 4));
        SpectralRadius.Of(recurrent, 4).Value.Should().BeApproximately(0.8, 1e-10);

        // The inputs are uncorrelated and centered, and every unit of the linear layer has variance 1 on the series.
        double[] input = modes.InputWeights.Create<double>(WeightShape.Dense(4, 4));
        Matrix<double> w = Matrix<double>.Build.DenseOfRowMajor(4, 4, input), data = Matrix<double>.Build.Dense(4, steps, series);
        Vector<double> mean = data.RowSums() / steps;
        Matrix<double> centered = data - (mean.ToColumnMatrix() * Matrix<double>.Build.Dense(1, steps, 1));
        Matrix<double> covariance = w * (centered * centered.Transpose() / (steps - 1)) * w.Transpose();
        (covariance - Matrix<double>.Build.DenseOfDiagonalVector(covariance.Diagonal())).FrobeniusNorm().Should().BeLessThan(1e-9);
        ((w * mean) + Vector<double>.Build.Dense(modes.Bias.ToArray())).L2Norm().Should().BeLessThan(1e-9);
        StateVariances(modes, centered, w, 0.8).Should().OnlyContain(variance => Math.Abs(variance - 1) < 1e-6);

        // A radius of 1 or more has no stationary variance: the inputs are white instead.
        DynamicModes unstable = DynamicModes.Fit(series, d, new() { Ridge = 0, Radius = 1.1 });
        w = Matrix<double>.Build.DenseOfRowMajor(4, 4, unstable.InputWeights.Create<double>(WeightShape.Dense(4, 4)));
        covariance = w * (centered * centered.Transpose() / (steps - 1)) * w.Transpose();
        (covariance - Matrix<double>.Build.DenseIdentity(4)).FrobeniusNorm().Should().BeLessThan(1e-9);
        SpectralRadius.Of(unstable.RecurrentWeights.Create<double>(WeightShape.Recurrent(4, 4)), 4).Value.Should().BeApproximately(1.1, 1e-10);
    }

    // Variances of the states of the linear layer over the series.
    private static double[] StateVariances(DynamicModes modes, Matrix<double> centered, Matrix<double> input, double radius)
    {
        int k = modes.Components;
        Matrix<double> recurrent = Matrix<double>.Build.DenseOfRowMajor(k, k, modes.RecurrentWeights.Create<double>(WeightShape.Recurrent(k, k)));
        SpectralRadius.Of(recurrent).Value.Should().BeApproximately(radius, 1e-9);
        Matrix<double> states = input * centered;
        for (int t = 1; t < states.ColumnCount; t++)
            states.SetColumn(t, states.Column(t) + (recurrent * states.Column(t - 1)));
        return [.. states.EnumerateRows().Select(row => (row - (row.Sum() / row.Count)).DotProduct(row - (row.Sum() / row.Count)) / row.Count)];
    }

    [Fact]
    public void Dynamic_modes_are_total()
    {
        DynamicModes constant = DynamicModes.Fit([.. Enumerable.Repeat(3.0, 20)], 2);
        constant.RecurrentWeights.Create<float>(WeightShape.Dense(2, 2)).Should().OnlyContain(value => value == 0);
        constant.InputWeights.Create<float>(WeightShape.Dense(2, 2)).Should().OnlyContain(value => float.IsFinite(value));
        DynamicModes few = DynamicModes.Fit(GaussianMatrices.Draw(1, 6), 12, new() { Components = 5 });
        SpectralRadius.Of(few.RecurrentWeights.Create<double>(WeightShape.Dense(5, 5)), 5).Value.Should().BeLessThanOrEqualTo(0.9 + 1e-9);
        (Action Call, string Parameter)[] calls =
        [
            (() => DynamicModes.Fit(new double[7], 2), "series"),
            (() => DynamicModes.Fit(new double[4], 2), "series"),
            (() => DynamicModes.Fit([1, 2, double.NaN, 4, 5, 6], 2), "series"),
            (() => DynamicModes.Fit(new double[20], 0), "features"),
            (() => DynamicModes.Fit(new double[20], 2, new() { Components = 3 }), "Components"),
            (() => DynamicModes.Fit(new double[20], 2, new() { Window = 0 }), "Window"),
            (() => DynamicModes.Fit(new double[20], 2, new() { Radius = -1 }), "Radius"),
            (() => constant.RecurrentWeights.Create<float>(WeightShape.Dense(3, 3)), "shape"),
        ];
        foreach ((Action call, string parameter) in calls)
            call.Should().Throw<ArgumentException>().Which.ParamName.Should().Be(parameter);
    }
}
