namespace SpectralInit;

/// <summary>The shapes whose rows read the features of the data.</summary>
internal static class FeatureShape
{
    public static void Check(WeightShape shape, int features)
    {
        if (shape.Kind is WeightKind.Embedding or WeightKind.TransposedConvolution)
            throw new ArgumentException($"The rows of {shape.Kind} weights do not read the features of the data: {shape}.", nameof(shape));
        if (shape.Groups > 1)
            throw new ArgumentException($"The shape has {shape.Groups} groups that read different channels; wrap an initializer for each, or one for all, in PerGroupInitializer: {shape}.", nameof(shape));
        if (shape.Count > 0 && shape.Columns != features)
            throw new ArgumentException($"The layer has {shape.Columns} inputs per output, the data {features} features: {shape}.{(shape.Kernel.IsEmpty ? "" : " A convolution reads patches: fit on a PatchSource of the images.")}", nameof(shape));
    }
}
