namespace SpectralInit;

/// <summary>
/// Weights for a whole network, fitted to labelled rows before any training: hidden layers look along directions that decide the answer on the activations
/// that really arrive, and the last layer is a ridge readout of the last hidden activations.
/// </summary>
/// <remarks>
/// <para>
/// The first hidden layers, and every one that narrows, draw their rows by a <see cref="FeatureRecipe"/> from the rows that arrive and their
/// <see cref="GradientOuterProduct"/>: unit mean variance of the pre-activations, centring bias. Centred random layers amplify gradients, so the other layers
/// carry the activations on unchanged: an identity, which a ReLU passes because its inputs are not negative; before tanh and sigmoid a centred random rotation,
/// which neither shrinks nor saturates what arrives. Which recipe suits the data is what <see cref="AutomaticInitializer"/> chooses.
/// </para>
/// <para>
/// The last layer is the <see cref="RidgeReadout"/> of least leave-one-out cross-entropy (least squared error for values) whose weights are no longer than
/// <see cref="WarmStartOptions.ReadoutNorm"/>: a readout that fits the training rows with long weights sends gradients so large to the layers below that training
/// first destroys what it was given. Its ridge is not smaller than rows left out advise where the features saw most rows. A network with one output and two classes gets the
/// logit of class 1. The result depends on the arguments alone, not on the number of threads.
/// </para>
/// </remarks>
public sealed class SpectralWarmStart
{
    /// <summary>Measured: a larger factor leaves the loss too flat to learn more, however accurate the left-out predictions are.</summary>
    private const double MaxLogitScale = 10;

    private SpectralWarmStart(IReadOnlyList<DenseParameters> layers, IReadOnlyList<LayerReport> report, RidgeReadout readout, CrossFitReadout? honest, double logitScale, IReadOnlyList<string> warnings)
    {
        Layers = layers;
        Report = report;
        Readout = readout;
        CrossFittedError = honest?.Error ?? double.NaN;
        CrossFittedAccuracy = honest?.Accuracy ?? double.NaN;
        LogitScale = logitScale;
        Warnings = warnings;
    }

    /// <summary>Weights and bias of every dense layer, in order.</summary>
    public IReadOnlyList<DenseParameters> Layers { get; }

    /// <summary>What each layer does to the sampled rows.</summary>
    public IReadOnlyList<LayerReport> Report { get; }

    /// <summary>The readout before scaling. Its leave-one-out error is too good where the hidden layers saw most of the rows: see <see cref="CrossFittedError"/>.</summary>
    public RidgeReadout Readout { get; }

    /// <summary>Squared error, relative to the variance of the targets, of a readout on features that were fitted to other rows (half of at most 800); NaN for fewer than 8 rows, and for more than 5000, where the readout's own error is honest.</summary>
    public double CrossFittedError { get; }

    /// <summary>Accuracy measured likewise; NaN for values.</summary>
    public double CrossFittedAccuracy { get; }

    /// <summary>The factor on the logits; 1 for regression.</summary>
    public double LogitScale { get; }

    /// <summary>What a reader of the result should know: fallbacks taken.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Fits a warm start of dense layers.</summary>
    /// <param name="layers">The network; the last layer has as many outputs as the targets, or one for two classes. Its activation is ignored: the loss decides it.</param>
    /// <param name="rows">n training rows; read twice.</param>
    /// <param name="targets">n classes or values. Standardize values that are far from unit variance.</param>
    /// <param name="options">Seed, rows, recipes, scale; defaults when null.</param>
    /// <param name="progress">Told the share of the work done, 0 … 1.</param>
    /// <param name="cancellationToken">Stops between layers and blocks of rows.</param>
    /// <exception cref="ArgumentException">Layers do not fit each other, the rows or the targets; rows and targets differ in number; a value is NaN or infinite.</exception>
    public static SpectralWarmStart Fit(
        IReadOnlyList<DenseLayer> layers, IRowSource rows, Targets targets, WarmStartOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new();
        options.Check();
        StartTarget target = StartTarget.Of(layers, rows, targets, options, cancellationToken);
        return Fit(target, Shadows(target, options), options, progress, cancellationToken);
    }

