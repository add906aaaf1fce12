namespace SpectralInit;

/// <summary>
/// A network as initialization sees it: layers in order, the rows that arrive at each, and a place to put weights. Implement it over a net that another
/// framework owns (or use <see cref="DelegateNetwork"/>); <see cref="DenseNetwork"/> is the library's own.
/// </summary>
public interface INetwork
{
    /// <summary>Number of layers with weights, in the order in which data pass them.</summary>
    int LayerCount { get; }

    /// <summary>The weights' shape of a layer: dense or convolution.</summary>
    /// <param name="layer">0 … <see cref="LayerCount"/>−1.</param>
    WeightShape ShapeOf(int layer);

    /// <summary>What follows a layer's affine map.</summary>
    /// <param name="layer">0 … <see cref="LayerCount"/>−1.</param>
    LayerActivation ActivationOf(int layer);

    /// <summary>
    /// The inputs that arrive at a layer with the weights the layers before have now: one row per sample for a dense layer, one per patch for a convolution
    /// (in the order channel, kernel…), <see cref="WeightShape.Columns"/> features each. With groups every position gives one patch per group, one after the other, as
    /// <see cref="PatchSource.Of"/> makes them.
    /// </summary>
    /// <param name="layer">0 … <see cref="LayerCount"/>−1.</param>
    IRowSource InputsOf(int layer);

    /// <summary>Reads a layer's parameters.</summary>
    /// <param name="layer">0 … <see cref="LayerCount"/>−1.</param>
    /// <param name="weights">Destination in the order of the shape's layout, <see cref="WeightShape.Count"/> elements.</param>
    /// <param name="bias">Destination, <see cref="WeightShape.Outputs"/> elements; zeros where the layer has no bias.</param>
    void Read(int layer, Span<double> weights, Span<double> bias);

    /// <summary>Sets a layer's parameters.</summary>
    /// <param name="layer">0 … <see cref="LayerCount"/>−1.</param>
    /// <param name="weights">Weights in the order of the shape's layout.</param>
    /// <param name="bias">Bias; a layer without one ignores it.</param>
    void Write(int layer, ReadOnlySpan<double> weights, ReadOnlySpan<double> bias);
}
