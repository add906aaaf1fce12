using MathNet.Numerics.LinearAlgebra;

namespace SpectralInit.Tests.Moments;

public class CovarianceEstimateTests
{
    private static readonly Matrix<double> s_matrix = Matrix<double>.Build.DenseOfArray(new double[,] { { 4, 1, 0 }, { 1, 3, -1 }, { 0, -1, 2 } });

    [Fact]
    public void A_matrix_goes_in_and_comes_out()
    {
        CovarianceEstimate estimate = CovarianceEstimate.FromMatrix(s_matrix, [1.0, 2, 3], 10);
        estimate.ToMatrix().Should().Be(s_matrix);
        estimate.Trace.Should().Be(9);
        estimate.Mean.Should().Equal(1, 2, 3);
        estimate.Count.Should().Be(10);
        CovarianceEstimate.FromMatrix(s_matrix).Mean.Should().Equal(0, 0, 0);
    }

    [Fact]
    public void The_matrix_that_comes_out_is_a_copy()
    {
        CovarianceEstimate estimate = CovarianceEstimate.FromMatrix(s_matrix);
        estimate.ToMatrix()[0, 0] = 100;
        estimate.Values[0].Should().Be(4);
    }

    [Fact]
    public void What_is_no_covariance_is_refused()
    {
        Refuse(matrix => matrix[0, 1] = 2, "*symmetric*");
        Refuse(matrix => matrix[2, 2] = -1, "*variance*");
        Refuse(matrix => matrix[1, 2] = double.NaN, "*Row 1, column 2*");
        new Action(() => CovarianceEstimate.FromMatrix(Matrix<double>.Build.Dense(2, 3))).Should().Throw<ArgumentException>().WithParameterName("covariance");
        new Action(() => CovarianceEstimate.FromMatrix(s_matrix, [1.0])).Should().Throw<ArgumentException>().WithParameterName("mean");
        new Action(() => CovarianceEstimate.FromMatrix(s_matrix, [1.0, double.NaN, 2])).Should().Throw<ArgumentException>().WithParameterName("mean");
        new Action(() => CovarianceEstimate.FromMatrix(s_matrix, count: -1)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("count");

        static void Refuse(Action<Matrix<double>> spoil, string message)
        {
            Matrix<double> matrix = s_matrix.Clone();
            spoil(matrix);
            new Action(() => CovarianceEstimate.FromMatrix(matrix)).Should().Throw<ArgumentException>().WithParameterName("covariance").WithMessage(message);
        }
    }

    [Fact]
    public void Shrinking_keeps_the_trace_and_ends_in_a_sphere()
    {
        CovarianceEstimate estimate = CovarianceEstimate.FromMatrix(s_matrix);
        estimate.Shrink(0).Values.Should().Equal(estimate.Values);
        CovarianceEstimate half = estimate.Shrink(0.5);
        half.Values.Should().Equal(3.5, 0.5, 0, 0.5, 3, -0.5, 0, -0.5, 2.5);
        half.Shrinkage.Should().Be(0.5);
        estimate.Shrink(1).ToMatrix().Should().Be(3 * Matrix<double>.Build.DenseIdentity(3));
        foreach (double intensity in new[] { -0.1, 1.1, double.NaN })
            new Action(() => estimate.Shrink(intensity)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("intensity");
    }

    [Fact]
    public void A_ridge_raises_the_diagonal()
    {
        CovarianceEstimate estimate = CovarianceEstimate.FromMatrix(s_matrix).AddRidge(2);
        estimate.ToMatrix().Should().Be(s_matrix + (2 * Matrix<double>.Build.DenseIdentity(3)));
        foreach (double ridge in new[] { -1, double.NaN, double.PositiveInfinity })
            new Action(() => estimate.AddRidge(ridge)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("ridge");
    }

    [Fact]
    public void Normalization_changes_there_and_back()
    {
        double[] rows = [1, 2, 4, 3, 5, 9, 0, 1];
        CovarianceEstimate unbiased = Covariance.Of(rows, 2), likely = Covariance.Of(rows, 2, CovarianceNormalization.MaximumLikelihood);
        likely.Normalization.Should().Be(CovarianceNormalization.MaximumLikelihood);
        unbiased.Normalized(CovarianceNormalization.MaximumLikelihood).Values.Zip(likely.Values, (a, e) => Math.Abs(a - e)).Max().Should().BeLessThan(1e-14);
        likely.Normalized(CovarianceNormalization.Unbiased).Values.Zip(unbiased.Values, (a, e) => Math.Abs(a - e)).Max().Should().BeLessThan(1e-14);
        unbiased.Normalized(CovarianceNormalization.Unbiased).Should().BeSameAs(unbiased);
        new Action(() => CovarianceEstimate.FromMatrix(s_matrix).Normalized(CovarianceNormalization.MaximumLikelihood)).Should().Throw<InvalidOperationException>();
        new Action(() => Covariance.OracleApproximating(CovarianceEstimate.FromMatrix(s_matrix))).Should().Throw<ArgumentException>().WithParameterName("covariance");
    }
}
