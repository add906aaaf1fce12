namespace SpectralInit;

/// <summary>What a convolution sees beyond the edge of its input.</summary>
public enum ConvolutionBoundary
{
    /// <summary>Zeros, as many as the padding says. The usual layer.</summary>
    Zero,

    /// <summary>The other side of the input: the padding is wrapped.</summary>
    Circular,
}
