namespace SpectralInit.Evidence;

internal enum Activation
{
    Relu,
    Tanh,
}
