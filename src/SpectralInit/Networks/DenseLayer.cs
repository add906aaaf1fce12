namespace SpectralInit;

/// <summary>Describes a dense layer: out = activation(W·x + b).</summary>
public sealed record DenseLayer
{
    /// <summary>A layer.</summary>
    /// <param name="inputs">Units or features that feed it, ≥ 1.</param>
    /// <param name="outputs">Units, ≥ 1.</param>
    /// <param name="activation">What follows the affine map; <see cref="LayerActivation.Identity"/> for the output layer.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is less than 1, or the activation undefined.</exception>
    public DenseLayer(int inputs, int outputs, LayerActivation activation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        if (!Enum.IsDefined(activation))
            throw new ArgumentOutOfRangeException(nameof(activation), activation, "Not a defined activation.");
        Inputs = inputs;
        Outputs = outputs;
        Activation = activation;
    }

    /// <summary>Units or features that feed the layer.</summary>
    public int Inputs { get; }

    /// <summary>Units of the layer.</summary>
    public int Outputs { get; }

    /// <summary>What follows the affine map.</summary>
    public LayerActivation Activation { get; }

    /// <summary>The weights' shape.</summary>
    public WeightShape Shape => WeightShape.Dense(Inputs, Outputs);

    /// <summary>A multi-layer perceptron: one activation throughout, none on the output.</summary>
    /// <param name="sizes">Features, hidden sizes, outputs; at least two numbers.</param>
    /// <param name="activation">Activation of the hidden layers.</param>
    /// <exception cref="ArgumentException">There are fewer than two sizes, one is less than 1, or the activation is undefined.</exception>
    public static IReadOnlyList<DenseLayer> Stack(ReadOnlySpan<int> sizes, LayerActivation activation)
    {
        if (sizes.Length < 2)
            throw new ArgumentException($"A network has at least an input and an output size; {sizes.Length} given.", nameof(sizes));
        DenseLayer[] layers = new DenseLayer[sizes.Length - 1];
        for (int i = 0; i < layers.Length; i++)
            layers[i] = new DenseLayer(sizes[i], sizes[i + 1], i + 1 < layers.Length ? activation : LayerActivation.Identity);
        return layers;
    }

    /// <summary>Sizes and activation.</summary>
    public override string ToString() => FormattableString.Invariant($"{Inputs} → {Outputs}, {Activation}");

    /// <inheritdoc cref="Stack(ReadOnlySpan{int}, LayerActivation)"/>
    public static IReadOnlyList<DenseLayer> Stack(int[] sizes, LayerActivation activation)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        return Stack(sizes.AsSpan(), activation);
    }
}
