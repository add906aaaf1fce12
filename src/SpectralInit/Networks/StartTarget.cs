using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>Dense layers about to be started, wherever they live: what arrives at each, and where its parameters go.</summary>
internal sealed class StartTarget
{
    private readonly Func<int, RowSample> _sampleOf;
    private readonly Func<int, IRowSource> _rowsOf;
    private readonly Action<int, DenseParameters> _write;
    private (int Layer, RowSample Sample)? _arrived;

    private StartTarget(IReadOnlyList<DenseLayer> layers, Targets targets, Func<int, RowSample> sampleOf, Func<int, IRowSource> rowsOf, Action<int, DenseParameters> write)
    {
        Layers = layers;
        Targets = targets;
        (_sampleOf, _rowsOf, _write) = (sampleOf, rowsOf, write);
    }

    public IReadOnlyList<DenseLayer> Layers { get; }

    public Targets Targets { get; }

    /// <summary>Layers that are fitted here to rows: their sample passes through them once, and nothing of size n is held.</summary>
    public static StartTarget Of(IReadOnlyList<DenseLayer> layers, IRowSource rows, Targets targets, WarmStartOptions options, CancellationToken cancellationToken)
    {
        LayerStack.Check(layers, rows, targets);
        RowSample sample = RowSample.Take(rows, targets, Centers(layers, targets, options), options.Seed, cancellationToken);
        List<DenseParameters> fitted = [];
        return new(layers, targets, _ => sample, _ => new ActivationRows(rows, [.. fitted]), (layer, parameters) =>
        {
            fitted.Add(parameters);
            if (layer < layers.Count - 1)
                sample = sample.With(parameters.Forward(sample.Rows, sample.Count), layers[layer].Outputs);
        });
    }

    /// <summary>The dense layers of a network from layer <paramref name="first"/> on.</summary>
    public static StartTarget Of(INetwork network, int first, Targets targets, WarmStartOptions options, CancellationToken cancellationToken)
    {
        DenseLayer[] layers = [.. Enumerable.Range(first, network.LayerCount - first).Select(layer => NetworkLayers.Describe(network, layer))];
        LayerStack.CheckOutputs(layers[^1], targets);
        int centers = Centers(layers, targets, options);
        return new(
            layers, targets,
            layer => RowSample.Take(NetworkLayers.Arriving(network, first + layer), targets, centers, options.Seed, cancellationToken, nameof(network)),
            layer => NetworkLayers.Arriving(network, first + layer),
            (layer, parameters) => NetworkLayers.Write(network, first + layer, parameters));
    }

    /// <summary>The sampled rows that arrive at a layer; the layers before are written.</summary>
    public RowSample Sample(int layer)
    {
        if (_arrived is not { } arrived || arrived.Layer != layer)
            _arrived = arrived = (layer, _sampleOf(layer));
        return arrived.Sample;
    }

    /// <summary>The rows that arrive at a layer and their targets: all, or as many as asked for, each with the same chance.</summary>
    public (IRowSource Rows, Targets Targets) Rows(int layer, int limit, ulong seed)
    {
        IRowSource rows = _rowsOf(layer);
        if (Targets.Count <= limit)
            return (rows, Targets);
        double[] order = new double[Targets.Count];
        RandomFill.Uniform<double>(order, 0, 1, seed, stream: 3);
        int[] chosen = [.. Enumerable.Range(0, order.Length)];
        Array.Sort(order, chosen);
        Array.Sort(chosen, 0, limit);
        chosen = chosen[..limit];

        // Layers held here are passed by the chosen rows alone.
        return (rows is ActivationRows own ? own.Select(chosen) : new SelectedRows(rows, chosen), Targets.Subset(chosen));
    }

    public void Write(int layer, DenseParameters parameters) => _write(layer, parameters);

    private static int Centers(IReadOnlyList<DenseLayer> layers, Targets targets, WarmStartOptions options) =>
        options.CentersFor(targets.Count, layers[0].Inputs, layers.Sum(layer => (long)layer.Inputs * layer.Outputs));
}
