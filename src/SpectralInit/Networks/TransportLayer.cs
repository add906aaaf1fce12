namespace SpectralInit;

/// <summary>A layer that hands its inputs on: depth without loss at the start of training, in the way of identity and ZerO initialization.</summary>
internal static class TransportLayer
{
    /// <summary>W = g·I, so that unit i starts as a copy of input i.</summary>
    /// <param name="layer">The layer; at least as many units as inputs.</param>
    /// <param name="sample">The activations that arrive.</param>
    /// <param name="surplus">Parameters whose rows beyond the inputs are used for the units that copy nothing; null when there are none.</param>
    public static DenseParameters Create(DenseLayer layer, RowSample sample, DenseParameters? surplus)
    {
        int inputs = layer.Inputs;
        double[] weights = new double[layer.Outputs * inputs], bias = new double[layer.Outputs];
        if (surplus is not null)
        {
            surplus.Weights.AsSpan(inputs * inputs).CopyTo(weights.AsSpan(inputs * inputs));
            surplus.Bias.AsSpan(inputs).CopyTo(bias.AsSpan(inputs));
        }

        double gain = Gain(layer.Activation, sample.Rows);
        for (int i = 0; i < inputs; i++)
            weights[(i * inputs) + i] = gain;
        return new DenseParameters(layer, weights, bias);
    }

    /// <summary>The gain g in 1 … 4 at which activation(g·h) is as large as h in the mean square; ReLU needs none.</summary>
    private static double Gain(LayerActivation activation, double[] rows)
    {
        if (activation is LayerActivation.Relu or LayerActivation.Identity or LayerActivation.LeakyRelu)
            return 1;
        double[] sampled = rows.Length <= 4096 ? rows : rows[..4096];
        double wanted = System.Numerics.Tensors.TensorPrimitives.SumOfSquares<double>(sampled);
        double low = 1, high = 4;
        double[] image = new double[sampled.Length];
        for (int step = 0; step < 30; step++)
        {
            double gain = 0.5 * (low + high);
            System.Numerics.Tensors.TensorPrimitives.Multiply(sampled, gain, image);
            activation.Apply(image);
            if (System.Numerics.Tensors.TensorPrimitives.SumOfSquares<double>(image) < wanted)
                low = gain;
            else
                high = gain;
        }

        return 0.5 * (low + high);
    }
}
