namespace SpectralInit;

/// <summary>How a warm start makes the filters of convolutions.</summary>
public enum ConvolutionFilters
{
    /// <summary>
    /// Clusters of whitened patches (<see cref="SphericalKMeans"/>): edges and blobs, without labels, so that what is measured behind them stays honest. The default. Coates and Ng, 2012;
    /// Krähenbühl et al., "Data-dependent initializations of convolutional neural networks", ICLR 2016.
    /// </summary>
    Clusters,

    /// <summary>Draws of <see cref="WarmStartOptions.LaterRecipe"/> over the gradient outer product of patches that carry their sample's target.</summary>
    Recipe,
}
