using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace SpectralInit.Evidence;

/// <summary>An elementwise nonlinearity.</summary>
internal sealed class ActivationLayer(int size, Activation activation) : Layer(size, size)
{
    public override void Forward(ReadOnlySpan<float> input, Span<float> output, int rows)
    {
        int count = rows * InputSize;
        if (activation == Activation.Relu)
            TensorPrimitives.Max(input[..count], 0f, output[..count]);
        else
            TensorPrimitives.Tanh(input[..count], output[..count]);
    }

    public override void Backward(ReadOnlySpan<float> input, ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, Span<float> inputGradient, int rows)
    {
        if (inputGradient.IsEmpty)
            return;
        int count = rows * InputSize;
        output = output[..count];
        outputGradient = outputGradient[..count];
        inputGradient = inputGradient[..count];
        ReadOnlySpan<Vector<float>> y = MemoryMarshal.Cast<float, Vector<float>>(output), dy = MemoryMarshal.Cast<float, Vector<float>>(outputGradient);
        Span<Vector<float>> dx = MemoryMarshal.Cast<float, Vector<float>>(inputGradient);
        for (int i = 0; i < y.Length; i++)
            dx[i] = activation == Activation.Relu ? Vector.ConditionalSelect(Vector.GreaterThan(y[i], Vector<float>.Zero), dy[i], Vector<float>.Zero) : dy[i] * (Vector<float>.One - (y[i] * y[i]));
        for (int i = y.Length * Vector<float>.Count; i < count; i++)
            inputGradient[i] = activation == Activation.Tanh ? outputGradient[i] * (1 - (output[i] * output[i])) : output[i] > 0 ? outputGradient[i] : 0;
    }
}
