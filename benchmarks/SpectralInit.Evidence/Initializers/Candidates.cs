using System.Globalization;
using System.Numerics.Tensors;

namespace SpectralInit.Evidence;

/// <summary>The table of everything that is compared. An owner of a new initializer adds a line.</summary>
internal static class Candidates
{
    /// <summary>After any name: the last layer becomes the leave-one-out ridge readout of the last hidden activations.</summary>
    public const string ReadoutSuffix = "+readout";

    /// <summary>After any name: every layer is scaled to unit variance on the rows.</summary>
    public const string UnitVarianceSuffix = "+lsuv";

    private static readonly PrincipalComponentOptions s_asTheyAre = new() { Completion = ComponentCompletion.HeRemainder };

    // Twice the variance, for the ReLU that halves it: He's scale.
    private static readonly PrincipalComponentOptions s_scaled = s_asTheyAre with { Scaling = ComponentScaling.Proportional, TargetVariance = 2 };

    private static readonly WhiteningOptions s_zeroPhase = new() { Kind = WhiteningKind.ZeroPhase, Regularization = 0.1 };

    private static readonly Candidate[] s_table =
    [
        new(Candidate.Reference, "He normal in every layer", _ => { }),
        new("xavier", "Xavier normal in every layer", context => context.FillAll(new XavierInitializer())),
        new("orthogonal", "orthogonal matrices, times √2 before a ReLU", Orthogonal),
        new("lsuv", "orthogonal, then every layer scaled to unit variance on the rows", context =>
        {
            Orthogonal(context);
            LayerSequentialUnitVariance.Apply(context);
        }),
        new("spectral-norm", "He, every layer scaled to spectral norm √2 before a ReLU, 1 elsewhere", context => SpectralNorm(context, byFans: false)),
        new("spectral-condition", "He, every layer scaled to spectral norm √(fan_out/fan_in)", context => SpectralNorm(context, byFans: true)),
        new("spectral-rates", "the same, and every layer's learning rate times fan_out/fan_in (SGD) or 256/fan_in (Adam)", SpectralRates),
        new("pca", "first layer W = U_kᵀ, the principal directions as they are", context => context.Fill(0, new PrincipalComponentInitializer(context.FirstLayerSpectrum, s_asTheyAre))),
        new("pca-scaled", "first layer principal directions with one gain: mean variance 2 before the nonlinearity", context => context.Fill(0, new PrincipalComponentInitializer(context.FirstLayerSpectrum, s_scaled))),
        new("pca-mirrored", "first layer pairs ±v of the principal directions, scaled likewise", Mirrored),
        Power(-1),
        Power(0),
        Power(0.5),
        Power(1),
        Power(2),
        new("whitening", "first layer whitened principal directions, Λ^(−½)·Uᵀ", context => context.FillWithBias(0, new WhiteningInitializer(Whitening.Fit(context.FirstLayerSpectrum)))),
        new("zca", "first layer zero-phase whitening, V·(Λ + εI)^(−½)·Vᵀ, ε a tenth of the mean variance", context => context.FillWithBias(0, new WhiteningInitializer(Whitening.Fit(context.FirstLayerSpectrum, s_zeroPhase)))),
        new("kmeans", "first layer spherical k-means of the whitened rows or patches, length √2", context => Filters.Clusters(context, 0)),
        new("kmeans-layers", "the same in every hidden layer, of the activations that arrive, at unit variance", context => Filters.InEveryHiddenLayer(context, Filters.Clusters)),
        new("pca-layers", "principal directions in every hidden layer, of the activations that arrive, at unit variance", context => Filters.InEveryHiddenLayer(context, Filters.Components)),
        new("agop", "first layer rows from the gradient outer product of a kernel ridge fit, exponent ½", context => context.FillWithBias(0, new GradientOuterProductInitializer(GradientOuterProduct.Fit(context.LayerInputs(0), context.LayerTargets(0))))),
        new("class-differences", "first layer rows from differences between rows of unlike classes", context => context.FillWithBias(0, ClassDifferenceInitializer.Fit(context.LayerInputs(0), context.LayerTargets(0)))),
        new("layerwise", "spectral power 1 in every hidden layer, of the activations that arrive", LayerWise),
        new("warm", "the spectral warm start with its safest recipe: units shared between covariance and gradient outer product", context => Start(context, automatic: false)),
        new("conv-agop", "the same with convolutions from the gradient outer product of patches", context => SpectralWarmStart.Apply(context, context.Targets, new() { Seed = context.Seed, Filters = ConvolutionFilters.Recipe })),
        new("conv-image", "the automatic start of a convolution net with filters from the gradient outer product of whole images, exponent ½", context => PatchProducts.Start(context, halfClusters: false)),
        new("conv-image-half", "the same, half of the filters clusters", context => PatchProducts.Start(context, halfClusters: true)),
        new("auto", "the automatic choice: recipe, ridge and logit scale chosen on rows left out", context => Start(context, automatic: true)),
    ];

    public static IReadOnlyList<Candidate> All { get; } = [.. s_table, .. ((string[])["he", "pca", "power1", "agop", "layerwise"]).Select(name => Find(name + ReadoutSuffix))];

