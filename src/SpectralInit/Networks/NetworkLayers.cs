namespace SpectralInit;

/// <summary>A network's layers as output-major matrices, whatever their layout: a convolution is a dense map of its patches.</summary>
internal static class NetworkLayers
{
    /// <exception cref="ArgumentException">The network gives none.</exception>
    public static WeightShape ShapeOf(INetwork network, int layer) =>
        network.ShapeOf(layer) ?? throw new ArgumentException($"The network gives no shape of layer {layer}.", nameof(network));

    /// <summary>The layer as a dense map of <see cref="InputsOf"/>: with groups, of the patches of all groups side by side.</summary>
    /// <exception cref="ArgumentException">The layer is of another kind, has no units, or reads more values than an array has.</exception>
    public static DenseLayer Describe(INetwork network, int layer)
    {
        WeightShape shape = ShapeOf(network, layer);
        if (shape.Kind is WeightKind.Embedding or WeightKind.TransposedConvolution)
            throw new ArgumentException($"Layer {layer} is neither dense nor a convolution: {shape}.", nameof(network));
        long inputs = (long)shape.Columns * shape.Groups;
        return inputs is > 0 and <= int.MaxValue && shape.Rows > 0
            ? new DenseLayer((int)inputs, shape.Rows, network.ActivationOf(layer))
            : throw new ArgumentException($"Layer {layer} maps {inputs} values to {shape.Rows}: {shape}.", nameof(network));
    }

    /// <summary>What the network says arrives at a layer, one row per sample, position or group of a position.</summary>
    /// <exception cref="ArgumentException">There are no rows, or the layer reads other features.</exception>
    public static IRowSource Arriving(INetwork network, int layer)
    {
        WeightShape shape = ShapeOf(network, layer);
        IRowSource rows = network.InputsOf(layer) ?? throw new ArgumentException($"The network gives no inputs of layer {layer}.", nameof(network));
        RowReading.Check(rows);
        return rows.Columns == shape.Columns
            ? rows
            : throw new ArgumentException($"Rows of {rows.Columns} values arrive at layer {layer}, which reads {shape.Columns}: {shape}.", nameof(network));
    }

    /// <summary>What arrives at a layer, one row per sample or position.</summary>
    public static IRowSource InputsOf(INetwork network, int layer)
    {
        IRowSource rows = Arriving(network, layer);
        int groups = ShapeOf(network, layer).Groups;
        return groups == 1 ? rows : new JoinedRows(rows, groups);
    }

    public static DenseParameters Read(INetwork network, int layer)
    {
        DenseLayer dense = Describe(network, layer);
        WeightShape shape = ShapeOf(network, layer);
        double[] weights = new double[shape.Count], bias = new double[dense.Outputs];
        network.Read(layer, weights, bias);
        int bad = Math.Max(Finite.FirstNot(weights), Finite.FirstNot(bias));
        if (bad >= 0)
            throw new ArgumentException($"Layer {layer} has parameters that are not finite; initialize it first.", nameof(network));
        return new DenseParameters(dense, ToRows(weights, shape), bias, shape.Groups);
    }

    public static void Write(INetwork network, int layer, DenseParameters parameters)
    {
        WeightShape shape = ShapeOf(network, layer);
        double[] weights = new double[shape.Count];
        WeightMatrix.WriteRows<double, double>(0, parameters.Weights, shape, weights);
        network.Write(layer, weights, parameters.Bias);
    }

    private static double[] ToRows(double[] weights, WeightShape shape)
    {
        if (shape.Layout == WeightLayout.OutputsFirst)
            return weights;

        // Where each element goes is read off by sending the elements' numbers through the writer.
        double[] numbers = new double[shape.Count], rows = new double[shape.Count];
        WeightMatrix.WriteRows<double, double>(0, [.. Enumerable.Range(0, shape.Count).Select(i => (double)i)], shape, numbers);
        for (int i = 0; i < numbers.Length; i++)
            rows[(int)numbers[i]] = weights[i];
        return rows;
    }
}
