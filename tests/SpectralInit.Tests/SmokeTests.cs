namespace SpectralInit.Tests;

public class SmokeTests
{
    [Fact]
    public void The_readme_example_runs()
    {
        double[] rows = [1, 2, 3, 4.5, 5, 6.1, -1, 0];
        DataSpectrum spectrum = DataSpectrum.Fit(RowSource.From(rows, 2));
        IWeightInitializer spectral = new PrincipalComponentInitializer(spectrum);
        float[] w = spectral.Create<float>(WeightShape.Dense(2, 2), seed: 1);
        (w[0] * w[0] + w[1] * w[1]).Should().BeApproximately(1, 1e-6f);
        new HeInitializer().Create<float>(WeightShape.Dense(3, 5), 1).Should().OnlyHaveUniqueItems();
    }
}
