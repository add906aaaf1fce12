using System.IO.Compression;

namespace SpectralInit.Tests.Networks;

public class WarmStartOnDigitsTests
{
    [RealDataFact]
    public void Sixty_digits_are_enough_for_four_in_five()
    {
        using StreamReader reader = new(new GZipStream(File.OpenRead(RealData.PathOf("tabular/digits.csv.gz")), CompressionMode.Decompress));
        List<double[]> lines = [];
        for (string? line = reader.ReadLine(); line is not null; line = reader.ReadLine())
        {
            string[] cells = line.Split(',');
            if (cells.Length == 65 && double.TryParse(cells[0], out _))
                lines.Add([.. cells.Select(double.Parse)]);
        }

        // Every 29th image, 60 for training, and the others for testing.
        double[][] train = [.. lines.Where((_, i) => i % 29 == 0).Take(60)], test = [.. lines.Where((_, i) => i % 29 != 0)];
        SpectralWarmStart warm = SpectralWarmStart.Fit(
            DenseLayer.Stack([64, 256, 128, 10], LayerActivation.Relu),
            RowSource.From([.. train.SelectMany(row => row.Take(64))], 64),
            Targets.Classes([.. train.Select(row => (int)row[64])], 10));
        double[] logits = warm.Layers.Aggregate(test.SelectMany(row => row.Take(64)).ToArray(), (values, layer) => layer.Forward(values, test.Length));
        double accuracy = Enumerable.Range(0, test.Length).Average(i =>
            System.Numerics.Tensors.TensorPrimitives.IndexOfMax<double>(logits.AsSpan(i * 10, 10)) == (int)test[i][64] ? 1.0 : 0);
        accuracy.Should().BeGreaterThan(0.78);
    }
}
