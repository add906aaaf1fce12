using System.Numerics;
using System.Runtime.InteropServices;

namespace SpectralInit.Evidence;

/// <summary>Moves parameters against their gradients; the update rules and defaults are PyTorch's.</summary>
internal abstract class Optimizer
{
    public static Optimizer Create(OptimizerKind kind, int parameters, double learningRate) =>
        kind == OptimizerKind.Adam ? new Adam(parameters, learningRate) : new Momentum(parameters, learningRate);

    /// <summary>One step size for all layers, unless some have a <see cref="WeightLayer.RateFactor"/> of their own.</summary>
    public static Optimizer For(Network network, OptimizerKind kind, double learningRate) =>
        network.WeightLayers.All(layer => layer.RateFactor == 1)
            ? Create(kind, network.Parameters.Length, learningRate)
            : new ByLayer([.. network.WeightLayers.Select(layer => (layer.ParameterCount, Create(kind, layer.ParameterCount, learningRate * layer.RateFactor)))]);

    public abstract void Step(Span<float> parameters, ReadOnlySpan<float> gradients);

    private sealed class ByLayer((int Count, Optimizer Optimizer)[] layers) : Optimizer
    {
        public override void Step(Span<float> parameters, ReadOnlySpan<float> gradients)
        {
            int offset = 0;
            foreach ((int count, Optimizer optimizer) in layers)
            {
                optimizer.Step(parameters.Slice(offset, count), gradients.Slice(offset, count));
                offset += count;
            }
        }
    }

    // v ← 0.9·v + g; p ← p − η·v.
    private sealed class Momentum(int count, double learningRate) : Optimizer
    {
        private const float Decay = 0.9f;
        private readonly float _rate = (float)learningRate;
        private readonly float[] _velocity = new float[count];

        public override void Step(Span<float> parameters, ReadOnlySpan<float> gradients)
        {
            Span<Vector<float>> p = MemoryMarshal.Cast<float, Vector<float>>(parameters), v = MemoryMarshal.Cast<float, Vector<float>>(_velocity.AsSpan());
            ReadOnlySpan<Vector<float>> g = MemoryMarshal.Cast<float, Vector<float>>(gradients);
            Vector<float> rate = new(_rate), decay = new(Decay);
            for (int i = 0; i < p.Length; i++)
            {
                v[i] = Vector.FusedMultiplyAdd(decay, v[i], g[i]);
                p[i] = Vector.FusedMultiplyAdd(-rate, v[i], p[i]);
            }

            for (int i = p.Length * Vector<float>.Count; i < parameters.Length; i++)
            {
                _velocity[i] = MathF.FusedMultiplyAdd(Decay, _velocity[i], gradients[i]);
                parameters[i] = MathF.FusedMultiplyAdd(-_rate, _velocity[i], parameters[i]);
            }
        }
    }

    // Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1.
    private sealed class Adam(int count, double learningRate) : Optimizer
    {
        private const float Beta1 = 0.9f, Beta2 = 0.999f, Epsilon = 1e-8f;
        private readonly float[] _first = new float[count];
        private readonly float[] _second = new float[count];
        private double _power1 = 1, _power2 = 1;

        public override void Step(Span<float> parameters, ReadOnlySpan<float> gradients)
        {
            _power1 *= Beta1;
            _power2 *= Beta2;
            float step = (float)(learningRate / (1 - _power1)), correction = (float)(1 / Math.Sqrt(1 - _power2));
            Span<Vector<float>> p = MemoryMarshal.Cast<float, Vector<float>>(parameters);
            Span<Vector<float>> m = MemoryMarshal.Cast<float, Vector<float>>(_first.AsSpan()), v = MemoryMarshal.Cast<float, Vector<float>>(_second.AsSpan());
            ReadOnlySpan<Vector<float>> g = MemoryMarshal.Cast<float, Vector<float>>(gradients);
            for (int i = 0; i < p.Length; i++)
            {
                m[i] = (Beta1 * m[i]) + ((1 - Beta1) * g[i]);
                v[i] = (Beta2 * v[i]) + ((1 - Beta2) * g[i] * g[i]);
                p[i] -= step * m[i] / ((correction * Vector.SquareRoot(v[i])) + new Vector<float>(Epsilon));
            }

            for (int i = p.Length * Vector<float>.Count; i < parameters.Length; i++)
            {
                _first[i] = (Beta1 * _first[i]) + ((1 - Beta1) * gradients[i]);
                _second[i] = (Beta2 * _second[i]) + ((1 - Beta2) * gradients[i] * gradients[i]);
                parameters[i] -= step * _first[i] / ((correction * MathF.Sqrt(_second[i])) + Epsilon);
            }
        }
    }
}
