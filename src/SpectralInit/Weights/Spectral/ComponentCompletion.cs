namespace SpectralInit;

/// <summary>What the rows of a layer become when it has more outputs than the data have principal directions (their rank).</summary>
public enum ComponentCompletion
{
    /// <summary>
    /// Orthonormal directions the data do not vary along, as in Uᵀ of a full eigendecomposition: the fitted null-space vectors where there are any,
    /// otherwise random ones by the seed. The default: W keeps orthonormal rows. More outputs than features are refused.
    /// </summary>
    OrthogonalComplement,

    /// <summary>The principal directions again with the opposite sign, so that a ReLU pair (v·x, −v·x) passes both halves. At most twice the rank.</summary>
    MirroredPairs,

    /// <summary>He normal rows, N(0, 2/fan_in), by the seed; any number of outputs.</summary>
    HeRemainder,

    /// <summary>An exception: the layer must not have more outputs than the data have directions.</summary>
    Throw,
}
