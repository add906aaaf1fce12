namespace SpectralInit;

/// <summary>Dense layers on rows: parameters are held here, and activations computed while they are read.</summary>
public sealed class DenseNetwork : INetwork
{
    private readonly IRowSource _rows;
    private readonly DenseParameters[] _layers;

    /// <summary>A network with all weights zero.</summary>
    /// <param name="layers">The layers, each fitting the one before.</param>
    /// <param name="rows">The rows that enter it.</param>
    /// <exception cref="ArgumentException">Layers do not fit each other or the rows.</exception>
    public DenseNetwork(IReadOnlyList<DenseLayer> layers, IRowSource rows)
    {
        LayerStack.Check(layers, rows);
        _rows = rows;
        _layers = [.. layers.Select(layer => new DenseParameters(layer, new double[layer.Shape.Count], new double[layer.Outputs]))];
    }

    /// <inheritdoc/>
    public int LayerCount => _layers.Length;

    /// <summary>Parameters of every layer.</summary>
    public IReadOnlyList<DenseParameters> Parameters => _layers;

    /// <inheritdoc/>
    public WeightShape ShapeOf(int layer) => At(layer).Layer.Shape;

    /// <inheritdoc/>
    public LayerActivation ActivationOf(int layer) => At(layer).Layer.Activation;

    /// <inheritdoc/>
    public IRowSource InputsOf(int layer)
    {
        At(layer);
        return new ActivationRows(_rows, _layers[..layer]);
    }

    /// <summary>The rows that leave the network.</summary>
    public IRowSource Outputs() => new ActivationRows(_rows, [.. _layers]);

    /// <inheritdoc/>
    public void Read(int layer, Span<double> weights, Span<double> bias)
    {
        At(layer).CopyWeights(weights);
        At(layer).CopyBias(bias);
    }

    /// <inheritdoc/>
    public void Write(int layer, ReadOnlySpan<double> weights, ReadOnlySpan<double> bias)
    {
        DenseParameters target = At(layer);
        if (weights.Length != target.Weights.Length)
            throw new ArgumentException($"{weights.Length} weights were given, the layer has {target.Weights.Length}.", nameof(weights));
        if (bias.Length != target.Bias.Length)
            throw new ArgumentException($"{bias.Length} biases were given, the layer has {target.Bias.Length}.", nameof(bias));
        _layers[layer] = new DenseParameters(target.Layer, weights.ToArray(), bias.ToArray());
    }

    private DenseParameters At(int layer)
    {
        IndexError.Check(layer, _layers.Length, "layer");
        return _layers[layer];
    }
}
