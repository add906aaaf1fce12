using System.Collections.Immutable;
using System.Numerics;
using System.Numerics.Tensors;

namespace SpectralInit;

/// <summary>Any initializer, rescaled to a target spectral norm: W ← W·target/‖W‖₂.</summary>
/// <remarks>
/// <para>
/// The norm is that of the flattened matrix (for a convolution the reshaped kernel, outputs × in/g·K, not the norm of the convolution as a map of images:
/// see <see cref="ConvolutionNormalizedInitializer"/>). Gates, packed parts and convolution groups act apart from each other, so each is normalized by itself.
/// </para>
/// <para>
/// It is certified (<see cref="SpectralNorm"/>) and divided by its upper bound: the achieved norm lies between target/(1 + tolerance) and target, up to the rounding of the
/// elements. Norms are computed in float or double and elements rounded once. A zero matrix stays zero.
/// </para>
/// </remarks>
public sealed class SpectrallyNormalizedInitializer : IWeightInitializer
{
    private readonly IWeightInitializer _inner;
    private readonly SpectralNormOptions _options;

    /// <summary>Rescales an initializer.</summary>
    /// <param name="inner">The initializer.</param>
    /// <param name="target">The spectral norm wanted; <see cref="SpectralTarget.One"/> when null.</param>
    /// <param name="tolerance">Relative tolerance of the norm, 1e-14 to 0.5; default 1e-4.</param>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is out of range.</exception>
    public SpectrallyNormalizedInitializer(IWeightInitializer inner, SpectralTarget? target = null, double tolerance = 1e-4)
    {
        ArgumentNullException.ThrowIfNull(inner);
        if (!(tolerance is >= 1e-14 and <= 0.5))
            throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "The relative tolerance is 1e-14 to 0.5.");
        (_inner, Target, _options) = (inner, target ?? SpectralTarget.One, new() { Tolerance = tolerance });
    }

    /// <summary>The spectral norm wanted.</summary>
    public SpectralTarget Target { get; }

    /// <inheritdoc/>
    public void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightGuard.Check<T>(weights, shape);
        if (typeof(T) == typeof(Half))
        {
            float[] wide = new float[weights.Length];
            Initialize<float>(wide, shape, seed);
            WeightGuard.Write<float, T>(wide, weights);
            return;
        }

        double target = Target.For(shape);
        WeightGuard.Rounded<T>(target);
        T[] drawn = _inner.Create<T>(shape, seed);
        ImmutableArray<SpectralNormResult> norms = Measure(drawn, shape, _options);
        for (int block = 0; block < norms.Length; block++)
        {
            if (norms[block].Value > 0)
                WeightBlocks.Scale<T>(drawn, shape, block, target / norms[block].Upper);
        }

        drawn.CopyTo(weights);
    }

    /// <summary>The spectral norms of weights as they are: one for each gate, packed part or group, in storage order, with their evidence.</summary>
    /// <typeparam name="T">float, double or Half.</typeparam>
    /// <param name="weights">Weights in storage order, finite.</param>
    /// <param name="shape">What the tensor is.</param>
    /// <param name="options">Tolerance, probability, method; defaults when null.</param>
    /// <exception cref="ArgumentException"><paramref name="weights"/> has another length than the shape, or holds NaN or infinity.</exception>
    public static ImmutableArray<SpectralNormResult> Measure<T>(ReadOnlySpan<T> weights, WeightShape shape, SpectralNormOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Measure(weights, shape, options, nameof(weights));

    /// <summary>The same, for an argument that goes by another name.</summary>
    internal static ImmutableArray<SpectralNormResult> Measure<T>(ReadOnlySpan<T> weights, WeightShape shape, SpectralNormOptions? options, string parameter)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightGuard.Check(weights, shape, parameter);
        if (typeof(T) == typeof(Half))
        {
            float[] wide = new float[weights.Length];
            TensorPrimitives.ConvertTruncating(weights, wide);
            return Measure<float>(wide, shape, options, parameter);
        }

        int rows = WeightBlocks.Rows(shape), count = WeightBlocks.Count(shape);
        SpectralNormResult[] norms = new SpectralNormResult[count];
        for (int block = 0; block < count; block++)
            norms[block] = SpectralNorm.OfDense<T>(WeightBlocks.Read(weights, shape, block), rows, shape.Columns, options, parameter: parameter);

        return [.. norms];
    }

    /// <inheritdoc cref="Measure{T}(ReadOnlySpan{T}, WeightShape, SpectralNormOptions?)"/>
    public static ImmutableArray<SpectralNormResult> Measure<T>(T[] weights, WeightShape shape, SpectralNormOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(weights);
        return Measure<T>(weights.AsSpan(), shape, options);
    }
}
