namespace SpectralInit;

/// <summary>
/// Weights for a whole network, fitted to labelled rows before any training: hidden layers look along directions that decide the answer on the activations
/// that really arrive, and the last layer is the ridge readout of the last hidden activations with the smallest exact leave-one-out error.
/// </summary>
/// <remarks>
/// <para>
/// The first hidden layer, every one that narrows, and the second if it pays, draw their rows from a <see cref="FeatureRecipe"/> over the
/// <see cref="GradientOuterProduct"/> of what arrives: unit mean variance of the pre-activations, centring bias. Which recipe is chosen by cross-fitting on
/// the training rows alone (<see cref="Choices"/>; from 60 rows on, and the first recipe stays unless another is better by more than a standard error), and so are the ridge and <see cref="LogitScale"/> where the features saw most rows. Centred random layers amplify gradients, so the other layers carry the activations on unchanged: an
/// identity, which a ReLU passes because its inputs are not negative; before tanh and sigmoid a centred random rotation, which neither shrinks nor saturates what arrives.
/// </para>
/// <para>
/// The readout is a <see cref="RidgeReadout"/> on all rows. A classifier's logits are the readout of the one-hot targets times <see cref="LogitScale"/>.
/// A network with one output and two classes gets the logit of class 1. The result depends on the arguments alone, not on the number of threads.
/// </para>
/// </remarks>
public sealed class SpectralWarmStart
{
    /// <summary>Measured: a larger factor leaves the loss too flat to learn more, however accurate the left-out predictions are.</summary>
    private const double MaxLogitScale = 10;

    private SpectralWarmStart(IReadOnlyList<DenseParameters> layers, IReadOnlyList<LayerReport> report, IReadOnlyList<RecipeChoice> choices, RidgeReadout readout, double error, double accuracy, double logitScale, IReadOnlyList<string> warnings)
    {
        Layers = layers;
        Report = report;
        Choices = choices;
        Readout = readout;
        CrossFittedError = error;
        CrossFittedAccuracy = accuracy;
        LogitScale = logitScale;
        Warnings = warnings;
    }

    /// <summary>Weights and bias of every dense layer, in order.</summary>
    public IReadOnlyList<DenseParameters> Layers { get; }

    /// <summary>What each layer does to the sampled rows.</summary>
    public IReadOnlyList<LayerReport> Report { get; }

    /// <summary>How every hidden layer was chosen.</summary>
    public IReadOnlyList<RecipeChoice> Choices { get; }

    /// <summary>The readout before scaling. Its leave-one-out error is too good where the hidden layers saw most of the rows: see <see cref="CrossFittedError"/>.</summary>
    public RidgeReadout Readout { get; }

    /// <summary>Squared error, relative to the variance of the targets, of a readout on features that were fitted to other rows (half of at most 800); NaN for fewer than 8 rows.</summary>
    public double CrossFittedError { get; }

    /// <summary>Accuracy measured likewise; NaN for values.</summary>
    public double CrossFittedAccuracy { get; }

    /// <summary>The factor on the logits; 1 for regression.</summary>
    public double LogitScale { get; }

