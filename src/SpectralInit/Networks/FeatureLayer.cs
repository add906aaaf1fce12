using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>A layer drawn by a recipe: rows, centring bias, and a random bias where the activation is odd.</summary>
internal static class FeatureLayer
{
    public static DenseParameters Create(DenseLayer layer, GradientOuterProduct product, FeatureRecipe recipe, double? biasDeviation, ulong seed)
    {
        double[] weights = recipe.Over(product).Rows(layer.Outputs, seed);
        double[] bias = LayerStack.Centering(weights, product.Mean, layer.Outputs);
        double deviation = biasDeviation ?? (layer.Activation is LayerActivation.Tanh or LayerActivation.Sigmoid ? 1 : 0);
        if (deviation > 0)
        {
            double[] offset = new double[bias.Length];
            RandomFill.Normal<double>(offset, 0, deviation, Seeds.Derive(seed, "bias"));
            TensorPrimitives.Add(bias, offset, bias);
        }

        return new DenseParameters(layer, weights, bias);
    }
}
