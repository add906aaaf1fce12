using System.Numerics;

namespace SpectralInit;

/// <summary>
/// The patches of images as rows: what the filters of a convolution see. Patches lie inside the image, row by row from the top left, and are
/// never held together in memory.
/// </summary>
/// <remarks>
/// A patch is ordered [channels, height, width], the order of a filter in an <see cref="WeightLayout.OutputsFirst"/> convolution, whatever the
/// order of the image: the components of its covariance are filters as they stand.
/// </remarks>
public sealed class PatchSource : IRowSource
{
    private readonly IRowSource _images;
    private readonly PatchOptions _options;

    // Where each value of the patch at the origin lies in the image row.
    private readonly int[] _offsets;

    /// <summary>Cuts images into patches.</summary>
    /// <param name="images">One image per row: height·width·channels values.</param>
    /// <param name="options">Sizes, stride and order.</param>
    /// <exception cref="ArgumentException">The rows are not images of that size, the patch exceeds the image, or a size is less than 1.</exception>
    public PatchSource(IRowSource images, PatchOptions options)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Height < 1 || options.Width < 1 || options.Channels < 1 || options.PatchHeight < 1 || options.PatchWidth < 1 || options.Stride < 1)
            throw new ArgumentException("Height, width, channels, patch sizes and stride must be at least 1.", nameof(options));
        if ((Int128)options.Height * options.Width * options.Channels != images.Columns)
            throw new ArgumentException($"An image of {options.Height}×{options.Width}×{options.Channels} does not fill a row of {images.Columns} values. A single photograph is read as one row with NpyFile.ReadRows(path, columns: height * width * channels).", nameof(options));
        if (options.PatchHeight > options.Height || options.PatchWidth > options.Width)
            throw new ArgumentException($"A patch of {options.PatchHeight}×{options.PatchWidth} exceeds the image of {options.Height}×{options.Width}.", nameof(options));

        _images = images;
        _options = options;
        _offsets = new int[options.Channels * options.PatchHeight * options.PatchWidth];
        int index = 0;
        for (int c = 0; c < options.Channels; c++)
        {
            for (int y = 0; y < options.PatchHeight; y++)
            {
                for (int x = 0; x < options.PatchWidth; x++)
                    _offsets[index++] = (y * RowStep) + (x * PixelStep) + (c * ChannelStep);
            }
        }
    }

    /// <summary>Values per patch, channels·height·width.</summary>
    public int Columns => _offsets.Length;

    /// <summary>All patches of all images, or null while the number of images is unknown.</summary>
    public long? RowCount => _images.RowCount * Down * Across;

    /// <inheritdoc/>
    public bool IsSingle => _images.IsSingle;

    /// <summary>Patch positions from top to bottom.</summary>
    public int Down => ((_options.Height - _options.PatchHeight) / _options.Stride) + 1;

    /// <summary>Patch positions from left to right.</summary>
    public int Across => ((_options.Width - _options.PatchWidth) / _options.Stride) + 1;

    private int PixelStep => _options.ChannelsLast ? _options.Channels : 1;

    private int ChannelStep => _options.ChannelsLast ? 1 : _options.Height * _options.Width;

    private int RowStep => _options.Width * PixelStep;

    /// <inheritdoc/>
    public IRowReader Open() => new Reader(this);

    private sealed class Reader(PatchSource source) : IRowReader
    {
        private readonly IRowReader _images = source._images.Open();
        private readonly int _perImage = source.Down * source.Across;
        private double[]? _wide;
        private float[]? _narrow;
        private int _position = source.Down * source.Across;

        public int Read(Span<double> rows)
        {
            _wide ??= Image<double>(_narrow);
            return ReadAs(rows, _wide, () => _images.Read(_wide) > 0);
        }

        public int Read(Span<float> rows)
        {
            _narrow ??= Image<float>(_wide);
            return ReadAs(rows, _narrow, () => _images.Read(_narrow) > 0);
        }

        public void Dispose() => _images.Dispose();

        // A pass reads in one precision; mixing them would lose the image in progress.
        private U[] Image<U>(Array? other)
            where U : unmanaged => other is null ? new U[source._images.Columns] : throw new InvalidOperationException("Read one pass of patches as float or as double, not both; open another pass.");

        private int ReadAs<U>(Span<U> rows, U[] image, Func<bool> next)
            where U : unmanaged, IBinaryFloatingPointIeee754<U>
        {
            int columns = source.Columns;
            int capacity = RowBuffer.Capacity(rows.Length, columns);
            int count = 0;
            for (; count < capacity; count++, _position++)
            {
                if (_position == _perImage)
                {
                    if (!next())
                        break;
                    _position = 0;
                }

                int stride = source._options.Stride;
                int origin = (_position / source.Across * stride * source.RowStep) + (_position % source.Across * stride * source.PixelStep);
                Span<U> patch = rows.Slice(count * columns, columns);
                int[] offsets = source._offsets;
                for (int i = 0; i < patch.Length; i++)
                    patch[i] = image[origin + offsets[i]];
            }

            return count;
        }
    }
}
