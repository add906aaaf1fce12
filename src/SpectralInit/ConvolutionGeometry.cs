using System.Collections.Immutable;

namespace SpectralInit;

/// <summary>The image a convolution is applied to and how: size, stride, padding, dilation, boundary; one value per spatial axis.</summary>
public sealed record ConvolutionGeometry
{
    /// <summary>A geometry with stride 1, dilation 1 and the padding that keeps the size ("same") for odd kernels.</summary>
    /// <param name="inputSize">Input height, width, … in the order of the kernel's axes, each ≥ 1.</param>
    /// <exception cref="ArgumentException">There are not one to three sizes, or one is less than 1.</exception>
    public ConvolutionGeometry(params ReadOnlySpan<int> inputSize)
    {
        if (inputSize.Length is < 1 or > 3)
            throw new ArgumentException($"An input has one to three sizes, not {inputSize.Length}.", nameof(inputSize));
        foreach (int size in inputSize)
            ArgumentOutOfRangeException.ThrowIfLessThan(size, 1, nameof(inputSize));
        InputSize = [.. inputSize];
    }

    /// <inheritdoc cref="ConvolutionGeometry(ReadOnlySpan{int})"/>
    public ConvolutionGeometry(params int[] inputSize)
        : this((ReadOnlySpan<int>)(inputSize ?? throw new ArgumentNullException(nameof(inputSize))))
    {
    }

    /// <summary>Input size per axis.</summary>
    public ImmutableArray<int> InputSize { get; }

    /// <summary>Stride on every axis, ≥ 1; default 1.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Dilation on every axis, ≥ 1; default 1.</summary>
    public int Dilation { get; init; } = 1;

    /// <summary>Padding before and after every axis, ≥ 0; null (default) for dilation·(kernel − 1)/2, rounded down.</summary>
    public int? Padding { get; init; }

    /// <summary>What lies in the padding; default zeros.</summary>
    public ConvolutionBoundary Boundary { get; init; }

    /// <inheritdoc/>
    public bool Equals(ConvolutionGeometry? other) =>
        other is not null && Stride == other.Stride && Dilation == other.Dilation && Padding == other.Padding && Boundary == other.Boundary
        && InputSize.AsSpan().SequenceEqual(other.InputSize.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(InputSize.Length, InputSize[0], InputSize[^1], Stride, Dilation, Padding, Boundary);

    /// <summary>For example <c>input 28×28, stride 2, dilation 1, padding 1, Zero</c>.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"input {string.Join('×', InputSize)}, stride {Stride}, dilation {Dilation}, padding {(Padding is { } given ? given : "to keep the size")}, {Boundary}");

    /// <summary>Refuses values out of range, and shapes that are not convolutions that fit the input.</summary>
    internal void Check(WeightShape shape)
    {
        CheckValues("geometry");
        if (shape.Kind is not (WeightKind.Convolution or WeightKind.Depthwise))
            throw new ArgumentException($"A convolution is expected, not {shape}.", nameof(shape));
        if (shape.Kernel.Length != InputSize.Length)
            throw new ArgumentException($"The kernel has {shape.Kernel.Length} axes, the input {InputSize.Length}: {shape}.", nameof(shape));
        for (int axis = 0; axis < InputSize.Length; axis++)
        {
            if (OutputSize(axis, shape.Kernel[axis]) < 1)
                throw new ArgumentException($"A kernel of {shape.Kernel[axis]} with dilation {Dilation} does not fit an input of {InputSize[axis]} with padding {PaddingFor(shape.Kernel[axis])}.", nameof(shape));
        }
    }

    /// <summary>Refuses values out of range, in the name of the argument that holds them.</summary>
    internal void CheckValues(string parameter)
    {
        if (Stride < 1 || Dilation < 1 || Padding < 0 || !Enum.IsDefined(Boundary))
            throw new ArgumentException($"Stride {Stride}, dilation {Dilation} and padding {Padding ?? 0} must be at least 1, 1 and 0, and the boundary Zero or Circular.", parameter);
    }

    /// <summary>Where the windows of a kernel read: three axes, the missing ones first and of size 1.</summary>
    /// <exception cref="ArgumentException">There are more windows, or more values in all of them, than an array holds.</exception>
    internal WindowAxis[] Axes(IReadOnlyList<int> kernel, string parameter)
    {
        Int128 inputs = 1, values = 1;
        for (int axis = 0; axis < InputSize.Length; axis++)
        {
            inputs *= InputSize[axis];
            values = Int128.Min(values * OutputSize(axis, kernel[axis]) * kernel[axis], long.MaxValue);
        }

        if (inputs > Array.MaxLength || values > Array.MaxLength)
            throw new ArgumentException($"An input of {string.Join('×', InputSize)}, or the windows of a kernel of {string.Join('×', kernel)} on it, hold more than {Array.MaxLength} values; take a smaller input or padding, or a larger stride.", parameter);
        WindowAxis[] axes = new WindowAxis[3];
        int missing = axes.Length - InputSize.Length;
        for (int i = 0; i < axes.Length; i++)
        {
            axes[i] = i < missing
                ? new WindowAxis(1, 1, 1, 1, 1, 0, false)
                : new WindowAxis(InputSize[i - missing], kernel[i - missing], (int)OutputSize(i - missing, kernel[i - missing]), Stride, Dilation, PaddingFor(kernel[i - missing]), Boundary == ConvolutionBoundary.Circular);
        }

        return axes;
    }

    internal int PaddingFor(int kernel) => Padding ?? (int)((long)Dilation * (kernel - 1) / 2);

    internal long OutputSize(int axis, int kernel)
    {
        long span = InputSize[axis] + (2L * PaddingFor(kernel)) - ((long)Dilation * (kernel - 1)) - 1;
        return span < 0 ? 0 : (span / Stride) + 1;
    }
}
