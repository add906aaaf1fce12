using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit.Evidence;

/// <summary>h(t) = tanh(u(t) + W·h(t−1)), h before the first step 0; the u(t) come in, the h(t) of the last <c>kept</c> steps go out.</summary>
internal sealed class RecurrentLayer(int steps, int kept, int units)
    : WeightLayer(steps * units, kept * units, WeightShape.Recurrent(units, units), hasBias: false)
{
    private readonly int _width = steps * units;
    private readonly float[] _states = new float[Network.BatchCapacity * steps * units];

    // ∂loss/∂(what tanh is taken of).
    private readonly float[] _deltas = new float[Network.BatchCapacity * steps * units];

    public override unsafe void Forward(ReadOnlySpan<float> input, Span<float> output, int rows)
    {
        input[..(rows * _width)].CopyTo(_states);
        fixed (float* states = _states, w = Weights)
        {
            for (int t = 0; t < steps; t++)
            {
                // All rows' states at one step are a matrix whose rows lie a whole sequence apart.
                if (t > 0)
                    MatrixProduct.Multiply(false, true, rows, units, units, 1f, states + ((t - 1) * units), _width, w, units, 1f, states + (t * units), _width);
                for (int i = 0; i < rows; i++)
                {
                    Span<float> state = _states.AsSpan((i * _width) + (t * units), units);
                    TensorPrimitives.Tanh(state, state);
                }
            }
        }

        for (int i = 0; i < rows; i++)
            _states.AsSpan(((i + 1) * _width) - OutputSize, OutputSize).CopyTo(output[(i * OutputSize)..]);
    }

    public override unsafe void Backward(ReadOnlySpan<float> input, ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, Span<float> inputGradient, int rows)
    {
        _deltas.AsSpan(0, rows * _width).Clear();
        for (int i = 0; i < rows; i++)
            outputGradient.Slice(i * OutputSize, OutputSize).CopyTo(_deltas.AsSpan(((i + 1) * _width) - OutputSize));
        WeightGradient.Clear();
        fixed (float* states = _states, deltas = _deltas, w = Weights, dw = WeightGradient)
        {
            for (int t = steps - 1; t >= 0; t--)
            {
                if (t + 1 < steps)
                    MatrixProduct.Multiply(false, false, rows, units, units, 1f, deltas + ((t + 1) * units), _width, w, units, 1f, deltas + (t * units), _width);
                for (int i = 0; i < rows; i++)
                {
                    for (int k = (i * _width) + (t * units), end = k + units; k < end; k++)
                        _deltas[k] *= 1 - (_states[k] * _states[k]);
                }

                if (t > 0)
                    MatrixProduct.Multiply(true, false, units, units, rows, 1f, deltas + (t * units), _width, states + ((t - 1) * units), _width, 1f, dw, units);
            }
        }

        if (!inputGradient.IsEmpty)
            _deltas.AsSpan(0, rows * _width).CopyTo(inputGradient);
    }
}
