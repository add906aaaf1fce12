using System.Text.Json;

namespace SpectralInit.Evidence;

/// <summary>Writes what another framework needs to repeat the first repetition: rows, batches, first weights, and the curve this trainer got.</summary>
internal static class ParityExport
{
    public static void Write(string folder, DataSet set, int? rows, ExperimentOptions options, Candidate candidate, double learningRate)
    {
        Directory.CreateDirectory(folder);
        ulong seed = Experiment.SeedOf(0);
        (LabeledRows train, LabeledRows test) = new Split(set, rows, options.Standardization ?? set.Standardization, seed).Final();
        Network network = options.CreateNetwork(set);
        candidate.Initialize(new InitializationContext(network, train, options.Activation, seed));
        WriteRows(folder, "train", train);
        WriteRows(folder, "test", test);
        for (int layer = 0; layer < network.WeightLayers.Length; layer++)
        {
            WeightLayer target = network.WeightLayers[layer];
            NpyFile.Write(Path.Combine(folder, $"w{layer}.npy"), target.Weights.ToArray(), target.Shape.Dimensions.ToArray());
            NpyFile.Write(Path.Combine(folder, $"b{layer}.npy"), target.Bias.ToArray(), target.Bias.Length);
        }

        int[] order = [.. Enumerable.Range(0, options.Plan.Epochs).SelectMany(epoch => Trainer.Batches(train.Count, seed, epoch))];
        NpyFile.Write(Path.Combine(folder, "order.npy"), order, options.Plan.Epochs, train.Count);
        TrainingCurve curve = Trainer.Train(network, train, test, options.Plan, learningRate, seed);
        File.WriteAllText(Path.Combine(folder, "run.json"), JsonSerializer.Serialize(new
        {
            set.Name,
            Initializer = candidate.Name,
            Activation = options.Activation.ToString().ToLowerInvariant(),
            Optimizer = options.Plan.Optimizer.ToString().ToLowerInvariant(),
            LearningRate = learningRate,
            options.Plan.BatchSize,
            train.IsRegression,
            Convolutions = options.Convolutions.Count,
            Loss = curve.Points.Select(point => point.Loss),
            Score = curve.Points.Select(point => point.Score),
        }));
    }

    private static void WriteRows(string folder, string name, LabeledRows rows)
    {
        NpyFile.Write(Path.Combine(folder, $"{name}.npy"), rows.Features, rows.Count, rows.Columns);
        if (rows.IsRegression)
            NpyFile.Write(Path.Combine(folder, $"{name}-targets.npy"), rows.Targets, rows.Count, rows.Outputs);
        else
            NpyFile.Write(Path.Combine(folder, $"{name}-targets.npy"), rows.Labels, rows.Count);
    }
}
