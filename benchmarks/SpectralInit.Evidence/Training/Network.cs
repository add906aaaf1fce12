namespace SpectralInit.Evidence;

/// <summary>
/// Layers one after the other, with all parameters in one array and all gradients in another. Not thread-safe: one network per run.
/// </summary>
internal sealed class Network
{
    private readonly Layer[] _layers;
    private readonly float[][] _outputs;
    private readonly float[][] _gradients;
    private readonly float[] _input;

    public Network(params Layer[] layers)
    {
        _layers = layers;
        WeightLayers = [.. layers.OfType<WeightLayer>()];
        Parameters = new float[WeightLayers.Sum(layer => layer.ParameterCount)];
        Gradients = new float[Parameters.Length];
        int offset = 0;
        foreach (WeightLayer layer in WeightLayers)
        {
            layer.Bind(Parameters.AsMemory(offset, layer.ParameterCount), Gradients.AsMemory(offset, layer.ParameterCount));
            offset += layer.ParameterCount;
        }

        _outputs = [.. layers.Select(layer => new float[BatchCapacity * layer.OutputSize])];
        _gradients = [.. layers.Select(layer => new float[BatchCapacity * layer.OutputSize])];
        _input = new float[BatchCapacity * layers[0].InputSize];
    }

    /// <summary>The most rows one pass takes.</summary>
    public const int BatchCapacity = 128;

    public IReadOnlyList<Layer> Layers => _layers;

    public WeightLayer[] WeightLayers { get; }

    public float[] Parameters { get; }

    public float[] Gradients { get; }

    public int InputSize => _layers[0].InputSize;

    public int OutputSize => _layers[^1].OutputSize;

    /// <summary>Room for the rows of the next pass.</summary>
    public Span<float> Input => _input;

    /// <summary>Output rows of the last forward pass.</summary>
    public ReadOnlySpan<float> Output => _outputs[^1];

    /// <summary>Room for ∂loss/∂output before <see cref="Backward"/>.</summary>
    public Span<float> OutputGradient => _gradients[^1];

    /// <summary>A multilayer perceptron; the output layer is linear.</summary>
    public static Network Perceptron(int inputs, IReadOnlyList<int> hidden, int outputs, Activation activation)
    {
        List<Layer> layers = [];
        foreach (int width in hidden)
        {
            layers.Add(new DenseLayer(inputs, width));
            layers.Add(new ActivationLayer(width, activation));
            inputs = width;
        }

        layers.Add(new DenseLayer(inputs, outputs));
        return new Network([.. layers]);
    }

    /// <summary>Blocks of 3 × 3 convolution, nonlinearity and 2 × 2 pooling, then dense layers.</summary>
    public static Network Convolutional(ImageSize image, IReadOnlyList<int> channels, IReadOnlyList<int> hidden, int outputs, Activation activation)
    {
        List<Layer> layers = [];
        foreach (int count in channels)
        {
            ConvolutionLayer convolution = new(image, count);
            PoolingLayer pooling = new(convolution.Output);
            layers.AddRange([convolution, new ActivationLayer(convolution.OutputSize, activation), pooling]);
            image = pooling.Output;
        }

        return new Network([.. layers, .. Perceptron(image.Count, hidden, outputs, activation)._layers]);
    }

    /// <summary>An embedding of the last words, side by side, then dense layers to a score for every word that may follow.</summary>
    public static Network NextWord(int vocabulary, int dimension, int context, IReadOnlyList<int> hidden, int outputs, Activation activation) =>
        new([new EmbeddingLayer(context, vocabulary, dimension), .. Perceptron(context * dimension, hidden, outputs, activation)._layers]);

    /// <summary>The mean of the embeddings of a passage's words, then dense layers.</summary>
    public static Network BagOfWords(int vocabulary, int dimension, int words, IReadOnlyList<int> hidden, int outputs, Activation activation) =>
        new([new BagLayer(words, vocabulary, dimension), .. Perceptron(dimension, hidden, outputs, activation)._layers]);

    /// <summary>A recurrent layer of tanh units over a sequence and a linear readout of its state at each of the last <paramref name="predicted"/> steps; trained through all steps.</summary>
    public static Network Recurrent(int steps, int predicted, int inputs, int units, int outputs) =>
        new(new StepwiseLayer(steps, inputs, units), new RecurrentLayer(steps, predicted, units), new StepwiseLayer(predicted, units, outputs));

    /// <summary>Runs the first <paramref name="rows"/> rows of <see cref="Input"/> through the first <paramref name="layers"/> layers (all when null); returns their output.</summary>
    public ReadOnlySpan<float> Forward(int rows, int? layers = null)
    {
        ReadOnlySpan<float> current = _input;
        int width = InputSize;
        for (int i = 0; i < (layers ?? _layers.Length); i++)
        {
            width = _layers[i].OutputSize;
            _layers[i].Forward(current, _outputs[i], rows);
            current = _outputs[i];
        }

        return current[..(rows * width)];
    }

    /// <summary>From <see cref="OutputGradient"/> to <see cref="Gradients"/>, for the rows of the last forward pass.</summary>
    public void Backward(int rows)
    {
        for (int i = _layers.Length - 1; i >= 0; i--)
            _layers[i].Backward(i == 0 ? _input : _outputs[i - 1], _outputs[i], _gradients[i], i == 0 ? [] : _gradients[i - 1], rows);
    }

    /// <summary>What arrives at layer <paramref name="layer"/> for every row, <c>rows.Count</c> × <c>Layers[layer].InputSize</c>.</summary>
    public float[] Activations(LabeledRows rows, int layer)
    {
        int width = layer < _layers.Length ? _layers[layer].InputSize : OutputSize;
        float[] activations = new float[(long)rows.Count * width];
        for (int start = 0; start < rows.Count; start += BatchCapacity)
        {
            int count = Math.Min(BatchCapacity, rows.Count - start);
            rows.Features.AsSpan(start * InputSize, count * InputSize).CopyTo(_input);
            Forward(count, layer).CopyTo(activations.AsSpan(start * width));
        }

        return activations;
    }
}
