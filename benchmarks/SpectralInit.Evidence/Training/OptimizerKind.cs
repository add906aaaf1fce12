namespace SpectralInit.Evidence;

internal enum OptimizerKind
{
    /// <summary>Stochastic gradient descent with momentum 0.9.</summary>
    Sgd,

    /// <summary>Adam with β = (0.9, 0.999), ε = 1e-8.</summary>
    Adam,
}