    /// <summary>What a reader of the result should know: fallbacks taken.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Fits a warm start of dense layers.</summary>
    /// <param name="layers">The network; the last layer has as many outputs as the targets, or one for two classes. Its activation is ignored: the loss decides it.</param>
    /// <param name="rows">n training rows; read three or four times.</param>
    /// <param name="targets">n classes or values. Standardize values that are far from unit variance.</param>
    /// <param name="options">Seed, centres, recipes, scale; defaults when null.</param>
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
        return Fit(layers, targets, options, _ => sample, _ => new ActivationRows(rows, [.. fitted]), (layer, parameters) =>
        {
            fitted.Add(parameters);
            if (layer < layers.Count - 1)
                sample = sample.With(parameters.Forward(sample.Rows, sample.Count), layers[layer].Outputs);
        }, progress, cancellationToken);
    }

    /// <summary>Fits a warm start of a network that may belong to another framework, and writes it there layer by layer.</summary>
    /// <param name="network">
    /// The network: convolutions first, if any, with any stride, padding, dilation and groups, then dense layers. <see cref="INetwork.InputsOf"/> gives one row per target, in their order;
    /// before a convolution equally many patches per target, those of one sample after the other (<see cref="PatchSource.Of"/>). Filters are made as
    /// <see cref="WarmStartOptions.Filters"/> says; the dense layers choose their recipes on what the convolutions let through.
    /// </param>
    /// <param name="targets">n classes or values.</param>
    /// <param name="options">Seed, centres, recipes, scale; defaults when null.</param>
    /// <param name="progress">Told the share of the work done, 0 … 1.</param>
    /// <param name="cancellationToken">Stops between layers and blocks of rows.</param>
    /// <exception cref="ArgumentException">The network does not fit the targets; a value that arrives is NaN or infinite.</exception>
    public static SpectralWarmStart Apply(INetwork network, Targets targets, WarmStartOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(targets);
        options ??= new();
        options.Check();
        if (network.LayerCount == 0)
            throw new ArgumentException("The network has no layers.", nameof(network));
        int dense = 0;
        List<LayerReport> convolutions = [];
        for (; dense < network.LayerCount - 1 && !network.ShapeOf(dense).Kernel.IsEmpty; dense++)
            convolutions.Add(PatchLayer.Apply(network, dense, targets, options, cancellationToken));

        DenseLayer[] layers = [.. Enumerable.Range(dense, network.LayerCount - dense).Select(layer => NetworkLayers.Describe(network, layer))];
        LayerStack.CheckOutputs(layers[^1], targets);
        SpectralWarmStart start = Fit(
            layers, targets, options,
            layer => RowSample.Take(network.InputsOf(dense + layer), targets, options.MaxCenters, options.Seed, cancellationToken, nameof(network)),
            layer => network.InputsOf(dense + layer),
            (layer, parameters) => NetworkLayers.Write(network, dense + layer, parameters),
            progress, cancellationToken);
        return dense == 0 ? start : start.After(convolutions);
    }

    /// <summary>Says what was chosen and how good it is, in one paragraph.</summary>
    public override string ToString()
    {
        string layers = string.Join(", ", Report.Select(layer => layer.Method));
        string errors = string.Join("; ", Choices.Where(choice => choice.Errors.Count > 0).Select(choice =>
            $"layer {choice.Layer} took {choice.Chosen} of {string.Join(", ", choice.Errors.OrderBy(pair => pair.Value).Select(pair => $"{pair.Key} {pair.Value:F3}"))}"));
        return $"Layers: {layers}. Cross-fitted error {CrossFittedError:F3}, accuracy {CrossFittedAccuracy:F3}; logit scale {LogitScale:F1}; ridge {Readout.Ridge:G3}."
            + (errors.Length > 0 ? $" By error, {errors}." : "");
    }

    /// <summary>The same start behind convolutions: layer numbers move up.</summary>
    private SpectralWarmStart After(List<LayerReport> convolutions) => new(
        Layers,
        [.. convolutions, .. Report.Select(layer => layer with { Index = layer.Index + convolutions.Count })],
        [.. Choices.Select(choice => choice with { Layer = choice.Layer + convolutions.Count })],
        Readout, CrossFittedError, CrossFittedAccuracy, LogitScale, Warnings);

    private static SpectralWarmStart Fit(
        IReadOnlyList<DenseLayer> layers, Targets targets, WarmStartOptions options,
        Func<int, RowSample> sampleOf, Func<int, IRowSource> rowsOf, Action<int, DenseParameters> write, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        List<DenseParameters> fitted = [];
        List<LayerReport> report = [];
        List<RecipeChoice> choices = [];
        List<string> warnings = [];
        int last = layers.Count - 1;
        RowSample sample = sampleOf(0);
        CrossFit? shadows = CrossFit.Of(sample, Seeds.Derive(options.Seed, nameof(CrossFit)));
        for (int layer = 0; layer < last; layer++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ulong seed = Seeds.Derive(options.Seed, (ulong)layer);
            RecipeChoice choice = Choose(layers[layer], layer, shadows, options, seed);
            shadows?.Advance(layers[layer], choice, options, seed);
            DenseParameters parameters = HiddenLayer(layers[layer], layer, sample, choice, options, seed, warnings);
            choices.Add(choice);
            Put(layer, parameters, choice.Chosen);
            sample = sampleOf(layer + 1);
            progress?.Report((layer + 1.0) / layers.Count);
        }

        // Where most rows had no part in the features, leaving one out of the readout is honest; elsewhere the shadows know better.
        CrossFitReadout? honest = shadows?.Readout(targets.IsClassification, targets.Count);
        double[]? ridges = honest is { } judged && 2L * sample.Count > targets.Count ? [judged.Ridge] : null;
        RidgeReadout readout = RidgeReadout.Fit(rowsOf(last), targets, new() { Ridges = ridges }, cancellationToken);
        double calibrated = ridges is null ? readout.CalibratedScale : honest!.Value.Scale;
        double scale = targets.IsClassification ? options.LogitScale ?? Math.Min(calibrated, MaxLogitScale) : 1;
        Put(last, LayerStack.Output(layers[^1], readout, scale), "ridge readout");
        progress?.Report(1);
        return new(fitted, report, choices, readout, honest?.Error ?? double.NaN, honest?.Accuracy ?? double.NaN, scale, warnings);

        void Put(int layer, DenseParameters parameters, string method)
        {
            fitted.Add(parameters);
            report.Add(LayerStack.Describe(layer, method, parameters, sample.Rows, sample.Count));
            write(layer, parameters);
        }
    }

    private static RecipeChoice Choose(DenseLayer layer, int index, CrossFit? shadows, WarmStartOptions options, ulong seed)
    {
        bool mayCarry = index > 0 && layer.Outputs >= layer.Inputs;
        return mayCarry && (index >= options.FeatureLayers || shadows is null) ? new RecipeChoice(index, CrossFit.Transport, new Dictionary<string, double>())
            : shadows?.Choose(layer, index, options, mayCarry, seed) ?? new RecipeChoice(index, options.Recipes[0].Name, new Dictionary<string, double>());
    }

    private static DenseParameters HiddenLayer(DenseLayer layer, int index, RowSample sample, RecipeChoice choice, WarmStartOptions options, ulong seed, List<string> warnings)
    {
        if (sample.Count < 2)
        {
            warnings.Add($"Layer {index}: one row has no directions; the weights are He's.");
            return new DenseParameters(layer, new HeInitializer().Create<double>(layer.Shape, seed), new double[layer.Outputs]);
        }

        return FeatureLayer.Create(layer, sample, Product, choice, options, seed);

        GradientOuterProduct Product()
        {
            GradientOuterProduct product = GradientOuterProduct.Fit(sample, new GradientOuterProductOptions());
            foreach (string warning in product.Warnings)
                warnings.Add($"Layer {index}: {warning}");
            return product;
        }
    }
}
