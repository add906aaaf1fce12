namespace SpectralInit;

/// <summary>A network owned by another framework, spoken to through delegates.</summary>
/// <example>
/// With TorchSharp, <c>inputsOf</c> runs the modules before a layer and wraps the resulting tensor's values in <see cref="RowSource"/>; <c>write</c> copies
/// the values into <c>layer.weight</c> and <c>layer.bias</c>.
/// </example>
public sealed class DelegateNetwork : INetwork
{
    private readonly IReadOnlyList<(WeightShape Shape, LayerActivation Activation)> _layers;
    private readonly Func<int, IRowSource> _inputsOf;
    private readonly Func<int, (double[] Weights, double[] Bias)> _read;
    private readonly Action<int, double[], double[]> _write;

    /// <summary>A network of delegates.</summary>
    /// <param name="layers">Shape and activation of every layer, in order.</param>
    /// <param name="inputsOf">The rows that arrive at a layer now; see <see cref="INetwork.InputsOf"/>.</param>
    /// <param name="read">A layer's weights and bias; zeros where it has none.</param>
    /// <param name="write">Sets a layer's weights and bias.</param>
    public DelegateNetwork(
        IReadOnlyList<(WeightShape Shape, LayerActivation Activation)> layers,
        Func<int, IRowSource> inputsOf,
        Func<int, (double[] Weights, double[] Bias)> read,
        Action<int, double[], double[]> write)
    {
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(inputsOf);
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(write);
        (_layers, _inputsOf, _read, _write) = (layers, inputsOf, read, write);
    }

    /// <inheritdoc/>
    public int LayerCount => _layers.Count;

    /// <inheritdoc/>
    public WeightShape ShapeOf(int layer) => At(layer).Shape;

    /// <inheritdoc/>
    public LayerActivation ActivationOf(int layer) => At(layer).Activation;

    /// <inheritdoc/>
    public IRowSource InputsOf(int layer)
    {
        At(layer);
        return _inputsOf(layer);
    }

    /// <inheritdoc/>
    public void Read(int layer, Span<double> weights, Span<double> bias)
    {
        At(layer);
        (double[] w, double[] b) = _read(layer);
        if (w?.Length != weights.Length || b?.Length != bias.Length)
            throw new InvalidOperationException($"Reading layer {layer} gave {w?.Length ?? 0} weights and {b?.Length ?? 0} biases; the layer has {weights.Length} and {bias.Length}. A layer without a bias has one of zeros.");
        w.CopyTo(weights);
        b.CopyTo(bias);
    }

    /// <inheritdoc/>
    public void Write(int layer, ReadOnlySpan<double> weights, ReadOnlySpan<double> bias)
    {
        At(layer);
        _write(layer, weights.ToArray(), bias.ToArray());
    }

    private (WeightShape Shape, LayerActivation Activation) At(int layer)
    {
        IndexError.Check(layer, _layers.Count, "layer");
        return _layers[layer];
    }
}
