using System.Numerics.Tensors;

namespace SpectralInit.Evidence;

/// <summary>What an initializer may look at: the network, the training rows, a seed. Never test or validation rows.</summary>
internal sealed class InitializationContext(Network network, LabeledRows train, Activation activation, ulong seed, Lazy<DataSpectrum>? spectrum = null, WordList? words = null) : INetwork
{
    private const int MostPatches = 20_000;
    private readonly Lazy<DataSpectrum> _spectrum = spectrum ?? SpectrumOf(train);

    public Network Network { get; } = network;

    public LabeledRows Train { get; } = train;

    public Activation Activation { get; } = activation;

    public LayerActivation LayerActivation => Activation == Activation.Tanh ? LayerActivation.Tanh : LayerActivation.Relu;

    public ulong Seed { get; } = seed;

    /// <summary>What will train the network.</summary>
    public OptimizerKind Optimizer { get; init; }

    /// <summary>The words the features name and the text they are from, where they name words.</summary>
    public WordList? Words { get; } = words;

    /// <summary>What the rows are, where they are pieces of a series.</summary>
    public Sequence? Sequence { get; init; }

    /// <summary>Classes or values of the training rows.</summary>
    public Targets Targets => Train.IsRegression
        ? Targets.Values(Array.ConvertAll(Train.Targets, value => (double)value), Train.Outputs)
        : Targets.Classes(Train.Labels, Train.Outputs);

    /// <summary>The spectrum of what each unit of the first layer sees, fitted when first asked for: the rows, or their 3 × 3 patches.</summary>
    public DataSpectrum FirstLayerSpectrum => Network.Layers[0] is ConvolutionLayer ? DataSpectrum.Fit(LayerInputs(0)) : _spectrum.Value;

    /// <summary>What arrives at weight layer <paramref name="layer"/>, as rows of its weight matrix's columns: the activations as they are now, or a sample of their patches.</summary>
    public IRowSource LayerInputs(int layer)
    {
        WeightLayer target = Network.WeightLayers[layer];
        float[] activations = Arriving(target);
        return RowSource.From(target is ConvolutionLayer convolution ? convolution.SamplePatches(activations, MostPatches) : activations, target.Shape.Columns);
    }

    /// <summary>A target for each of <see cref="LayerInputs"/>; a patch has that of its image.</summary>
    public Targets LayerTargets(int layer)
    {
        if (Network.WeightLayers[layer] is not ConvolutionLayer convolution)
            return Targets;
        int positions = convolution.Positions;
        int[] images = [.. Enumerable.Range(0, convolution.ImagesFor(MostPatches, Train.Count) * positions).Select(patch => patch / positions)];
        LabeledRows rows = Train.Take(images);
        return new InitializationContext(Network, rows, Activation, Seed).Targets;
    }

    public static Lazy<DataSpectrum> SpectrumOf(LabeledRows rows) => new(() => DataSpectrum.Fit(RowSource.From(rows.Features, rows.Columns)));

    int INetwork.LayerCount => Network.WeightLayers.Length;

    WeightShape INetwork.ShapeOf(int layer) => Network.WeightLayers[layer].Shape;

    LayerActivation INetwork.ActivationOf(int layer) => layer == Network.WeightLayers.Length - 1 ? LayerActivation.Identity : LayerActivation;

    // The patches of every row, so that each has its row's target.
    IRowSource INetwork.InputsOf(int layer) => Network.WeightLayers[layer] is ConvolutionLayer convolution ? convolution.Patches(Arriving(convolution)) : LayerInputs(layer);

    void INetwork.Read(int layer, Span<double> weights, Span<double> bias)
    {
        TensorPrimitives.ConvertTruncating<float, double>(Network.WeightLayers[layer].Weights, weights);
        TensorPrimitives.ConvertTruncating<float, double>(Network.WeightLayers[layer].Bias, bias);
    }

    void INetwork.Write(int layer, ReadOnlySpan<double> weights, ReadOnlySpan<double> bias)
    {
        TensorPrimitives.ConvertTruncating(weights, Network.WeightLayers[layer].Weights);
        TensorPrimitives.ConvertTruncating(bias, Network.WeightLayers[layer].Bias);
    }

    /// <summary>The activations that arrive at a layer, one after the other.</summary>
    public float[] Arriving(WeightLayer layer)
    {
        int position = Network.Layers.ToList().IndexOf(layer);
        return position == 0 ? Train.Features : Network.Activations(Train, position);
    }

    /// <summary>Fills the weights of every layer, each with its own seed, and clears the biases.</summary>
    public void FillAll(IWeightInitializer initializer)
    {
        for (int layer = 0; layer < Network.WeightLayers.Length; layer++)
            Fill(layer, initializer);
    }

    /// <summary>Fills one layer's weights and clears its bias.</summary>
    public void Fill(int layer, IWeightInitializer initializer)
    {
        WeightLayer target = Network.WeightLayers[layer];
        initializer.Initialize(target.Weights, target.Shape, Seeds.Derive(Seed, (ulong)layer));
        target.Bias.Clear();
    }

    /// <summary>Fills one layer's weights, and its bias with the initializer's own.</summary>
    public void FillWithBias(int layer, IBiasInitializer initializer)
    {
        Fill(layer, initializer);
        WeightLayer target = Network.WeightLayers[layer];
        initializer.InitializeBias(target.Bias, target.Shape, Seeds.Derive(Seed, (ulong)layer));
    }
}
