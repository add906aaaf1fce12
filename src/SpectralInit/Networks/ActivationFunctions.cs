using System.Numerics.Tensors;

namespace SpectralInit;

/// <summary>Applies an <see cref="Activation"/> in place.</summary>
internal static class ActivationFunctions
{
    public static void Apply(this Activation activation, Span<double> values)
    {
        switch (activation)
        {
            case Activation.Identity:
                break;
            case Activation.Relu:
                TensorPrimitives.Max(values, 0.0, values);
                break;
            case Activation.Tanh:
                TensorPrimitives.Tanh<double>(values, values);
                break;
            case Activation.Sigmoid:
                TensorPrimitives.Sigmoid<double>(values, values);
                break;
            default:
                foreach (ref double x in values)
                    x = Scalar(activation, x);
                break;
        }
    }

    private static double Scalar(Activation activation, double x) => activation switch
    {
        Activation.LeakyRelu => x > 0 ? x : 0.01 * x,
        Activation.Gelu => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
        Activation.Silu => x / (1 + Math.Exp(-x)),
        Activation.Elu => x > 0 ? x : Math.Exp(x) - 1,
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "Not a defined activation."),
    };
}
