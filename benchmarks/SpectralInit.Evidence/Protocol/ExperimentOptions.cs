namespace SpectralInit.Evidence;

/// <summary>What is trained and how often.</summary>
internal sealed record ExperimentOptions
{
    /// <summary>Widths of the hidden dense layers.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [256, 128];

    /// <summary>Channels of 3 × 3 convolution and pooling blocks before the dense layers; empty for a plain perceptron.</summary>
    public IReadOnlyList<int> Convolutions { get; init; } = [];

    public Activation Activation { get; init; } = Activation.Relu;

    public TrainingPlan Plan { get; init; } = new(25);

    /// <summary>How features are scaled; null for the data set's own choice.</summary>
    public Standardization? Standardization { get; init; }

    public IReadOnlyList<Candidate> Candidates { get; init; } = Evidence.Candidates.All;

    /// <summary>The grid each initializer chooses its learning rate from.</summary>
    public IReadOnlyList<double> LearningRates { get; init; } = DefaultRates(OptimizerKind.Sgd);

    /// <summary>What counts.</summary>
    public Criterion Criterion { get; init; }

    /// <summary>Repetitions, each with its own split, weights and batches.</summary>
    public int Seeds { get; init; } = 5;

    /// <summary>The default grid of an optimizer.</summary>
    public static IReadOnlyList<double> DefaultRates(OptimizerKind optimizer) =>
        optimizer == OptimizerKind.Adam ? [0.0001, 0.0003, 0.001, 0.003, 0.01] : [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3];

    public Network CreateNetwork(DataSet set)
    {
        if (set.Words is { } words)
        {
            return words.Averaged
                ? Network.BagOfWords(words.Vocabulary.Count, words.Dimension, set.Rows.Columns, Hidden, set.Rows.Outputs, Activation)
                : Network.NextWord(words.Vocabulary.Count, words.Dimension, set.Rows.Columns, Hidden, set.Rows.Outputs, Activation);
        }

        if (set.Sequence is { } sequence)
            return Network.Recurrent(sequence.Steps, sequence.Predicted, sequence.Inputs, Hidden[0], sequence.Features);
        if (Convolutions.Count == 0)
            return Network.Perceptron(set.Rows.Columns, Hidden, set.Rows.Outputs, Activation);
        ImageSize image = set.Image ?? SquareImage(set);
        return Network.Convolutional(image, Convolutions, Hidden, set.Rows.Outputs, Activation);
    }

    /// <summary>The architecture in one word, such as 784-c8-c16-64-10.</summary>
    public string Describe(DataSet set)
    {
        string hidden = Hidden.Count > 4 && Hidden.Distinct().Count() == 1 ? $"{Hidden[0]}x{Hidden.Count}" : string.Join('-', Hidden);
        if (set.Sequence is { } sequence)
            return $"{sequence.Inputs}-r{Hidden[0]}-{sequence.Features}, {sequence.Steps} steps";
        string[] first = set.Words is { } words ? [$"{set.Rows.Columns} words", words.Averaged ? $"mean of e{words.Dimension}" : $"e{words.Dimension}"] : [$"{set.Rows.Columns}"];
        return string.Join('-', ((string[])[.. first, .. Convolutions.Select(channels => $"c{channels}"), hidden, $"{set.Rows.Outputs}"]).Where(part => part.Length > 0));
    }

    /// <summary>The architecture and what trains it.</summary>
    public string DescribeTraining(DataSet set) => $"{Describe(set)} {(set.Sequence is null ? Activation : Activation.Tanh).ToString().ToLowerInvariant()}, {Plan.Optimizer.ToString().ToLowerInvariant()}, batch {Plan.BatchSize}";

    private static ImageSize SquareImage(DataSet set)
    {
        int side = (int)Math.Round(Math.Sqrt(set.Rows.Columns));
        return side * side == set.Rows.Columns
            ? new ImageSize(side, side, 1)
            : throw new ArgumentException($"{set.Name} has {set.Rows.Columns} features, which is not a square image: leave out --convolutions.", nameof(set));
    }
}
