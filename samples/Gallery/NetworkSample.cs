using System.Numerics.Tensors;
using SpectralInit;

namespace Gallery;

/// <summary>A whole network, before its first training step: He with a ridge readout against the automatic choice.</summary>
internal static class NetworkSample
{
    public static void Run(GalleryContext context)
    {
        (double[] rows, int[] labels, int features) = context.Find("mnist/train-images-idx3-ubyte.gz") is string images
            ? Digits(images, context.Find("mnist/train-labels-idx1-ubyte.gz")!, 2500)
            : (Made.Classes(2500, 100, 10, 3) is var (made, classes) ? (made, classes, 100) : default);
        IReadOnlyList<DenseLayer> layers = DenseLayer.Stack([features, 128, 64, 10], LayerActivation.Relu);
        int[] sizes = [50, 100, 200, 500];
        double[] automatic = new double[sizes.Length], he = new double[sizes.Length];
        int test = labels.Length - 1000;
        for (int i = 0; i < sizes.Length; i++)
        {
            int n = sizes[i];
            AutomaticInitializer start = AutomaticInitializer.Fit(layers, RowSource.From(rows[..(n * features)], features), Targets.Classes(labels.AsSpan(0, n)));
            automatic[i] = Accuracy(rows, labels, features, test, row => Forward([.. start.Layers.Select(layer => (layer.Weights, layer.Bias))], row));

            // He's hidden layers with the same kind of readout: what the directions alone are worth.
            (double[] Weights, double[] Bias)[] hidden = [.. layers.Take(2).Select((layer, index) => He(layer, (ulong)index))];
            double[] last = [.. Enumerable.Range(0, n).SelectMany(r => Forward(hidden, rows.AsSpan(r * features, features).ToArray()))];
            RidgeReadout readout = RidgeReadout.Fit(RowSource.From(last, 64), Targets.Classes(labels.AsSpan(0, n)));
            he[i] = Accuracy(rows, labels, features, test, row => Forward([.. hidden, (readout.Weights, readout.Bias)], row));
            Console.WriteLine($"n = {n,3}: test accuracy before any training: automatic choice ({start.Chosen}) {automatic[i]:P1}, He with a ridge readout {he[i]:P1}");
        }

        string[] names = [.. sizes.Select(n => $"n = {n}")];
        context.Save(new SvgPlot("Test accuracy before the first training step", "training rows", "accuracy").Bars("automatic choice", names, automatic).Bars("He + ridge readout", names, he), "network.svg");
    }

    private static (double[] Weights, double[] Bias) He(DenseLayer layer, ulong seed) => (new HeInitializer().Create<double>(layer.Shape, seed), new double[layer.Outputs]);

    private static double[] Forward((double[] Weights, double[] Bias)[] layers, double[] row)
    {
        foreach ((double[] weights, double[] bias) in layers)
        {
            double[] next = new double[bias.Length];
            for (int unit = 0; unit < next.Length; unit++)
            {
                double sum = bias[unit] + TensorPrimitives.Dot(weights.AsSpan(unit * row.Length, row.Length), row);
                next[unit] = next.Length == 10 ? sum : Math.Max(0, sum);
            }

            row = next;
        }

        return row;
    }

    private static double Accuracy(double[] rows, int[] labels, int features, int first, Func<double[], double[]> predict)
    {
        int right = 0;
        for (int r = first; r < labels.Length; r++)
        {
            double[] scores = predict(rows.AsSpan(r * features, features).ToArray());
            if (Array.IndexOf(scores, scores.Max()) == labels[r])
                right++;
        }

        return (double)right / (labels.Length - first);
    }

    private static (double[] Rows, int[] Labels, int Features) Digits(string images, string labels, int count)
    {
        IRowSource source = IdxFile.ReadRows(images);
        double[] rows = new double[count * source.Columns];
        using IRowReader reader = source.Open();
        reader.Read(rows.AsSpan());
        for (int i = 0; i < rows.Length; i++)
            rows[i] = (rows[i] - 33) / 79;
        return (rows, [.. IdxFile.ReadLabels(labels).Take(count)], source.Columns);
    }
}
