using System.Numerics;

namespace SpectralInit;

/// <summary>The norms of a convolution: that of the map it is, and that of its kernel reshaped to a matrix.</summary>
/// <remarks>
/// They differ. The reshaped kernel (out × in/g·K), which common spectral normalization divides by, is neither the norm of the map nor a bound of it from above: every input
/// pixel is read by up to K taps, so ‖map‖ ≤ √K·‖reshaped‖ for stride 1.
/// </remarks>
public static class ConvolutionNorm
{
    /// <summary>The norm of the convolution as a linear map of images, max ‖conv(x)‖₂/‖x‖₂.</summary>
    /// <param name="kernel">Weights in the order of the shape's layout, finite.</param>
    /// <param name="shape">A convolution or depthwise shape.</param>
    /// <param name="geometry">Input size, stride, padding, dilation, boundary.</param>
    /// <param name="options">Tolerance, probability, method; defaults when null.</param>
    /// <param name="cancellationToken">Stops between products.</param>
    /// <remarks>
    /// Circular with stride 1: the largest singular value over all frequencies of the channel matrices Ŵ(ω) = Σ W_tap·e^(−iω·tap) (Sedghi, Gupta and Long, "The singular
    /// values of convolutional layers", ICLR 2019), exact. Otherwise block Lanczos on the map (<see cref="ConvolutionOperator"/>), certified as in <see cref="SpectralNorm"/>.
    /// </remarks>
    /// <exception cref="ArgumentException">Shape, geometry and kernel do not fit each other, or a weight is not finite.</exception>
    public static SpectralNormResult Of(ReadOnlySpan<double> kernel, WeightShape shape, ConvolutionGeometry geometry, SpectralNormOptions? options = null, CancellationToken cancellationToken = default)
    {
        ConvolutionOperator map = new(kernel, shape, geometry);
        bool keepsSize = Enumerable.Range(0, geometry.InputSize.Length).All(axis => geometry.OutputSize(axis, shape.Kernel[axis]) == geometry.InputSize[axis]);
        return geometry is { Boundary: ConvolutionBoundary.Circular, Stride: 1 } && keepsSize && options is not { Method: SpectralNormMethod.Lanczos } && kernel.Length > 0
            ? OverFrequencies(ConvolutionOperator.OutputsFirst(kernel, shape), shape, geometry, cancellationToken)
            : SpectralNorm.Of(map, options, cancellationToken);
    }

    /// <summary>The spectral norm of the reshaped kernel, the largest over the groups.</summary>
    /// <param name="kernel">Weights in the order of the shape's layout, finite.</param>
    /// <param name="shape">A convolution or depthwise shape.</param>
    /// <param name="options">Tolerance, probability, method; defaults when null.</param>
    /// <exception cref="ArgumentException">The kernel does not fit the shape, or a weight is not finite.</exception>
    public static SpectralNormResult Reshaped(ReadOnlySpan<double> kernel, WeightShape shape, SpectralNormOptions? options = null) =>
        SpectrallyNormalizedInitializer.Measure(kernel, shape, options).MaxBy(norm => norm.Value)!;

    private static SpectralNormResult OverFrequencies(double[] kernel, WeightShape shape, ConvolutionGeometry geometry, CancellationToken cancellationToken)
    {
        int groups = shape.Groups, outputs = shape.Outputs / groups, inputs = shape.Inputs / groups, taps = shape.KernelSize;
        int[] size = [.. geometry.InputSize];
        int positions = size.Aggregate(1, (product, n) => checked(product * n));

        // A real kernel has conjugate matrices at ω and −ω: one of them is enough.
        int[] frequencies = [.. Enumerable.Range(0, positions).Where(f => f <= Mirrored(f, size))];
        SpectralNormResult[] norms = new SpectralNormResult[frequencies.Length];
        Parallelism.Run(frequencies.Length, at =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            Complex[] phases = [.. Enumerable.Range(0, taps).Select(tap => Phase(tap, frequencies[at], shape, size, geometry.Dilation))];
            double[] real = new double[4 * outputs * inputs];
            SpectralNormResult? largest = null;
            for (int group = 0; group < groups; group++)
            {
                // The complex channel matrix as the real one [Re −Im; Im Re], which has the same norm.
                for (int o = 0; o < outputs; o++)
                {
                    for (int i = 0; i < inputs; i++)
                    {
                        Complex sum = 0;
                        ReadOnlySpan<double> weights = kernel.AsSpan(((((group * outputs) + o) * inputs) + i) * taps, taps);
                        for (int tap = 0; tap < taps; tap++)
                            sum += weights[tap] * phases[tap];
                        int top = (o * 2 * inputs) + i, bottom = ((o + outputs) * 2 * inputs) + i;
                        (real[top], real[top + inputs], real[bottom], real[bottom + inputs]) = (sum.Real, -sum.Imaginary, sum.Imaginary, sum.Real);
                    }
                }

                SpectralNormResult norm = SpectralNorm.Of(real, 2 * outputs, 2 * inputs, new() { Method = SpectralNormMethod.Direct }, cancellationToken);
                if (largest is null || norm.Value > largest.Value)
                    largest = norm;
            }

            norms[at] = largest!;
        });
        return norms.MaxBy(norm => norm.Value)!;
    }

    private static int Mirrored(int frequency, int[] size)
    {
        int mirrored = 0, weight = 1;
        for (int axis = size.Length - 1; axis >= 0; axis--)
        {
            mirrored += (size[axis] - (frequency % size[axis])) % size[axis] * weight;
            weight *= size[axis];
            frequency /= size[axis];
        }

        return mirrored;
    }

    private static Complex Phase(int tap, int frequency, WeightShape shape, int[] size, int dilation)
    {
        double turns = 0;
        for (int axis = size.Length - 1; axis >= 0; axis--)
        {
            int offset = tap % shape.Kernel[axis] * dilation;
            turns += (double)(offset * (long)(frequency % size[axis]) % size[axis]) / size[axis];
            tap /= shape.Kernel[axis];
            frequency /= size[axis];
        }

        return Complex.FromPolarCoordinates(1, -2 * Math.PI * turns);
    }
}
