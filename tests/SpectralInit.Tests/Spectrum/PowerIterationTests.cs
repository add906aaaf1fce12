using MathNet.Numerics.LinearAlgebra;

namespace SpectralInit.Tests;

public class PowerIterationTests
{
    [Fact]
    public void Five_by_five_gaussians_settle_on_the_radius_exactly_when_the_dominant_eigenvalue_is_real_and_isolated()
    {
        Dictionary<PowerIterationVerdict, int> counts = [];
        for (int m = 0; m < 300; m++)
        {
            double[] matrix = GaussianMatrices.Draw(9000 + m, 5);
            SpectralRadiusResult radius = SpectralRadius.Of(matrix, 5);
            double isolation = System.Numerics.Complex.Abs(radius.Eigenvalues[radius.Dominant.Length]) / radius.Value;
            PowerIterationResult result = PowerIteration.Run(matrix, 5, new() { Seed = (ulong)m });
            counts[result.Verdict] = counts.GetValueOrDefault(result.Verdict) + 1;
            if (isolation < 0.97)
                result.Verdict.Should().Be(radius.Dominant.Length == 1 ? PowerIterationVerdict.Converged : PowerIterationVerdict.ComplexPair, "matrix {0}", m);
            if (result.StretchingFactor is { } factor)
                factor.Should().BeApproximately(radius.Value, 1e-6 * radius.Value, "a factor is never wrong (matrix {0})", m);
            else
                result.Radius!.Value.Should().Be(radius.Value);
            if (result.QuotientsSettled)
            {
                result.Quotients[^1].Should().BeApproximately(radius.Value, 1e-8 * radius.Value);
                result.Eigenvalue.Should().BeApproximately(radius.Dominant[0].Real, 1e-6 * radius.Value);
                Vector<double> v = Vector<double>.Build.DenseOfEnumerable(result.Eigenvector);
                (Matrix<double>.Build.DenseOfRowMajor(5, 5, matrix) * v - result.Eigenvalue!.Value * v).L2Norm().Should().BeLessThan(1e-8 * radius.Value);
                result.Eigenvector.MaxBy(Math.Abs).Should().BePositive();
            }
        }

        counts[PowerIterationVerdict.Converged].Should().BeGreaterThan(100);
        counts[PowerIterationVerdict.ComplexPair].Should().BeGreaterThan(80);
    }

    [Fact]
    public void Rotations_alternations_shears_and_nilpotent_matrices_are_told_apart()
    {
        double c = Math.Cos(1), s = Math.Sin(1);
        PowerIterationResult rotation = PowerIteration.Run([3 * c, -3 * s, 3 * s, 3 * c], 2);
        rotation.Verdict.Should().Be(PowerIterationVerdict.ComplexPair);
        rotation.StretchingFactor.Should().BeApproximately(3, 1e-12);
        rotation.Eigenvalue.Should().BeNull();

        PowerIterationResult alternating = PowerIteration.Run([1, 4, 0, 2.0, -1, 1, 0, 0, 0.5], 3);
        alternating.Verdict.Should().Be(PowerIterationVerdict.Alternating);
        alternating.StretchingFactor.Should().BeApproximately(3, 1e-9);
        (alternating.Quotients[^1] * alternating.Quotients[^2]).Should().BeApproximately(9, 1e-8);

        PowerIterationResult shear = PowerIteration.Run([1.0, 1, 0, 1], 2);
        shear.Verdict.Should().Be(PowerIterationVerdict.Slow);
        shear.StretchingFactor.Should().BeNull();
        shear.Radius!.Value.Should().Be(1);

        PowerIterationResult nilpotent = PowerIteration.Run([0.0, 1, 5, 0, 0, 1, 0, 0, 0], 3);
        nilpotent.Verdict.Should().Be(PowerIterationVerdict.Nilpotent);
        nilpotent.StretchingFactor.Should().Be(0);
        nilpotent.LogNorms[^1].Should().Be(double.NegativeInfinity);
        nilpotent.Iterations.Should().Be(3);

        // A nilpotent matrix in a rotated basis, where rounding hides it.
        Matrix<double> q = Matrix<double>.Build.DenseOfRowMajor(4, 4, GaussianMatrices.Draw(55, 4)).QR().Q;
        Matrix<double> shift = Matrix<double>.Build.Dense(4, 4, (i, j) => j == i + 1 ? 1 : 0);
        PowerIterationResult hidden = PowerIteration.Run(q * shift * q.Transpose());
        (hidden.Verdict == PowerIterationVerdict.Nilpotent || hidden.StretchingFactor is null).Should().BeTrue();

        PowerIteration.Run(new double[9], 3).Verdict.Should().Be(PowerIterationVerdict.Nilpotent);
        PowerIteration.Run(Array.Empty<double>(), 0).Iterations.Should().Be(0);
        PowerIterationResult scalar = PowerIteration.Run([-4.0], 1);
        scalar.Eigenvalue.Should().Be(-4);
        scalar.Eigenvector.Should().Equal(1);
    }

