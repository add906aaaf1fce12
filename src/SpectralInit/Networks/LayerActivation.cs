namespace SpectralInit;

/// <summary>The function applied to a layer's pre-activations.</summary>
public enum LayerActivation
{
    /// <summary>None: the layer's output is its pre-activation. Output layers, whatever loss follows.</summary>
    Identity,

    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>x for x &gt; 0, 0.01·x below.</summary>
    LeakyRelu,

    /// <summary>tanh x.</summary>
    Tanh,

    /// <summary>1/(1 + e⁻ˣ).</summary>
    Sigmoid,

    /// <summary>x·Φ(x), by the usual tanh approximation (Hendrycks and Gimpel, 2016).</summary>
    Gelu,

    /// <summary>x/(1 + e⁻ˣ), also called swish.</summary>
    Silu,

    /// <summary>x for x &gt; 0, eˣ − 1 below.</summary>
    Elu,
}
