using System.Text.Json;

namespace SpectralInit.Tests.Spectrum;

/// <summary>Against numpy.cov → numpy.linalg.eigh and scikit-learn's PCA; the files are made by Golden/pca/make_golden.py.</summary>
public class PrincipalComponentGoldenTests
{
    private static JsonElement Golden(string name) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "pca", name + ".json"))).RootElement;

    private static double[] Numbers(JsonElement element) => [.. element.EnumerateArray().Select(value => value.GetDouble())];

    private static void ShouldMatch(DataSpectrum spectrum, JsonElement golden)
    {
        double[] values = Numbers(golden.GetProperty("eigenvalues"));
        for (int i = 0; i < spectrum.Components.Count; i++)
            spectrum.Components.Values[i].Should().BeApproximately(values[i], 1e-10 * values[0], $"eigenvalue {i}");
        spectrum.TotalVariance.Should().BeApproximately(golden.GetProperty("trace").GetDouble(), 1e-12 * spectrum.TotalVariance);

        JsonElement[] components = [.. golden.GetProperty("components").EnumerateArray()];
        float[] weights = new PrincipalComponentInitializer(spectrum).Create<float>(WeightShape.Dense(spectrum.Dimension, components.Length));
        double[] exact = new PrincipalComponentInitializer(spectrum).Create<double>(WeightShape.Dense(spectrum.Dimension, components.Length));
        for (int row = 0; row < components.Length; row++)
        {
            double[] want = Numbers(components[row]);
            Span<double> got = exact.AsSpan(row * spectrum.Dimension, spectrum.Dimension);
            double sign = Math.Sign(got[0] * want[0] + got[^1] * want[^1] + System.Numerics.Tensors.TensorPrimitives.Dot<double>(got, want));
            for (int c = 0; c < want.Length; c++)
            {
                got[c].Should().BeApproximately(sign * want[c], 1e-8, $"component {row}, feature {c}");
                weights[(row * want.Length) + c].Should().Be((float)got[c]);
            }
        }
    }

    [Fact]
    public void Iris_follows_the_recipe()
    {
        JsonElement golden = Golden("iris");
        double[] x = [.. golden.GetProperty("x").EnumerateArray().SelectMany(Numbers)];
        DataSpectrum spectrum = DataSpectrum.Fit(x, 4);
        ShouldMatch(spectrum, golden);
        spectrum.Mean.Should().Equal(Numbers(golden.GetProperty("mean")), (a, b) => Math.Abs(a - b) < 1e-14);
        spectrum.ExplainedVarianceRatio.Should().Equal(Numbers(golden.GetProperty("explained_variance_ratio")), (a, b) => Math.Abs(a - b) < 1e-12);

        // scikit-learn's sign rule for components is ours from 1.5 on; 1.2 decided by the scores.
        foreach ((JsonElement row, int i) in golden.GetProperty("sklearn_components").EnumerateArray().Select((row, i) => (row, i)))
            Math.Abs(System.Numerics.Tensors.TensorPrimitives.Dot<double>(Numbers(row), spectrum.Components.Vector(i))).Should().BeApproximately(1, 1e-12);

        double[] scores = new double[150 * 4], want = [.. golden.GetProperty("sklearn_scores").EnumerateArray().SelectMany(Numbers)];
        spectrum.Transform(x, scores);
        for (int i = 0; i < 4; i++)
        {
            double sign = Math.Sign(scores[i] * want[i]);
            for (int row = 0; row < 150; row++)
                scores[(row * 4) + i].Should().BeApproximately(sign * want[(row * 4) + i], 1e-12, "row {0}, component {1}", row, i);
        }
    }

    [RealDataFact]
    public void Digits_follow_the_recipe()
    {
        using System.IO.Compression.GZipStream stream = new(File.OpenRead(RealData.PathOf("tabular/digits.csv.gz")), System.IO.Compression.CompressionMode.Decompress);
        using StreamReader reader = new(stream);
        List<double> x = [];
        for (string? line = reader.ReadLine(); line is not null; line = reader.ReadLine())
            x.AddRange(line.Split(',').Take(64).Select(double.Parse));
        DataSpectrum all = DataSpectrum.Fit(x.ToArray(), 64), leading = DataSpectrum.Fit(x.ToArray(), 64, new() { Components = 8 });
        ShouldMatch(all, Golden("digits"));
        ShouldMatch(leading, Golden("digits"));
        all.Rank.Should().Be(61, "three pixels are constant");
        leading.NoiseVariance.Should().BeApproximately(Golden("digits").GetProperty("noise_variance").GetDouble(), 1e-10);
    }

    [RealDataFact]
    public void Mnist_follows_the_recipe()
    {
        IRowSource images = IdxFile.ReadRows(RealData.PathOf("mnist/train-images-idx3-ubyte.gz"));
        MomentAccumulator moments = new(images.Columns);
        moments.Add(images);
        CovarianceEstimate covariance = moments.ToCovariance();
        DataSpectrum all = DataSpectrum.Fit(covariance), leading = DataSpectrum.Fit(covariance, new() { Components = 64 });
        leading.Components.Method.Should().Be(EigenMethod.BlockKrylov);
        ShouldMatch(all, Golden("mnist"));
        ShouldMatch(leading, Golden("mnist"));
        double zero = new PrincipalComponentInitializer(leading).Create<double>(WeightShape.Dense(784, 64)).Where((_, i) => i % 784 == 0).Max(Math.Abs);
        zero.Should().BeLessThan(1e-12, "the corner pixel never varies");
    }
}
