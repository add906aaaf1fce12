using System.Text.Json;
using SpectralInit.Kernels;

namespace SpectralInit.Tests.Weights.Spectral;

public class SphericalKMeansTests
{
    private static readonly JsonElement s_golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "kmeans", "kmeans.json"))).RootElement;
    private static readonly double[] s_rows = [.. s_golden.GetProperty("rows").EnumerateArray().Select(value => value.GetDouble())];
    private static readonly IRowSource s_source = RowSource.From(s_rows, 6);

    [Fact]
    public void Inertia_is_that_of_scikit_learn()
    {
        SphericalKMeans clusters = Enumerable.Range(0, 10).Select(seed => SphericalKMeans.Fit(s_source, new() { Clusters = 8, Whiten = false, Seed = (ulong)seed })).MinBy(fit => fit.Inertia)!;
        clusters.Converged.Should().BeTrue();
        clusters.Inertia.Should().BeLessThanOrEqualTo(1.005 * s_golden.GetProperty("inertia").GetDouble());
        clusters.Sizes.Sum().Should().Be(400);
        clusters.Sizes.Should().BeInDescendingOrder();
    }

    [Fact]
    public void Inertia_is_what_the_centroids_give()
    {
        SphericalKMeans clusters = SphericalKMeans.Fit(s_source, new() { Clusters = 5, Whiten = false });
        double inertia = 0;
        for (int row = 0; row < 400; row++)
        {
            double norm = Math.Sqrt(Enumerable.Range(0, 6).Sum(i => s_rows[(row * 6) + i] * s_rows[(row * 6) + i]));
            inertia += Enumerable.Range(0, 5).Min(c => Enumerable.Range(0, 6).Sum(i => Math.Pow((s_rows[(row * 6) + i] / norm) - clusters.Centroids[(c * 6) + i], 2)));
        }

        clusters.Inertia.Should().BeApproximately(inertia, 1e-9);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_on_any_number_of_threads()
    {
        double[] rows = new double[5000 * 7];
        RandomFill.Normal<double>(rows, 0, 1, 3);
        double[] Centroids(int threads)
        {
            using IDisposable limit = Parallelism.Limit(threads);
            return SphericalKMeans.Fit(RowSource.From(rows, 7), new() { Clusters = 12, SampleRows = 3000, MaxIterations = 8, Seed = 2 }).Centroids;
        }

        double[] one = Centroids(1);
        foreach (int threads in (int[])[2, 3, 7])
            Centroids(threads).Should().Equal(one);
    }

    [Fact]
    public void Weights_are_unit_rows_with_a_centring_bias()
    {
        SphericalKMeans clusters = SphericalKMeans.Fit(s_source, new() { Clusters = 4 });
        SphericalKMeansInitializer initializer = new(clusters, gain: 2);
        WeightShape shape = WeightShape.Dense(6, 3);
        double[] weights = initializer.Create<double>(shape);
        double[] bias = new double[3];
        initializer.InitializeBias(bias, shape, 0);
        for (int unit = 0; unit < 3; unit++)
        {
            weights.AsSpan(unit * 6, 6).ToArray().Sum(w => w * w).Should().BeApproximately(4, 1e-12);
            bias[unit].Should().BeApproximately(-Enumerable.Range(0, 6).Sum(i => weights[(unit * 6) + i] * clusters.Mean[i]), 1e-12);
        }
    }

    [Fact]
    public void Duplicates_zeros_and_one_cluster_per_row_are_served()
    {
        double[] rows = [1, 0, 2, 0, 0, 0, 0, 3, 0, 1, -1, 0];
        SphericalKMeans clusters = SphericalKMeans.Fit(RowSource.From(rows, 2), new() { Clusters = 3, Whiten = false });
        clusters.Inertia.Should().BeApproximately(0, 1e-12);
        clusters.Sizes.Should().Equal(2, 2, 1);
    }

    [Fact]
    public void Wrong_arguments_are_refused_by_name()
    {
        Refuses("Clusters", () => SphericalKMeans.Fit(s_source, new() { Clusters = 0 }));
        Refuses("SampleRows", () => SphericalKMeans.Fit(s_source, new() { Clusters = 8, SampleRows = 7 }));
        Refuses("rows", () => SphericalKMeans.Fit(s_source, new() { Clusters = 401 }));
        Refuses("rows", () => SphericalKMeans.Fit(RowSource.From(new double[] { 1, double.NaN }, 2), new() { Clusters = 1 }));
        SphericalKMeans clusters = SphericalKMeans.Fit(s_source, new() { Clusters = 2 });
        Refuses("gain", () => new SphericalKMeansInitializer(clusters, 0));
        Refuses("shape", () => new SphericalKMeansInitializer(clusters).Create<float>(WeightShape.Dense(6, 3)));
        Refuses("shape", () => new SphericalKMeansInitializer(clusters).Create<float>(WeightShape.Dense(5, 2)));
    }

    private static void Refuses(string parameter, Func<object> call) => call.Should().Throw<ArgumentException>().WithParameterName(parameter);
}
