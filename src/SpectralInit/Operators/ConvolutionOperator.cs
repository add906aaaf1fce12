using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>A convolution as the linear map it is, from images (channels × sizes, flattened) to images: for its true norm, which the reshaped kernel only bounds.</summary>
/// <remarks>Products go through the patch matrix (channel·tap × output position) of one image and group at a time, as one matrix product.</remarks>
public sealed class ConvolutionOperator : ILinearOperator
{
    private readonly double[] _kernel;
    private readonly int _groups;
    private readonly int _inPerGroup;
    private readonly int _outPerGroup;
    private readonly int _taps;
    private readonly int _inPositions;
    private readonly int _outPositions;
    private readonly int[] _source;

    /// <summary>A convolution layer without its bias.</summary>
    /// <param name="kernel">Weights, <see cref="WeightShape.Count"/> values in the order of the shape's layout, finite.</param>
    /// <param name="shape">A convolution or depthwise shape.</param>
    /// <param name="geometry">The input size and how the kernel moves over it.</param>
    /// <exception cref="ArgumentException">Shape, geometry and kernel do not fit each other, or a weight is not finite.</exception>
    public ConvolutionOperator(ReadOnlySpan<double> kernel, WeightShape shape, ConvolutionGeometry geometry)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(geometry);
        geometry.Check(shape);
        if (kernel.Length != shape.Count)
            throw new ArgumentException($"The kernel has {kernel.Length} values, the shape {shape.Count}: {shape}.", nameof(kernel));
        if (Finite.FirstNot(kernel) is int bad and >= 0)
            throw new ArgumentException($"Element {bad} of the kernel is {kernel[bad]}; every weight must be finite.", nameof(kernel));

