using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

namespace SpectralInit.Tests.Moments;

/// <summary>Against numpy.cov and scikit-learn; Golden/moments/make.py made the files.</summary>
public class CovarianceGoldenTests
{
    private static readonly JsonElement s_cases = Load("covariances.json"), s_real = Load("real.json");

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, s_cases.GetArrayLength())];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Covariance_and_shrinkage_are_those_of_numpy_and_scikit_learn(int index)
    {
        JsonElement golden = s_cases[index];
        double[] rows = Values(golden, "rows"), covariance = Values(golden, "covariance");
        int d = golden.GetProperty("columns").GetInt32();

        CovarianceEstimate estimate = Covariance.Of(rows, d);
        Relative(estimate.Mean, Values(golden, "mean")).Should().BeLessThan(1e-14);
        Scaled(estimate.Values, covariance, d).Should().BeLessThan(2e-14);

        CovarianceEstimate ledoitWolf = Covariance.LedoitWolf(RowSource.From(rows, d));
        ledoitWolf.Shrinkage.Should().BeApproximately(golden.GetProperty("ledoitWolfShrinkage").GetDouble(), 1e-12);
        Relative(ledoitWolf.Values, Values(golden, "ledoitWolf")).Should().BeLessThan(1e-12);

        CovarianceEstimate oas = Covariance.OracleApproximating(estimate);
        oas.Shrinkage.Should().BeApproximately(golden.GetProperty("oasShrinkage").GetDouble(), 1e-12);
        Relative(oas.Values, Values(golden, "oas")).Should().BeLessThan(1e-12);
    }

    [RealDataFact]
    public void Iris() => CheckReal("iris", Table(RealData.PathOf("tabular/iris.csv"), 4, skip: 1), 4);

    [RealDataFact]
    public void Digits() => CheckReal("digits", Table(RealData.PathOf("tabular/digits.csv.gz"), 64, skip: 0), 64);

    [RealDataFact]
    public void Mnist()
    {
        // Bytes are read as float; the products of a chunk are exact all the same.
        IRowSource images = IdxFile.ReadRows(RealData.PathOf("mnist/train-images-idx3-ubyte.gz"));
        images.IsSingle.Should().BeTrue();
        CheckDigest("mnist", Covariance.Of(images));
    }

    private static void CheckReal(string name, double[] rows, int d)
    {
        CheckDigest(name, Covariance.Of(rows, d));
        Covariance.LedoitWolf(RowSource.From(rows, d)).Shrinkage.Should().BeApproximately(s_real.GetProperty(name).GetProperty("ledoitWolf").GetDouble(), 1e-12);
        Covariance.OracleApproximating(Covariance.Of(rows, d)).Shrinkage.Should().BeApproximately(s_real.GetProperty(name).GetProperty("oas").GetDouble(), 1e-12);
    }

    private static void CheckDigest(string name, CovarianceEstimate actual)
    {
        JsonElement golden = s_real.GetProperty(name);
        int d = actual.Dimension;
        actual.Trace.Should().BeApproximately(golden.GetProperty("trace").GetDouble(), 1e-12 * actual.Trace);
        Norm(actual.Values).Should().BeApproximately(golden.GetProperty("frobenius").GetDouble(), 1e-12 * Norm(actual.Values));
        Relative(actual.Mean, Values(golden, "mean")).Should().BeLessThan(1e-12);
        JsonElement products = golden.GetProperty("products");
        for (int k = 0; k < products.GetArrayLength(); k++)
        {
            double[] product = new double[d];
            for (int i = 0; i < d; i++)
            {
                for (int j = 0; j < d; j++)
                    product[i] += actual.Values[(i * d) + j] * Math.Cos((k + 1.0) * j);
            }

            Relative(product, [.. products[k].EnumerateArray().Select(value => value.GetDouble())]).Should().BeLessThan(1e-12);
        }
    }

    private static double[] Table(string path, int columns, int skip)
    {
        using Stream file = File.OpenRead(path);
        using StreamReader reader = new(path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(skip)
            .SelectMany(line => line.Split(',').Take(columns)).Select(field => double.Parse(field, CultureInfo.InvariantCulture))];
    }

    private static double Norm(double[] x) => Math.Sqrt(x.Sum(value => value * value));

    private static double Relative(double[] actual, double[] expected)
    {
        actual.Should().HaveSameCount(expected);
        double difference = Norm([.. actual.Zip(expected, (a, e) => a - e)]), size = Norm(expected);
        return difference == 0 ? 0 : difference / size;
    }

    // Largest error relative to √(c_ii·c_jj), which scales of the columns do not hide.
    private static double Scaled(double[] actual, double[] expected, int d)
    {
        double worst = 0;
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j < d; j++)
            {
                double size = Math.Sqrt(expected[(i * d) + i] * expected[(j * d) + j]), error = Math.Abs(actual[(i * d) + j] - expected[(i * d) + j]);
                worst = Math.Max(worst, size < 1e-30 ? error : error / size);
            }
        }

        return worst;
    }

    private static JsonElement Load(string file) => JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "moments", file))).RootElement;

    private static double[] Values(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
}
