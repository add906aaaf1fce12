namespace SpectralInit;

/// <summary>A layer that hands its inputs on: depth without loss at the start of training, in the way of identity and ZerO initialization.</summary>
internal static class TransportLayer
{
    /// <summary>W = g·I, so that unit i starts as a copy of input i; before tanh and sigmoid a rotation of the inputs instead.</summary>
    /// <param name="layer">The layer; at least as many units as inputs.</param>
    /// <param name="sample">The activations that arrive.</param>
    /// <param name="surplus">Parameters whose rows beyond the inputs are used for the units that copy nothing; null when there are none.</param>
    /// <param name="seed">The seed of the rotation.</param>
    public static DenseParameters Create(DenseLayer layer, RowSample sample, DenseParameters? surplus, ulong seed)
    {
        int inputs = layer.Inputs;
        double[] weights = new double[layer.Outputs * inputs], bias = new double[layer.Outputs];
        if (surplus is not null)
        {
            surplus.Weights.AsSpan(inputs * inputs).CopyTo(weights.AsSpan(inputs * inputs));
            surplus.Bias.AsSpan(inputs).CopyTo(bias.AsSpan(inputs));
        }

        if (layer.Activation is LayerActivation.Tanh or LayerActivation.Sigmoid)
        {
            Rotate(layer, sample, weights, bias, seed);
            return new DenseParameters(layer, weights, bias);
        }

        double gain = Gain(layer.Activation, sample.Rows);
        for (int i = 0; i < inputs; i++)
            weights[(i * inputs) + i] = gain;
        return new DenseParameters(layer, weights, bias);
    }

    /// <summary>
    /// A centred random rotation over the slope at 0 (Saxe et al., 2014; Pennington et al., 2017). Units that copy one input each would drift towards saturation, each by
    /// itself; a rotation keeps all singular values at 1 and spreads over all units what the activation bends.
    /// </summary>
    private static void Rotate(DenseLayer layer, RowSample sample, double[] weights, double[] bias, ulong seed)
    {
        int inputs = layer.Inputs;
        double gain = layer.Activation is LayerActivation.Sigmoid ? 4 : 1;
        double[] rotation = new OrthogonalInitializer(gain).Create<double>(WeightShape.Dense(inputs, inputs), Seeds.Derive(seed, nameof(TransportLayer)));
        rotation.CopyTo(weights, 0);
        LayerStack.Centering(rotation, UnitMoments.Of(sample.Rows, sample.Count, inputs).Means, inputs).CopyTo(bias, 0);
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
