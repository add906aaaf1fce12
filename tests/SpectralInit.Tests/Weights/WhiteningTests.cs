namespace SpectralInit.Tests.Weights;

public class WhiteningTests
{
    [Theory]
    [InlineData(WhiteningKind.PrincipalComponents)]
    [InlineData(WhiteningKind.ZeroPhase)]
    [InlineData(WhiteningKind.Cholesky)]
    public void Whitened_rows_have_the_identity_as_covariance(WhiteningKind kind)
    {
        double[] rows = Correlated(60);
        Whitening whitening = Whitening.Fit(RowSource.From(rows, 4), new() { Kind = kind });
        double[] white = new double[rows.Length];
        whitening.Transform(rows, white);
        MomentAccumulator moments = new(4);
        moments.Add(white);
        CovarianceEstimate covariance = moments.ToCovariance();
        for (int i = 0; i < 16; i++)
            covariance.Values[i].Should().BeApproximately(i % 5 == 0 ? 1 : 0, 1e-10);
        foreach (double mean in covariance.Mean)
            mean.Should().BeApproximately(0, 1e-10);
        whitening.Rank.Should().Be(4);
    }

    [Fact]
    public void Zero_phase_is_symmetric_and_Cholesky_triangular()
    {
        double[] rows = Correlated(60);
        double[] zero = Whitening.Fit(RowSource.From(rows, 4), new() { Kind = WhiteningKind.ZeroPhase }).Matrix;
        double[] lower = Whitening.Fit(RowSource.From(rows, 4), new() { Kind = WhiteningKind.Cholesky }).Matrix;
        for (int i = 0; i < 4; i++)
        {
            for (int j = 0; j < i; j++)
            {
                zero[(i * 4) + j].Should().Be(zero[(j * 4) + i]);
                lower[(j * 4) + i].Should().Be(0);
            }

            lower[(i * 4) + i].Should().BePositive();
        }
    }

    [Fact]
    public void Principal_components_equal_those_of_scikit_learn()
    {
        // sklearn.decomposition.PCA(whiten=True).fit_transform of these rows (1.2.2), signs by the largest entry of each component.
        double[] rows = [1, 2, 3, 4, 0, 1, 2, 2, 5, 7, 1, 1];
        double[] expected = s_sklearnWhitened;
        Whitening whitening = Whitening.Fit(RowSource.From(rows, 3));
        double[] white = new double[4 * whitening.Outputs];
        whitening.Transform(rows, white);
        for (int i = 0; i < expected.Length; i++)
            white[i].Should().BeApproximately(expected[i], 1e-10);
    }

    [Fact]
    public void Missing_rank_is_reported_and_dropped_or_refused()
    {
        double[] rows = [1, 1, 0, 2, 2, 0, 4, 4, 0, 3, 3, 0];
        Whitening pca = Whitening.Fit(RowSource.From(rows, 3));
        pca.Rank.Should().Be(1);
        pca.Outputs.Should().Be(1);
        Whitening.Fit(RowSource.From(rows, 3), new() { Kind = WhiteningKind.ZeroPhase }).Matrix.Should().OnlyContain(value => double.IsFinite(value));
        FluentActions.Invoking(() => Whitening.Fit(RowSource.From(rows, 3), new() { Kind = WhiteningKind.Cholesky })).Should().Throw<ArgumentException>().WithMessage("*Regularization*");
        Whitening regular = Whitening.Fit(RowSource.From(rows, 3), new() { Kind = WhiteningKind.Cholesky, Regularization = 0.01 });
        regular.Matrix.Should().OnlyContain(value => double.IsFinite(value));
    }

    [Fact]
    public void Regularized_variances_are_those_of_the_formula()
    {
        double[] rows = Correlated(60);
        DataSpectrum spectrum = DataSpectrum.Fit(RowSource.From(rows, 4));
        Whitening whitening = Whitening.Fit(spectrum, new() { Regularization = 0.5 });
        double[] white = new double[rows.Length];
        whitening.Transform(rows, white);
        MomentAccumulator moments = new(4);
        moments.Add(white);
        for (int i = 0; i < 4; i++)
        {
            double value = spectrum.Components.Values[i];
            moments.ToCovariance().Values[i * 5].Should().BeApproximately(value / (value + (0.5 * spectrum.TotalVariance / 4)), 1e-10);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(11)]
    public void Every_unit_has_unit_variance_whatever_the_width(int units)
    {
        double[] rows = Correlated(60);
        WhiteningInitializer initializer = new(Whitening.Fit(RowSource.From(rows, 4), new() { Kind = WhiteningKind.ZeroPhase }));
        double[] w = initializer.Create<double>(WeightShape.Dense(4, units), 9);
        for (int u = 0; u < units; u++)
            Samples.MeanVariance(w[(u * 4)..((u + 1) * 4)], rows, 4).Should().BeApproximately(1, 1e-9);
    }

    private static double[] Correlated(int n)
    {
        (double[] white, _) = Samples.Sign(n, 4, seed: 41);
        for (int i = 0; i < white.Length; i += 4)
            (white[i], white[i + 1], white[i + 2], white[i + 3]) = (5 + (3 * white[i]), white[i] + white[i + 1], white[i + 1] - (0.2 * white[i + 2]), 100 + (0.1 * white[i + 3]) + white[i]);
        return white;
    }

    private static readonly double[] s_sklearnWhitened = [-0.7871262483378483, -0.6683520469837315, 1.0879971555432668, 0.47667156179780923, -1.0321279031597168, -0.9785173548243091, -0.8706930813130674, 0.9955009512350607, -0.707722695865863, 1.1811477678531066, 0.7049789989083876, 0.5982428951469054];
}
