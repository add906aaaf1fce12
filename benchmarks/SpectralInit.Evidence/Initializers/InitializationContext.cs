namespace SpectralInit.Evidence;

/// <summary>What an initializer may look at: the network, the training rows, a seed. Never test or validation rows.</summary>
internal sealed class InitializationContext(Network network, LabeledRows train, Activation activation, ulong seed, Lazy<DataSpectrum>? spectrum = null)
{
    private readonly Lazy<DataSpectrum> _spectrum = spectrum ?? SpectrumOf(train);

    public Network Network { get; } = network;

    public LabeledRows Train { get; } = train;

    public Activation Activation { get; } = activation;

    public ulong Seed { get; } = seed;

    /// <summary>The spectrum of the network's inputs, fitted when first asked for.</summary>
    public DataSpectrum Spectrum => _spectrum.Value;

    public IRowSource Rows => RowSource.From(Train.Features, Train.Columns);

    public static Lazy<DataSpectrum> SpectrumOf(LabeledRows rows) => new(() => DataSpectrum.Fit(RowSource.From(rows.Features, rows.Columns)));

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
}