    [Fact]
    public void A_cycle_of_three_never_settles_and_says_so()
    {
        PowerIterationResult result = PowerIteration.Run([0.0, 2, 0, 0, 0, 3, 4, 0, 0], 3);
        result.Verdict.Should().Be(PowerIterationVerdict.NotConverged);
        result.StretchingFactor.Should().BeNull();
        result.Radius!.Value.Should().BeApproximately(Math.Cbrt(24), 1e-13);
        result.Iterations.Should().Be(1000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1e-250)]
    [InlineData(1e250)]
    public void What_never_settles_carries_the_radius_of_the_direct_method_however_the_matrix_is_stored(double scale)
    {
        // A cycle of four: eigenvalues ±2, ±2i. Its quotients repeat for ever; twenty steps are enough to see it.
        double[] cycle = [0, scale, 0, 0, 0, 0, 2 * scale, 0, 0, 0, 0, 4 * scale, 2 * scale, 0, 0, 0];
        PowerIterationOptions few = new() { MaxIterations = 20 };
        DelegateOperator products = new(4, (x, y) => new DenseOperator(cycle, 4, 4).Apply(x, y));
        foreach (PowerIterationResult result in new[] { PowerIteration.Run(cycle, 4, few), PowerIteration.Run(products, few) })
        {
            (result.Verdict, result.Iterations, result.StretchingFactor).Should().Be((PowerIterationVerdict.NotConverged, 20, null));
            result.Radius!.Method.Should().Be(SpectralRadiusMethod.Direct);
            result.Radius.Converged.Should().BeTrue();
            result.Radius.Value.Should().BeApproximately(2 * scale, 1e-13 * scale);
            result.Radius.Dominant.Should().HaveCount(4);
            result.Radius.Dominant[0].Real.Should().BeApproximately(2 * scale, 1e-13 * scale);
        }

        PowerIteration.Run(products, few with { ResolveUnsettled = false }).Radius.Should().BeNull();
    }

    [Fact]
    public void A_small_factor_is_believed_only_where_the_direct_radius_is_not_lost_in_rounding()
    {
        // Nilpotent in a rotated basis but for a few roundings, which leave a pair of about 3e-8 on which the iteration settles. The direct radius cannot be told from zero.
        double c = Math.Cos(0.5), s = Math.Sin(0.5);
        double[] hidden = [-c * s, c * c, 1e-15 - (s * s), c * s];
        PowerIterationOptions loose = new() { Tolerance = 1e-3 };
        foreach (PowerIterationResult result in new[] { PowerIteration.Run(hidden, 2, loose), PowerIteration.Run(new DenseOperator(hidden, 2, 2), loose) })
        {
            result.Verdict.Should().Be(PowerIterationVerdict.Nilpotent);
            result.StretchingFactor.Should().Be(0);
            result.LogNorms.Should().OnlyContain(value => double.IsFinite(value), "rounding hides that it is");
        }

        // As small a pair that is there, ±1e-8: of the 2×2 matrix that the iterates give for it cancellation leaves few digits.
        PowerIterationResult small = PowerIteration.Run([0, 1, 1e-16, 0], 2);
        (small.StretchingFactor ?? small.Radius!.Value).Should().BeApproximately(1e-8, 1e-14);
        PowerIterationResult larger = PowerIteration.Run([0, 1, 1e-6, 0], 2);
        larger.Verdict.Should().Be(PowerIterationVerdict.Alternating);
        larger.StretchingFactor.Should().BeApproximately(1e-3, 1e-9);
    }

    [Fact]
    public void A_matrix_whose_norm_dwarfs_its_radius_is_not_called_nilpotent()
    {
        // An entry of 1e12 on one side of the diagonal, of order one on the other: ρ is near the root of their product.
        const int n = 400;
        double[] matrix = GaussianMatrices.Draw(31, n);
        matrix[(3 * n) + 9] = 1e12;
        PowerIterationResult result = PowerIteration.Run(matrix, n);
        result.Verdict.Should().NotBe(PowerIterationVerdict.Nilpotent);
        (result.StretchingFactor ?? result.Radius!.Value).Should().BeApproximately(Math.Sqrt(1e12 * Math.Abs(matrix[(9 * n) + 3])), 1e4);
    }

    [Theory]
    [InlineData(1e200)]
    [InlineData(1e-200)]
    public void Five_hundred_steps_do_not_overflow_at_any_scale(double scale)
    {
        double[] matrix = [.. GaussianMatrices.Draw(2, 20).Select(value => value * scale)];
        double radius = SpectralRadius.Of(matrix, 20).Value;
        PowerIterationResult result = PowerIteration.Run(matrix, 20, new() { MaxIterations = 500, StopWhenSettled = false });
        result.LogNorms.Should().HaveCount(501);
        result.LogNorms.Should().OnlyContain(value => double.IsFinite(value));
        (result.LogNorms[500] / 500).Should().BeApproximately(Math.Log(radius), 0.02);
        result.LogNorms[7].Should().BeApproximately(result.LogNorms[6] + Math.Log(result.Quotients[6]), 1e-9);
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        (Action Call, string Parameter)[] calls =
        [
            (() => PowerIteration.Run(new double[5], 2), "matrix"),
            (() => PowerIteration.Run(new double[4], -1), "dimension"),
            (() => PowerIteration.Run([1, double.NaN, 0, 0], 2), "matrix"),
            (() => PowerIteration.Run(Matrix<double>.Build.Dense(3, 2)), "matrix"),
            (() => PowerIteration.Run(new double[4], 2, new() { MaxIterations = 0 }), "MaxIterations"),
            (() => PowerIteration.Run(new double[4], 2, new() { Start = [1] }), "Start"),
            (() => PowerIteration.Run(new double[4], 2, new() { Start = [0, 0] }), "Start"),
            (() => PowerIteration.Run(new double[4], 2, new() { Start = [double.NaN, 0] }), "Start"),
        ];
        foreach ((Action call, string parameter) in calls)
            call.Should().Throw<ArgumentException>().Which.ParamName.Should().Be(parameter);
    }
}
