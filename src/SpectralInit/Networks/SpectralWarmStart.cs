namespace SpectralInit;

/// <summary>
/// Weights for a whole network of dense layers, fitted to labelled rows before any training: each hidden layer looks along the gradient outer product of
/// the activations that really arrive, and the last layer is the ridge readout of the last hidden activations with the smallest exact leave-one-out error.
/// </summary>
/// <remarks>
/// The first hidden layer, every one that narrows, and the second if the left-out error of a readout falls by it, draw their rows by
/// <see cref="GradientOuterProductInitializer"/> (unit mean variance of the pre-activations, centring bias). Centred random layers amplify gradients, so
/// the other layers carry the activations on unchanged instead: an identity, which a ReLU passes because its inputs are not negative, and which
/// other activations pass up to a gain. The readout is a <see cref="RidgeReadout"/> on all rows. A classifier's logits are the readout of the one-hot targets times <see cref="LogitScale"/>.
/// A network with one output and two classes gets the logit of class 1. The result depends on the arguments alone, not on the number of threads.
/// </remarks>
public sealed class SpectralWarmStart
{
    /// <summary>Measured: a larger factor leaves the loss too flat to learn more, however accurate the left-out predictions are.</summary>
    private const double MaxLogitScale = 10;

    /// <summary>A further layer of features must lower the left-out error to this share of what it was.</summary>
    private const double WorthwhileError = 0.95;

    private SpectralWarmStart(IReadOnlyList<DenseParameters> layers, IReadOnlyList<LayerReport> report, RidgeReadout readout, double logitScale, IReadOnlyList<string> warnings)
    {
        Layers = layers;
        Report = report;
        Readout = readout;
        LogitScale = logitScale;
        Warnings = warnings;
    }

    /// <summary>Weights and bias of every layer, in order.</summary>
    public IReadOnlyList<DenseParameters> Layers { get; }

    /// <summary>What each layer does to the sampled rows.</summary>
    public IReadOnlyList<LayerReport> Report { get; }

    /// <summary>The readout before scaling: ridge, leave-one-out error and accuracy.</summary>
    public RidgeReadout Readout { get; }

    /// <summary>The factor on the logits; 1 for regression.</summary>
    public double LogitScale { get; }

    /// <summary>What a reader of the result should know: fallbacks taken.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Fits a warm start.</summary>
    /// <param name="layers">The network; the last layer has as many outputs as the targets, or one for two classes. Its activation is ignored: the loss decides it.</param>
    /// <param name="rows">n training rows; read three or four times.</param>
    /// <param name="targets">n classes or values. Standardize values that are far from unit variance.</param>
    /// <param name="options">Seed, centres, exponent, shares, scale; defaults when null.</param>
    /// <param name="progress">Told the share of the work done, 0 … 1.</param>
    /// <param name="cancellationToken">Stops between layers and blocks of rows.</param>
    /// <exception cref="ArgumentException">Layers do not fit each other, the rows or the targets; rows and targets differ in number; a value is NaN or infinite.</exception>
    public static SpectralWarmStart Fit(
        IReadOnlyList<DenseLayer> layers, IRowSource rows, Targets targets, WarmStartOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new();
        options.Check();
        LayerStack.Check(layers, rows, targets);
        RowSample sample = RowSample.Take(rows, targets, options.MaxCenters, options.Seed, cancellationToken);
        List<DenseParameters> fitted = [];
        List<LayerReport> report = [];
        List<string> warnings = [];
        for (int i = 0; i < layers.Count - 1; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (DenseParameters parameters, string method) = HiddenLayer(layers[i], i, sample, options, warnings);
            fitted.Add(parameters);
            report.Add(LayerStack.Describe(i, method, parameters, sample.Rows, sample.Count));
            sample = sample.With(parameters.Forward(sample.Rows, sample.Count), layers[i].Outputs);
            progress?.Report((i + 1.0) / layers.Count);
        }

        RidgeReadout readout = RidgeReadout.Fit(new ActivationRows(rows, [.. fitted]), targets, null, cancellationToken);
        double scale = targets.IsClassification ? options.LogitScale ?? Math.Min(readout.CalibratedScale, MaxLogitScale) : 1;
        DenseParameters last = LayerStack.Output(layers[^1], readout, scale);
        fitted.Add(last);
        report.Add(LayerStack.Describe(layers.Count - 1, "ridge readout", last, sample.Rows, sample.Count));
        progress?.Report(1);
        return new(fitted, report, readout, scale, warnings);
    }

    private static (DenseParameters Parameters, string Method) HiddenLayer(DenseLayer layer, int index, RowSample sample, WarmStartOptions options, List<string> warnings)
    {
        bool mayCarry = index > 0 && layer.Outputs >= layer.Inputs;
        if (mayCarry && layer.Outputs == layer.Inputs && index >= options.FeatureLayers)
            return (TransportLayer.Create(layer, sample, null), "transport");

        (DenseParameters features, string method) = FeatureLayer(layer, sample, options, Seeds.Derive(options.Seed, (ulong)index), warnings, index);
        if (!mayCarry || (index < options.FeatureLayers && Improves(sample, features)))
            return (features, method);
        return (TransportLayer.Create(layer, sample, features), layer.Outputs == layer.Inputs ? "transport" : "transport, " + method);
    }

    /// <summary>Whether the left-out error of a readout falls enough to pay for the gradients a random layer amplifies.</summary>
    private static bool Improves(RowSample sample, DenseParameters features)
    {
        Targets targets = Targets.Values(sample.TargetValues, sample.Outputs);
        double before = RidgeReadout.Fit(new MemoryRowSource<double>(sample.Rows, sample.Dimension), targets).LeaveOneOutError;
        double after = RidgeReadout.Fit(new MemoryRowSource<double>(features.Forward(sample.Rows, sample.Count), features.Layer.Outputs), targets).LeaveOneOutError;
        return after < WorthwhileError * before;
    }

    private static (DenseParameters Parameters, string Method) FeatureLayer(DenseLayer layer, RowSample sample, WarmStartOptions options, ulong seed, List<string> warnings, int index)
    {
        if (sample.Count < 2)
        {
            warnings.Add($"Layer {index}: one row has no directions; the weights are He's.");
            return (new DenseParameters(layer, new HeInitializer().Create<double>(layer.Shape, seed), new double[layer.Outputs]), "He");
        }

        GradientOuterProduct product = GradientOuterProduct.Fit(sample, new GradientOuterProductOptions());
        foreach (string warning in product.Warnings)
            warnings.Add($"Layer {index}: {warning}");
        GradientOuterProductInitializer initializer = new(product, new() { Exponent = options.Exponent, CovarianceShare = options.CovarianceShare, IsotropicShare = options.IsotropicShare });
        double[] weights = initializer.Rows(layer.Outputs, seed);
        return (new DenseParameters(layer, weights, LayerStack.Centering(weights, product.Mean, layer.Outputs)), "gradient outer product");
    }
}
