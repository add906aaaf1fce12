namespace SpectralInit;

/// <summary>The order in which a weight tensor's axes are stored (row-major, last axis fastest).</summary>
public enum WeightLayout
{
    /// <summary>[out, in/groups, kernel…]: PyTorch, TorchSharp, ONNX. The default. Transposed convolutions are [in, out/groups, kernel…], embeddings [vocabulary, dimension].</summary>
    OutputsFirst,

    /// <summary>[kernel…, in/groups, out]: Keras, JAX, TensorFlow. Transposed convolutions are [kernel…, out/groups, in]; embeddings stay [vocabulary, dimension].</summary>
    InputsFirst,
}
