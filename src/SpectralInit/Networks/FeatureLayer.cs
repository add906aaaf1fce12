using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>Makes a hidden layer of a warm start: features drawn by a recipe, activations carried on, or both.</summary>
internal static class FeatureLayer
{
    /// <summary>The layer as chosen.</summary>
    public static DenseParameters Create(DenseLayer layer, RowSample sample, Func<GradientOuterProduct> product, RecipeChoice choice, WarmStartOptions options, ulong seed)
    {
        bool carries = choice.Chosen == CrossFit.Transport;
        if (carries && layer.Outputs == layer.Inputs)
            return TransportLayer.Create(layer, sample, null, seed);
        FeatureRecipe recipe = options.Recipes.FirstOrDefault(candidate => candidate.Name == choice.Chosen) ?? options.Recipes[0];
        DenseParameters features = Create(layer, product(), recipe, options.BiasDeviation, seed);
        return carries ? TransportLayer.Create(layer, sample, features, seed) : features;
    }

    /// <summary>Rows, centring bias, and a random bias where the activation is odd.</summary>
    public static DenseParameters Create(DenseLayer layer, GradientOuterProduct product, FeatureRecipe recipe, double? biasDeviation, ulong seed)
    {
        double[] weights = recipe.Over(product).Rows(layer.Outputs, seed);
        double[] bias = LayerStack.Centering(weights, product.Mean, layer.Outputs);
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
