using System.Numerics.Tensors;

namespace SpectralInit;

/// <summary>
/// Layer-sequential unit variance: front to back, every layer's weights are rescaled so that its pre-activations have a wanted variance on the rows that
/// arrive. Mishkin and Matas, "All you need is a good init", ICLR 2016. Composes after any initializer.
/// </summary>
public static class LayerSequentialUnitVariance
{
    /// <summary>Rescales a network in place.</summary>
    /// <param name="network">The network, its weights set by any initializer.</param>
    /// <param name="options">Target, tolerance, caps; defaults when null.</param>
    /// <param name="progress">Told the share of the layers done, 0 … 1.</param>
    /// <param name="cancellationToken">Stops between layers and blocks of rows.</param>
    /// <returns>Every layer before and after. A layer whose pre-activations do not vary is left as it is and carries a warning; so does one that a cap stopped.</returns>
    /// <exception cref="ArgumentException">No rows arrive at a layer, or they are not finite.</exception>
    /// <remarks>As in the paper the variance of a layer is that of all its outputs together, means included; per unit it is each unit's own.</remarks>
    public static IReadOnlyList<LayerChange> Apply(INetwork network, UnitVarianceOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        options ??= new();
        options.Check();
        List<LayerChange> changes = [];
        for (int layer = 0; layer < network.LayerCount; layer++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            changes.Add(Rescale(network, layer, options, cancellationToken));
            progress?.Report((layer + 1.0) / network.LayerCount);
        }

        return changes;
    }

    private static LayerChange Rescale(INetwork network, int layer, UnitVarianceOptions options, CancellationToken cancellationToken)
    {
        DenseParameters parameters = NetworkLayers.Read(network, layer);
        (double[] rows, int count) = ArrivingRows.Take(NetworkLayers.InputsOf(network, layer), options.MaxRows, layer, cancellationToken);
        LayerReport before = LayerStack.Describe(layer, "as found", parameters, rows, count);
        int units = parameters.Layer.Outputs, inputs = parameters.FanIn, round = 0, dead = 0;
        bool converged = false;
        double[] pre = parameters.Room(count);
        double[] squares = new double[parameters.Layer.Inputs];
        for (int at = 0; at < rows.Length; at++)
            squares[at % squares.Length] += rows[at] * rows[at] / count;
        for (; round <= options.MaxIterations && !converged; round++)
        {
            // After the last round the variance is only judged.
            bool judged = round == options.MaxIterations;
            parameters.PreActivations(rows, count, pre);
            UnitMoments moments = UnitMoments.Of(pre, count, units);
            double[] least = Rounding(parameters, squares);
            if (options.Center && !judged)
                TensorPrimitives.Subtract(parameters.Bias, moments.Means, parameters.Bias);
            if (options.Center)
                moments = moments.Centered();

            double pooled = moments.Pooled, leastPooled = least.Average();
            converged = true;
            dead = 0;
            for (int unit = 0; unit < units; unit++)
            {
                double variance = options.PerUnit ? moments.Variances[unit] : pooled, floor = options.PerUnit ? least[unit] : leastPooled;
                if (!double.IsFinite(variance))
                    throw new ArgumentException($"The pre-activations of layer {layer} are too large to square; start it with smaller weights.", nameof(network));
                if (!(variance > floor) || !double.IsFinite(options.TargetVariance / variance))
                {
                    dead++;
                    continue;
                }

                converged &= Math.Abs((variance / options.TargetVariance) - 1) <= options.Tolerance;
                if (judged)
                    continue;
                double factor = Math.Sqrt(options.TargetVariance / variance);
                Span<double> row = parameters.Weights.AsSpan(unit * inputs, inputs);
                TensorPrimitives.Multiply(row, factor, row);
                if (options.Center)
                    parameters.Bias[unit] *= factor;
            }
        }

        round = Math.Min(round, options.MaxIterations);
        NetworkLayers.Write(network, layer, parameters);
        string? warning = dead == units ? "The pre-activations do not vary: the layer is dead and its weights were left as they are."
            : dead > 0 ? $"{dead} units do not vary and their weights were left as they are."
            : converged ? null : $"The variance is still off after {round} rounds: the biases hold it.";
        return new LayerChange(before, LayerStack.Describe(layer, "unit variance", parameters, rows, count), round, warning);
    }

    /// <summary>The variance that rounding may leave of units that do not vary: 10⁻¹⁴ of the size of their terms, squared.</summary>
    private static double[] Rounding(DenseParameters parameters, double[] squares)
    {
        double[] least = new double[parameters.Bias.Length];
        int inputs = parameters.FanIn, unitsOfGroup = least.Length / parameters.Groups;
        for (int unit = 0; unit < least.Length; unit++)
        {
            double sum = parameters.Bias[unit] * parameters.Bias[unit];
            for (int i = 0; i < inputs; i++)
                sum += parameters.Weights[(unit * inputs) + i] * parameters.Weights[(unit * inputs) + i] * squares[(unit / unitsOfGroup * inputs) + i];
            least[unit] = 1e-28 * sum;
        }

        return least;
    }
}
