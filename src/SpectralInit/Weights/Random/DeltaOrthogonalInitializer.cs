using System.Numerics;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>
/// Convolutions that preserve the norm of every image: the centre tap is gain × a Haar matrix with orthonormal columns, all other taps are 0
/// (Xiao et al., "Dynamical isometry and a mean field theory of CNNs", ICML 2018, Algorithm 1). The centre is tap ⌊(k − 1)/2⌋ of each axis, as in JAX.
/// </summary>
public sealed class DeltaOrthogonalInitializer : IWeightInitializer
{
    /// <summary>Delta-orthogonal convolutions.</summary>
    /// <param name="gain">Factor on the norm; finite, ≥ 0, 1 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="gain"/> is negative or not finite.</exception>
    public DeltaOrthogonalInitializer(double gain = 1) => SingularValue = ParameterGuard.FiniteNonNegative(gain);

    /// <summary>Every singular value of the centre tap.</summary>
    public double SingularValue { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The shape is not a convolution, or has more inputs than outputs per group: no such map preserves norms.</exception>
    public void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightGuard.Check<T>(weights, shape);
        if (shape.Kernel.IsEmpty)
            throw new ArgumentException($"A delta-orthogonal initializer needs a convolution, not {shape.Kind}; use {nameof(OrthogonalInitializer)}.", nameof(shape));
        int inputs = shape.Inputs / shape.Groups, outputs = shape.Outputs / shape.Groups;
        if (inputs > outputs)
            throw new ArgumentException($"{inputs} inputs do not fit into {outputs} outputs (per group) with their norm preserved; swap them or use {nameof(OrthogonalInitializer)}.", nameof(shape));
        WeightGuard.Rounded<T>(SingularValue);
        weights.Clear();
        if (weights.IsEmpty)
            return;
        if (typeof(T) == typeof(double))
            Fill<T, double>(weights, shape, inputs, outputs, seed);
        else
            Fill<T, float>(weights, shape, inputs, outputs, seed);
    }

    private unsafe void Fill<T, TCompute>(Span<T> weights, WeightShape shape, int inputs, int outputs, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TCompute : unmanaged, IBinaryFloatingPointIeee754<TCompute>
    {
        int taps = shape.KernelSize, centre = 0;
        foreach (int size in shape.Kernel)
            centre = (centre * size) + ((size - 1) / 2);
        bool transposed = shape.Kind == WeightKind.TransposedConvolution;
        using Scratch<TCompute> matrix = Scratch.Rent<TCompute>((long)outputs * inputs);
        for (int group = 0; group < shape.Groups; group++)
        {
            HaarMatrix.Fill(matrix.Pointer, outputs, inputs, TCompute.CreateTruncating(SingularValue), seed, (ulong)group);
            for (int output = 0; output < outputs; output++)
            {
                for (int input = 0; input < inputs; input++)
                {
                    int index = transposed
                        ? WeightMatrix.IndexOf(shape, (group * inputs) + input, (output * taps) + centre)
                        : WeightMatrix.IndexOf(shape, (group * outputs) + output, (input * taps) + centre);
                    weights[index] = T.CreateTruncating(matrix.Pointer[((long)output * inputs) + input]);
                }
            }
        }
    }
}
