using System.Numerics.Tensors;

namespace SpectralInit;

/// <summary>Applies an <see cref="LayerActivation"/> in place.</summary>
internal static class ActivationFunctions
{
    public static void Apply(this LayerActivation activation, Span<double> values)
    {
        switch (activation)
        {
            case LayerActivation.Identity:
                break;
            case LayerActivation.Relu:
                TensorPrimitives.Max(values, 0.0, values);
                break;
            case LayerActivation.Tanh:
                TensorPrimitives.Tanh<double>(values, values);
                break;
            case LayerActivation.Sigmoid:
                TensorPrimitives.Sigmoid<double>(values, values);
                break;
            default:
                foreach (ref double x in values)
                    x = Scalar(activation, x);
                break;
        }
    }

    private static double Scalar(LayerActivation activation, double x) => activation switch
    {
        LayerActivation.LeakyRelu => x > 0 ? x : 0.01 * x,
        LayerActivation.Gelu => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
        LayerActivation.Silu => x / (1 + Math.Exp(-x)),
        LayerActivation.Elu => x > 0 ? x : Math.Exp(x) - 1,
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "Not a defined activation."),
    };
}
