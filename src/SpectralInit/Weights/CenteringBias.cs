using System.Numerics;
using System.Numerics.Tensors;

namespace SpectralInit;

/// <summary>b = −W·μ for any initializer whose flattened columns are the features of the mean.</summary>
internal static class CenteringBias
{
    /// <summary>bias ← −W(shape, seed)·mean. The weights are made again, in double: an initializer is a pure function of shape and seed.</summary>
    public static void Fill<T>(IWeightInitializer initializer, ReadOnlySpan<double> mean, Span<T> bias, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightGuard.CheckElement<T>();
        ArgumentNullException.ThrowIfNull(shape);
        if (bias.Length != shape.Outputs)
            throw new ArgumentException($"The bias has {bias.Length} elements, the layer {shape.Outputs} outputs: {shape}.", nameof(bias));
        if (shape.Count > 0 && (shape.Rows != shape.Outputs || shape.Columns != mean.Length))
            throw new ArgumentException($"Centring needs one weight per feature and output; the data have {mean.Length} features: {shape}.", nameof(shape));

        // Output-major order makes every row of W contiguous, whatever the layout asked for.
        double[] weights = initializer.Create<double>(shape.With(WeightLayout.OutputsFirst), seed);
        double[] values = new double[bias.Length];
        for (int row = 0; row < values.Length && weights.Length > 0; row++)
            values[row] = -TensorPrimitives.Dot(weights.AsSpan(row * shape.Columns, shape.Columns), mean);
        WeightGuard.Write<double, T>(values, bias);
    }
}
