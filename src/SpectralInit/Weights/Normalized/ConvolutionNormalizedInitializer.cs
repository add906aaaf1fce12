using System.Numerics;
using System.Numerics.Tensors;

namespace SpectralInit;

/// <summary>Any initializer of convolutions, rescaled so that the convolution, as a map of images of a given size, has a target norm: with 1 it never amplifies an input.</summary>
/// <remarks>
/// The norm is divided by its certified upper bound (<see cref="ConvolutionNorm"/>), so the achieved norm lies between target/(1 + tolerance) and target, up to the rounding of the
/// elements. For zero padding it grows with the image, towards that of the circular convolution; normalize for the largest size you use. A zero kernel stays zero.
/// </remarks>
public sealed class ConvolutionNormalizedInitializer : IWeightInitializer
{
    private readonly IWeightInitializer _inner;
    private readonly SpectralNormOptions _options;

    /// <summary>Rescales an initializer.</summary>
    /// <param name="inner">The initializer.</param>
    /// <param name="geometry">Input size, stride, padding, dilation, boundary.</param>
    /// <param name="target">The norm wanted; <see cref="SpectralTarget.One"/> when null.</param>
    /// <param name="tolerance">Relative tolerance of the norm, 1e-14 to 0.5; default 1e-4.</param>
    /// <exception cref="ArgumentException">The tolerance, or a value of the geometry, is out of range.</exception>
    public ConvolutionNormalizedInitializer(IWeightInitializer inner, ConvolutionGeometry geometry, SpectralTarget? target = null, double tolerance = 1e-4)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(geometry);
        geometry.CheckValues(nameof(geometry));
        if (!(tolerance is >= 1e-14 and <= 0.5))
            throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "The relative tolerance is 1e-14 to 0.5.");
        (_inner, Geometry, Target, _options) = (inner, geometry, target ?? SpectralTarget.One, new() { Tolerance = tolerance });
    }

    /// <summary>The images the norm is taken over.</summary>
    public ConvolutionGeometry Geometry { get; }

    /// <summary>The norm wanted.</summary>
    public SpectralTarget Target { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The shape is not a convolution that fits the geometry.</exception>
    public void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightGuard.Check<T>(weights, shape);
        Geometry.Check(shape);
        double[] wide = WeightBlocks.Drawn<T>(_inner, shape, seed);
        if (wide.AsSpan().ContainsAnyExcept(0.0))
        {
            SpectralNormResult norm = ConvolutionNorm.Of(wide, shape, Geometry, _options);
            if (!norm.Converged)
                throw new ArgumentException($"The norm could only be enclosed in {norm.Value:g6} … {norm.Upper:g6}; choose a larger tolerance than {_options.Tolerance}.", nameof(shape));
            TensorPrimitives.Multiply(wide, Target.For(shape) / norm.Upper, wide);
        }

        WeightGuard.Write<double, T>(wide, weights);
    }
}
