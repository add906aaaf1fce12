using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>Makes a hidden layer of a warm start: features drawn by a recipe, or activations carried on.</summary>
internal static class FeatureLayer
{
    public const string Transport = "transport";

    /// <summary>The layer, and what it is called: wide layers behind the first ones carry activations on, the others draw features.</summary>
    public static (DenseParameters Parameters, string Method) Create(DenseLayer layer, int index, RowSample sample, FeatureDirections directions, WarmStartOptions options, ulong seed)
    {
        bool carries = index >= options.FeatureLayers && layer.Outputs >= layer.Inputs;
        if (carries && layer.Outputs == layer.Inputs)
            return (TransportLayer.Create(layer, sample, null, seed), Transport);
        FeatureRecipe recipe = index == 0 ? options.Recipe : options.LaterRecipe;
        DenseParameters features = Create(layer, directions, recipe, options.BiasDeviation, seed);
        return carries ? (TransportLayer.Create(layer, sample, features, seed), Transport) : (features, recipe.Name);
    }

    /// <summary>Rows, centring bias, and a random bias where the activation is odd.</summary>
    public static DenseParameters Create(DenseLayer layer, FeatureDirections directions, FeatureRecipe recipe, double? biasDeviation, ulong seed)
    {
        double[] weights = directions.Rows(recipe, layer.Outputs, seed);
        double[] bias = LayerStack.Centering(weights, directions.Mean, layer.Outputs);
        Spread(bias, layer.Activation, biasDeviation, seed);
        return new DenseParameters(layer, weights, bias);
    }

    /// <summary>Adds the random part of the biases.</summary>
    public static void Spread(Span<double> bias, LayerActivation activation, double? biasDeviation, ulong seed)
    {
        double deviation = biasDeviation ?? (activation is LayerActivation.Tanh or LayerActivation.Sigmoid ? 1 : 0);
        if (!(deviation > 0))
            return;
        double[] offset = new double[bias.Length];
        RandomFill.Normal<double>(offset, 0, deviation, Seeds.Derive(seed, "bias"));
        TensorPrimitives.Add(bias, offset, bias);
    }
}
