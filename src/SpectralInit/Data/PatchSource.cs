using System.Numerics;

namespace SpectralInit;

/// <summary>
/// The patches of images as rows: what the filters of a convolution see, with its stride, padding, dilation and groups. Patches follow one another row by row from
/// the top left, and are never held together in memory.
/// </summary>
/// <remarks>
/// A patch is ordered [channels, sizes…], the order of a filter in an <see cref="WeightLayout.OutputsFirst"/> convolution, whatever the order of the image: the components of its
/// covariance are filters as they stand. With groups a patch holds the channels of one group only; see <see cref="PerGroup"/> and <see cref="PerGroupInitializer"/>.
/// </remarks>
public sealed class PatchSource : IRowSource
{
    private readonly IRowSource _images;
    private readonly WindowAxis[] _axes;
    private readonly int[] _steps = new int[3];
    private readonly int _channelStep;
    private readonly int _channels;
    private readonly int _taps;
    private readonly int _firstGroup;
    private readonly int _groups;

    // Where each value of a patch inside the image lies, counted from its first.
    private readonly int[] _offsets;

    /// <summary>Cuts images into patches.</summary>
    /// <param name="images">One image per row: height·width·channels values.</param>
    /// <param name="options">Sizes, stride, padding, dilation, groups and order.</param>
    /// <exception cref="ArgumentException">The rows are not images of that size, the patch exceeds the padded image, or an option is out of range.</exception>
    public PatchSource(IRowSource images, PatchOptions options)
        : this(images, Axes(options), options.Channels, options.Groups, options.Group, options.ChannelsLast, nameof(options))
    {
    }

    private PatchSource(IRowSource images, WindowAxis[] axes, int channels, int groups, int? group, bool channelsLast, string parameter)
    {
        RowReading.Check(images);
        Int128 values = axes.Aggregate((Int128)channels, (product, axis) => product * axis.Input);
        if (values != images.Columns)
            throw new ArgumentException($"An image of {string.Join('×', axes.Skip(axes[0].Input == 1 ? 1 : 0).Select(axis => axis.Input))}×{channels} does not fill a row of {images.Columns} values. A single photograph is read as one row with NpyFile.ReadRows(path, columns: height * width * channels).", parameter);

        (_images, _axes, _channels, _firstGroup, _groups) = (images, axes, channels / groups, group ?? 0, group is null ? groups : 1);
        int step = channelsLast ? channels : 1;
        for (int axis = axes.Length - 1; axis >= 0; axis--)
        {
            _steps[axis] = step;
            step *= axes[axis].Input;
        }

        _channelStep = channelsLast ? 1 : step;
        _taps = axes.Aggregate(1, (product, axis) => product * axis.Kernel);
        if ((long)_axes[0].Positions * Down * Across * _groups > Array.MaxLength || (long)_channels * _taps > Array.MaxLength)
            throw new ArgumentException($"A patch of {_channels}×{_taps} values at {(long)_axes[0].Positions * Down * Across} positions for {_groups} groups is too large; an image has at most {Array.MaxLength} patches, and so many values a patch.", parameter);
        _offsets = new int[_channels * _taps];
        for (int i = 0; i < _offsets.Length; i++)
        {
            int tap = i % _taps, x = tap % axes[2].Kernel, y = tap / axes[2].Kernel % axes[1].Kernel, z = tap / axes[2].Kernel / axes[1].Kernel;
            _offsets[i] = (i / _taps * _channelStep) + (z * axes[0].Dilation * _steps[0]) + (y * axes[1].Dilation * _steps[1]) + (x * axes[2].Dilation * _steps[2]);
        }
    }

    /// <summary>Values per patch: channels of a group times the sizes of the patch.</summary>
    public int Columns => _offsets.Length;

    /// <summary>All patches of all images, or null while the number of images is unknown.</summary>
    public long? RowCount => _images.RowCount * PatchesPerImage;

    /// <inheritdoc/>
    public bool IsSingle => _images.IsSingle;

    /// <summary>Patch positions from top to bottom.</summary>
    public int Down => _axes[1].Positions;

    /// <summary>Patch positions from left to right.</summary>
    public int Across => _axes[2].Positions;

    /// <summary>Rows that one image becomes: its positions, times the groups when all are taken.</summary>
    public int PatchesPerImage => _axes[0].Positions * Down * Across * _groups;