    /// <summary>Fits a warm start of a network that may belong to another framework, and writes it there layer by layer.</summary>
    /// <param name="network">
    /// The network: convolutions first, if any, with any stride, padding, dilation and groups, then dense layers. <see cref="INetwork.InputsOf"/> gives one row per target, in their order;
    /// before a convolution equally many patches per target, those of one sample after the other (<see cref="PatchSource.Of"/>). Filters are made as
    /// <see cref="WarmStartOptions.Filters"/> says; the dense layers choose their recipes on what the convolutions let through.
    /// </param>
    /// <param name="targets">n classes or values.</param>
    /// <param name="options">Seed, rows, recipes, scale; defaults when null.</param>
    /// <param name="progress">Told the share of the work done, 0 … 1.</param>
    /// <param name="cancellationToken">Stops between layers and blocks of rows.</param>
    /// <exception cref="ArgumentException">The network does not fit the targets; a value that arrives is NaN or infinite.</exception>
    public static SpectralWarmStart Apply(INetwork network, Targets targets, WarmStartOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new();
        options.Check();
        List<LayerReport> convolutions = PatchLayer.ApplyAll(network, targets, options, cancellationToken);
        StartTarget target = StartTarget.Of(network, convolutions.Count, targets, options, cancellationToken);
        return Fit(target, Shadows(target, options), options, progress, cancellationToken).After(convolutions);
    }

    /// <summary>Says what was made and how good it is, in one paragraph.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"Layers: {string.Join(", ", Report.Select(layer => layer.Method))}. Cross-fitted error {CrossFittedError:F3}, accuracy {CrossFittedAccuracy:F3}; logit scale {LogitScale:F1}; ridge {Readout.Ridge:G3}.");

    /// <summary>The same start behind convolutions: layer numbers move up.</summary>
    internal SpectralWarmStart After(List<LayerReport> convolutions) => new(
        Layers, [.. convolutions, .. Report.Select(layer => layer with { Index = layer.Index + convolutions.Count })],
        Readout, double.IsNaN(CrossFittedError) ? null : new CrossFitReadout(Readout.Ridge, CrossFittedError, CrossFittedAccuracy), LogitScale, Warnings);

    internal static CrossFit? Shadows(StartTarget target, WarmStartOptions options) =>
        target.Layers.Count > 1 ? CrossFit.Of(target.Sample(0), Seeds.Derive(options.Seed, nameof(CrossFit))) : null;

    /// <param name="target">The layers.</param>
    /// <param name="shadows">Shadows that stand before the first layer; null where rows are too few.</param>
    /// <param name="options">Checked options.</param>
    /// <param name="progress">Told the share of the work done.</param>
    /// <param name="cancellationToken">Stops between layers and blocks of rows.</param>
    internal static SpectralWarmStart Fit(StartTarget target, CrossFit? shadows, WarmStartOptions options, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        IReadOnlyList<DenseLayer> layers = target.Layers;
        List<DenseParameters> fitted = [];
        List<LayerReport> report = [];
        List<string> warnings = [];
        int last = layers.Count - 1;
        for (int layer = 0; layer < last; layer++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ulong seed = Seeds.Derive(options.Seed, (ulong)layer);
            RowSample sample = target.Sample(layer);
            FeatureDirections directions = new(sample);
            (DenseParameters parameters, string method) = FeatureLayer.Create(layers[layer], layer, sample, directions, options, seed);
            foreach (string warning in directions.Warnings)
                warnings.Add($"Layer {layer}: {warning}");
            shadows?.Advance(layers[layer], layer, options, seed);
            Put(layer, parameters, method);
            progress?.Report((layer + 1.0) / layers.Count);
        }

        int limit = options.MaxReadoutRows ?? Math.Max(2048, 16 * layers[last].Inputs);
        (IRowSource rows, Targets targets) = target.Rows(last, limit, Seeds.Derive(options.Seed, nameof(Readout)));
        CrossFitReadout? honest = shadows?.Readout(targets.IsClassification, targets.Count);

        // Where most rows had no part in the features, leaving one out of the readout is honest; elsewhere the shadows know better.
        double least = honest is { } judged && 2L * target.Sample(last).Count > target.Targets.Count ? judged.Ridge : 0;
        RidgeReadoutOptions how = new() { MaxNorm = options.LogitScale is null && double.IsFinite(options.ReadoutNorm) ? options.ReadoutNorm : null, Ridges = RidgeReadoutOptions.From(least) };
        RidgeReadout readout = RidgeReadout.Fit(rows, targets, how, cancellationToken: cancellationToken);
        double scale = targets.IsClassification ? options.LogitScale ?? Math.Min(readout.CalibratedScale, MaxLogitScale) : 1;
        Put(last, LayerStack.Output(layers[^1], readout, scale), "ridge readout");
        progress?.Report(1);
        return new(fitted, report, readout, honest, scale, warnings);

        void Put(int layer, DenseParameters parameters, string method)
        {
            RowSample sample = target.Sample(layer);
            fitted.Add(parameters);
            report.Add(LayerStack.Describe(layer, method, parameters, sample.Rows, sample.Count));
            target.Write(layer, parameters);
        }
    }
}