    /// <exception cref="ArgumentException">There is no such candidate.</exception>
    public static Candidate Find(string name)
    {
        if (name.EndsWith(ReadoutSuffix, StringComparison.Ordinal))
            return Then(Find(name[..^ReadoutSuffix.Length]), name, "the ridge readout", Readout);
        if (name.EndsWith(UnitVarianceSuffix, StringComparison.Ordinal))
            return Then(Find(name[..^UnitVarianceSuffix.Length]), name, "every layer scaled to unit variance", context => LayerSequentialUnitVariance.Apply(context));
        return s_table.FirstOrDefault(candidate => candidate.Name == name)
            ?? throw new ArgumentException($"There is no initializer '{name}'. Known: {string.Join(", ", s_table.Select(candidate => candidate.Name))}; each also with {ReadoutSuffix} or {UnitVarianceSuffix}.", nameof(name));
    }

    private static Candidate Then(Candidate first, string name, string what, Action<InitializationContext> step) => new(name, $"{first.Summary}; then {what}", context =>
    {
        first.Apply(context);
        step(context);
    });

    private static Candidate Power(double power) => new(
        string.Create(CultureInfo.InvariantCulture, $"power{power}"), $"first layer rows from N(0, V Λ^p Vᵀ), p = {power}", context => context.FillWithBias(0, new SpectralPowerInitializer(context.FirstLayerSpectrum, power)));

    private static void Orthogonal(InitializationContext context)
    {
        for (int layer = 0; layer < context.Network.WeightLayers.Length; layer++)
            context.Fill(layer, new OrthogonalInitializer(GainBefore(context, layer)));
    }

    private static void SpectralNorm(InitializationContext context, bool byFans)
    {
        for (int layer = 0; layer < context.Network.WeightLayers.Length; layer++)
            context.Fill(layer, new SpectrallyNormalizedInitializer(new HeInitializer(), byFans ? SpectralTarget.FanRatio : SpectralTarget.Norm(GainBefore(context, layer))));
    }

    // Yang, Simon, Bernstein, "A spectral condition for feature learning", 2023: updates, too, have spectral norm √(fan_out/fan_in). An update of SGD shrinks with the
    // weights' own gradient, one of Adam has entries of size 1. The 256 only says at which width Adam's rates are those it would have without factors.
    private static void SpectralRates(InitializationContext context)
    {
        SpectralNorm(context, byFans: true);
        foreach (WeightLayer layer in context.Network.WeightLayers)
            layer.RateFactor = (context.Optimizer == OptimizerKind.Adam ? 256.0 : layer.Shape.FanOut) / layer.Shape.FanIn;
    }

    private static double GainBefore(InitializationContext context, int layer) =>
        context.Activation == Activation.Relu && layer < context.Network.WeightLayers.Length - 1 ? Math.Sqrt(2) : 1;

    // Half of the rows are directions, the other half their negatives; as many directions as half the units, or all there are.
    private static void Mirrored(InitializationContext context)
    {
        WeightLayer first = context.Network.WeightLayers[0];
        int inputs = first.Shape.Columns, half = first.Shape.Rows / 2;
        Span<float> directions = first.Weights[..(half * inputs)];
        new PrincipalComponentInitializer(context.FirstLayerSpectrum, s_scaled).Initialize(directions, WeightShape.Dense(inputs, half), context.Seed);
        TensorPrimitives.Negate(directions, first.Weights.Slice(half * inputs, half * inputs));
    }

    private static void LayerWise(InitializationContext context)
    {
        for (int layer = 0; layer < context.Network.WeightLayers.Length - 1; layer++)
        {
            DataSpectrum spectrum = layer == 0 ? context.FirstLayerSpectrum : DataSpectrum.Fit(context.LayerInputs(layer));
            context.FillWithBias(layer, new SpectralPowerInitializer(spectrum, 1));
        }
    }

    private static void Start(InitializationContext context, bool automatic)
    {
        WarmStartOptions options = new() { Seed = context.Seed };
        AutomaticOptions choice = new() { WarmStart = options };
        WeightLayer[] weightLayers = context.Network.WeightLayers;
        if (weightLayers[0] is ConvolutionLayer)
        {
            if (automatic)
                AutomaticInitializer.Apply(context, context.Targets, choice);
            else
                SpectralWarmStart.Apply(context, context.Targets, options);
            return;
        }

        SpectralInit.DenseLayer[] layers = [.. weightLayers.Select((layer, i) => new SpectralInit.DenseLayer(layer.InputSize, layer.OutputSize, i + 1 < weightLayers.Length ? context.LayerActivation : LayerActivation.Identity))];
        IReadOnlyList<DenseParameters> start = automatic
            ? AutomaticInitializer.Fit(layers, context.LayerInputs(0), context.Targets, choice).Layers
            : SpectralWarmStart.Fit(layers, context.LayerInputs(0), context.Targets, options).Layers;
        for (int i = 0; i < weightLayers.Length; i++)
        {
            start[i].CopyWeights(weightLayers[i].Weights);
            start[i].CopyBias(weightLayers[i].Bias);
        }
    }

    private static void Readout(InitializationContext context)
    {
        WeightLayer last = context.Network.WeightLayers[^1];
        RidgeReadout readout = RidgeReadout.Fit(context.LayerInputs(context.Network.WeightLayers.Length - 1), context.Targets);

        // The warm start's own limit on the logits.
        double scale = context.Train.IsRegression ? 1 : Math.Min(readout.CalibratedScale, 10);
        for (int i = 0; i < readout.Weights.Length; i++)
            last.Weights[i] = (float)(scale * readout.Weights[i]);
        for (int i = 0; i < readout.Bias.Length; i++)
            last.Bias[i] = (float)(scale * readout.Bias[i]);
    }
}