    /// <summary>The patches that a convolution sees.</summary>
    /// <param name="images">One image per row: channels × input sizes.</param>
    /// <param name="shape">A convolution or depthwise shape with one to three axes.</param>
    /// <param name="geometry">Input size, stride, padding, dilation, boundary; as for <see cref="ConvolutionOperator"/>, padding that is not set keeps the size.</param>
    /// <param name="channelsLast">True for images stored [sizes…, channels] (photographs, Keras), false for [channels, sizes…] (PyTorch, ONNX).</param>
    /// <param name="group">The one group whose patches are taken; null for all of them, one after the other at every position.</param>
    /// <returns>Rows of <see cref="WeightShape.Columns"/> values.</returns>
    /// <exception cref="ArgumentException">Images, shape and geometry do not fit each other, or there is no such group.</exception>
    public static PatchSource Of(IRowSource images, WeightShape shape, ConvolutionGeometry geometry, bool channelsLast, int? group = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(geometry);
        geometry.Check(shape);
        if (group is { } one && (one < 0 || one >= shape.Groups))
            throw new ArgumentOutOfRangeException(nameof(group), one, $"The group must be 0 … {shape.Groups - 1}.");
        return new(images, geometry.Axes(shape.Kernel, nameof(geometry)), shape.Inputs, shape.Groups, group, channelsLast, nameof(shape));
    }

    /// <summary>The patches that each group of a convolution sees, one source per group: fit each by itself and hand the initializers to <see cref="PerGroupInitializer"/>.</summary>
    /// <inheritdoc cref="Of" path="/param[@name != 'group']"/>
    /// <exception cref="ArgumentException">Images, shape and geometry do not fit each other.</exception>
    public static IReadOnlyList<PatchSource> PerGroup(IRowSource images, WeightShape shape, ConvolutionGeometry geometry, bool channelsLast)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return [.. Enumerable.Range(0, shape.Groups).Select(group => Of(images, shape, geometry, channelsLast, group))];
    }

    /// <inheritdoc/>
    public IRowReader Open() => new Reader(this);

    private static WindowAxis[] Axes(PatchOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        ConvolutionGeometry geometry = new(options.Height, options.Width) { Stride = options.Stride, Dilation = options.Dilation, Padding = options.Padding, Boundary = options.Boundary };
        return geometry.Axes([options.PatchHeight, options.PatchWidth], nameof(options));
    }

    private void Copy<U>(U[] image, int row, Span<U> patch)
        where U : unmanaged
    {
        (WindowAxis deep, WindowAxis down, WindowAxis across) = (_axes[0], _axes[1], _axes[2]);
        int position = row / _groups;
        int x = position % Across, y = position / Across % Down, z = position / Across / Down;
        int group = (_firstGroup + (row % _groups)) * _channels * _channelStep;
        if (deep.IsInside(z) && down.IsInside(y) && across.IsInside(x))
        {
            int origin = group + (deep.Source(z, 0) * _steps[0]) + (down.Source(y, 0) * _steps[1]) + (across.Source(x, 0) * _steps[2]);
            int[] offsets = _offsets;
            for (int i = 0; i < patch.Length; i++)
                patch[i] = image[origin + offsets[i]];
            return;
        }

        for (int tap = 0; tap < _taps; tap++)
        {
            int atX = across.Source(x, tap % across.Kernel), atY = down.Source(y, tap / across.Kernel % down.Kernel), atZ = deep.Source(z, tap / across.Kernel / down.Kernel);
            bool outside = (atX | atY | atZ) < 0;
            int from = group + (atZ * _steps[0]) + (atY * _steps[1]) + (atX * _steps[2]);
            for (int channel = 0; channel < _channels; channel++)
                patch[(channel * _taps) + tap] = outside ? default : image[from + (channel * _channelStep)];
        }
    }

    private sealed class Reader(PatchSource source) : IRowReader
    {
        private readonly IRowReader _images = source._images.Begin();
        private readonly int _perImage = source.PatchesPerImage;
        private double[]? _wide;
        private float[]? _narrow;
        private int _row = source.PatchesPerImage;

        public int Read(Span<double> rows) => ReadAs(rows, _wide ??= Image<double>(_narrow));

        public int Read(Span<float> rows) => ReadAs(rows, _narrow ??= Image<float>(_wide));

        public void Dispose() => _images.Dispose();

        // A pass reads in one precision; mixing them would lose the image in progress.
        private U[] Image<U>(Array? other)
            where U : unmanaged => other is null ? new U[source._images.Columns] : throw new InvalidOperationException("Read one pass of patches as float or as double, not both; open another pass.");

        private int ReadAs<U>(Span<U> rows, U[] image)
            where U : unmanaged, IBinaryFloatingPointIeee754<U>
        {
            int columns = source.Columns, capacity = RowBuffer.Capacity(rows.Length, columns), count = 0;
            for (; count < capacity; count++, _row++)
            {
                if (_row == _perImage)
                {
                    if (_images.Next<U>(image, image.Length) == 0)
                        break;
                    _row = 0;
                }

                source.Copy(image, _row, rows.Slice(count * columns, columns));
            }

            return count;
        }
    }
}
