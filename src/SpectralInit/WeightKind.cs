namespace SpectralInit;

/// <summary>What a weight tensor does in its network; it decides the fans and how the tensor flattens to a matrix.</summary>
public enum WeightKind
{
    /// <summary>Fully connected: y = W·x.</summary>
    Dense,

    /// <summary>Convolution over one to three spatial axes, with groups.</summary>
    Convolution,

    /// <summary>Transposed convolution over one to three spatial axes, with groups.</summary>
    TransposedConvolution,

    /// <summary>Depthwise convolution: one group per input channel, with a channel multiplier.</summary>
    Depthwise,

    /// <summary>Lookup table: one row per token.</summary>
    Embedding,

    /// <summary>Recurrent weights, one block of rows per gate.</summary>
    Recurrent,

    /// <summary>Several dense matrices stacked along the outputs, such as query, key and value.</summary>
    Packed,
}
