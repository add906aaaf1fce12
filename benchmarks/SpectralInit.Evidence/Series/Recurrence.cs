using System.Numerics.Tensors;

namespace SpectralInit.Evidence;

/// <summary>h(t) = tanh(W_h·h(t−1) + W_x·w(t) + b), w(t) the last rows of the series, newest first; nothing in it is trained.</summary>
/// <param name="Units">Length of h.</param>
/// <param name="Window">Rows in w.</param>
/// <param name="Input">W_x, units × (window · features).</param>
/// <param name="Recurrent">W_h, units × units.</param>
/// <param name="Bias">b.</param>
internal sealed record Recurrence(int Units, int Window, double[] Input, double[] Recurrent, double[] Bias)
{
    /// <summary>The state at every step, steps × units; zero before the first window is full.</summary>
    public double[] States(ReadOnlySpan<double> series, int features)
    {
        int steps = series.Length / features, width = Window * features;
        double[] states = new double[steps * Units], window = new double[width];
        for (int t = Window - 1; t < steps; t++)
        {
            for (int lag = 0; lag < Window; lag++)
                series.Slice((t - lag) * features, features).CopyTo(window.AsSpan(lag * features));
            ReadOnlySpan<double> last = t == 0 ? new double[Units] : states.AsSpan((t - 1) * Units, Units);
            Span<double> state = states.AsSpan(t * Units, Units);
            for (int unit = 0; unit < Units; unit++)
                state[unit] = Bias[unit] + TensorPrimitives.Dot(Input.AsSpan(unit * width, width), window) + TensorPrimitives.Dot(Recurrent.AsSpan(unit * Units, Units), last);
            TensorPrimitives.Tanh(state, state);
        }

        return states;
    }
}