        _groups = shape.Kind == WeightKind.Depthwise ? shape.Inputs : shape.Groups;
        _inPerGroup = _groups == 0 ? 0 : shape.Inputs / _groups;
        _outPerGroup = _groups == 0 ? 0 : shape.Outputs / _groups;
        _taps = shape.KernelSize;
        _kernel = OutputsFirst(kernel, shape);
        _source = Sources(shape, geometry, out _inPositions, out _outPositions);
        if ((long)shape.Outputs * _outPositions > Array.MaxLength || (long)shape.Inputs * _inPositions > Array.MaxLength)
            throw new ArgumentException($"{shape.Inputs} channels of {_inPositions} positions, or {shape.Outputs} of {_outPositions}, are more than the {Array.MaxLength} values of a vector; take a smaller input.", nameof(geometry));
        Rows = shape.Outputs * _outPositions;
        Columns = shape.Inputs * _inPositions;
    }

    /// <summary>Output channels × output positions.</summary>
    public int Rows { get; }

    /// <summary>Input channels × input positions.</summary>
    public int Columns { get; }

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<double> x, Span<double> y) => ApplyBlock(1, x, y);

    /// <inheritdoc/>
    public void ApplyTranspose(ReadOnlySpan<double> x, Span<double> y) => ApplyTransposeBlock(1, x, y);

    /// <inheritdoc/>
    public void ApplyBlock(int count, ReadOnlySpan<double> x, Span<double> y) => Run(count, x, y, Columns, Rows, Forward);

    /// <inheritdoc/>
    public void ApplyTransposeBlock(int count, ReadOnlySpan<double> x, Span<double> y) => Run(count, x, y, Rows, Columns, Backward);

    /// <summary>The kernel in [out, in/g, kernel…] order.</summary>
    internal static double[] OutputsFirst(ReadOnlySpan<double> kernel, WeightShape shape)
    {
        if (shape.Layout == WeightLayout.OutputsFirst)
            return kernel.ToArray();
        int taps = shape.KernelSize, channels = shape.Columns / taps, outputs = shape.Rows;
        double[] ordered = new double[kernel.Length];
        for (int o = 0; o < outputs; o++)
        {
            for (int c = 0; c < channels; c++)
            {
                for (int tap = 0; tap < taps; tap++)
                    ordered[(((o * channels) + c) * taps) + tap] = kernel[(((tap * channels) + c) * outputs) + o];
            }
        }

        return ordered;
    }

    private static unsafe void Run(int count, ReadOnlySpan<double> x, Span<double> y, int inputs, int outputs, Action<nint, nint, int> image)
    {
        OperatorGuard.Check(count, inputs, outputs, x, y);
        y.Clear();
        fixed (double* from = x, to = y)
        {
            nint source = (nint)from, target = (nint)to;
            Parallelism.Run(count, i => image(source + ((nint)sizeof(double) * i * inputs), target + ((nint)sizeof(double) * i * outputs), i));
        }
    }

    // For every tap and output position the input position it reads, −1 in zero padding. [tap, position]
    private static int[] Sources(WeightShape shape, ConvolutionGeometry geometry, out int inPositions, out int outPositions)
    {
        WindowAxis[] axes = geometry.Axes(shape.Kernel, nameof(geometry));
        inPositions = axes.Aggregate(1, (product, axis) => product * axis.Input);
        outPositions = axes.Aggregate(1, (product, axis) => product * axis.Positions);
        int[] sources = new int[shape.KernelSize * outPositions];
        for (int tap = 0; tap < shape.KernelSize; tap++)
        {
            for (int position = 0; position < outPositions; position++)
            {
                int source = 0, taps = shape.KernelSize, places = outPositions;
                foreach (WindowAxis axis in axes)
                {
                    taps /= axis.Kernel;
                    places /= axis.Positions;
                    int coordinate = axis.Source(position / places % axis.Positions, tap / taps % axis.Kernel);
                    source = source < 0 || coordinate < 0 ? -1 : (source * axis.Input) + coordinate;
                }

                sources[(tap * outPositions) + position] = source;
            }
        }

        return sources;
    }

    private unsafe void Forward(nint from, nint to, int image)
    {
        double* x = (double*)from, y = (double*)to;
        int depth = _inPerGroup * _taps;
        using Scratch<double> patches = Scratch.Rent<double>((long)depth * _outPositions);
        for (int group = 0; group < _groups; group++)
        {
            double* patch = patches.Pointer;
            for (int channel = 0; channel < _inPerGroup; channel++)
            {
                double* plane = x + ((nint)((group * _inPerGroup) + channel) * _inPositions);
                foreach (int source in _source)
                    *patch++ = source < 0 ? 0 : plane[source];
            }

            fixed (double* kernel = _kernel)
                MatrixProduct.Multiply(false, false, _outPerGroup, _outPositions, depth, 1.0, kernel + ((nint)group * _outPerGroup * depth), depth, patches.Pointer, _outPositions, 0.0, y + ((nint)group * _outPerGroup * _outPositions), _outPositions);
        }
    }

    private unsafe void Backward(nint from, nint to, int image)
    {
        double* y = (double*)from, x = (double*)to;
        int depth = _inPerGroup * _taps;
        using Scratch<double> patches = Scratch.Rent<double>((long)depth * _outPositions);
        for (int group = 0; group < _groups; group++)
        {
            fixed (double* kernel = _kernel)
                MatrixProduct.Multiply(true, false, depth, _outPositions, _outPerGroup, 1.0, kernel + ((nint)group * _outPerGroup * depth), depth, y + ((nint)group * _outPerGroup * _outPositions), _outPositions, 0.0, patches.Pointer, _outPositions);
            double* patch = patches.Pointer;
            for (int channel = 0; channel < _inPerGroup; channel++)
            {
                double* plane = x + ((nint)((group * _inPerGroup) + channel) * _inPositions);
                foreach (int source in _source)
                {
                    double value = *patch++;
                    if (source >= 0)
                        plane[source] += value;
                }
            }
        }
    }
}
