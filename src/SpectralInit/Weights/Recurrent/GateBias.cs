using System.Numerics;

namespace SpectralInit;

/// <summary>Biases of gated cells.</summary>
public static class GateBias
{
    /// <summary>An LSTM bias: zero, except <paramref name="forget"/> on the forget gate, so that the cell remembers at first (Gers, Schmidhuber and Cummins 2000; Jozefowicz, Zaremba and Sutskever 2015).</summary>
    /// <typeparam name="T">float, double or Half.</typeparam>
    /// <param name="hidden">Hidden units, ≥ 0.</param>
    /// <param name="forget">The forget gate's bias; default 1. Where a framework adds two biases (PyTorch's b_ih and b_hh), give it to one of them.</param>
    /// <param name="forgetGate">The position of the forget gate: 1 for PyTorch (i, f, g, o) and Keras (i, f, c, o), the default; 2 for ONNX (i, o, f, c).</param>
    /// <returns>4·hidden values.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size or the position is out of range, or the value is not finite.</exception>
    public static T[] Lstm<T>(int hidden, double forget = 1, int forgetGate = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightGuard.CheckElement<T>();
        ArgumentOutOfRangeException.ThrowIfNegative(hidden);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hidden, Array.MaxLength / 4);
        IndexError.Check(forgetGate, 4, "gate", "the forget gate is 1 in PyTorch and Keras, 2 in ONNX");
        if (!double.IsFinite(forget))
            throw new ArgumentOutOfRangeException(nameof(forget), forget, "The bias must be finite.");
        T[] bias = new T[4 * hidden];
        bias.AsSpan(forgetGate * hidden, hidden).Fill(WeightGuard.Rounded<T>(forget));
        return bias;
    }
}
