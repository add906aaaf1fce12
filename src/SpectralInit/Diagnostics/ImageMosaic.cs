using System.Text;

namespace SpectralInit;

/// <summary>Rows of values as a mosaic of small images: principal components, filters, weights, digits.</summary>
/// <remarks>
/// One channel is drawn in two colors around zero (blue below, white at zero, red above) when values of both signs occur, in gray otherwise;
/// three channels are drawn as red, green and blue around a middle gray. Every tile has its own scale: a direction has no size.
/// </remarks>
[TypeFormatterSource(typeof(DisplayFormatters))]
public sealed class ImageMosaic : SvgPicture
{
    private const int Gap = 4;
    private const int Header = 30;
    private const int Caption = 16;

    private readonly string _title;
    private readonly byte[][] _tiles;
    private readonly string[] _captions;
    private readonly int _height;
    private readonly int _width;
    private readonly int _columns;
    private readonly int _zoom;

    private const int MostZoom = 1000;

    /// <summary>Draws rows as images.</summary>
    /// <param name="title">Above the mosaic.</param>
    /// <param name="rows">Images one after the other, each height × width × channels values.</param>
    /// <param name="height">Rows of pixels in an image.</param>
    /// <param name="width">Columns of pixels in an image.</param>
    /// <param name="channels">1 (default) or 3.</param>
    /// <param name="channelsLast">True (default) for [height, width, channels]; false for [channels, height, width], the order of filters.</param>
    /// <param name="columns">Images per line. Default: 8.</param>
    /// <param name="zoom">Screen pixels per image pixel, at most 1000; 0 (default) chooses a tile of about 64.</param>
    /// <param name="captions">Written under each image; null for none.</param>
    /// <exception cref="ArgumentException">The values do not make whole images, or a size is out of range.</exception>
    public ImageMosaic(string title, ReadOnlySpan<double> rows, int height, int width, int channels = 1, bool channelsLast = true, int columns = 8, int zoom = 0, IReadOnlyList<string>? captions = null)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(zoom);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(zoom, MostZoom);
        if (channels is not (1 or 3))
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "An image has 1 channel (gray) or 3 (red, green, blue).");
        Int128 values = (Int128)height * width * channels;
        if (rows.Length % values != 0)
            throw new ArgumentException($"{rows.Length} values do not make images of {height}×{width}×{channels}.", nameof(rows));
        int size = (int)Int128.Min(values, int.MaxValue), magnified = zoom > 0 ? zoom : 1;
        if ((Int128)3 * height * width * magnified * magnified > Array.MaxLength)
            throw new ArgumentOutOfRangeException(nameof(zoom), zoom, $"An image of {height}×{width} exceeds an array when every pixel takes {magnified} of the screen; choose a smaller zoom.");
        if (captions is not null && captions.Count != rows.Length / size)
            throw new ArgumentException($"{captions.Count} captions for {rows.Length / size} images.", nameof(captions));

        (_title, _height, _width) = (title, height, width);
        _captions = captions is null ? [] : [.. captions];
        _tiles = new byte[rows.Length / size][];
        bool signed = false;
        foreach (double value in rows)
            signed |= value < 0;
        for (int i = 0; i < _tiles.Length; i++)
            _tiles[i] = Paint(rows.Slice(i * size, size), height, width, channels, channelsLast, signed);
        _columns = Math.Max(1, Math.Min(columns, _tiles.Length));
        _zoom = zoom > 0 ? zoom : Math.Max(1, 64 / Math.Max(height, width));
        Width = Math.Max(160, Gap + (_columns * TileWidth));
        Height = Header + (((_tiles.Length + _columns - 1) / _columns) * TileHeight) + Gap;
    }

    /// <inheritdoc/>
    public override int Width { get; }

    /// <inheritdoc/>
    public override int Height { get; }

    private int TileWidth => (_width * _zoom) + Gap;

    private int TileHeight => (_height * _zoom) + Gap + (_captions.Length > 0 ? Caption : 0);

    /// <summary>The leading principal components as images, each with its share of the variance.</summary>
    /// <param name="spectrum">A spectrum of images.</param>
    /// <param name="height">Rows of pixels in an image.</param>
    /// <param name="width">Columns of pixels in an image.</param>
    /// <param name="channels">1 (default) or 3.</param>
    /// <param name="channelsLast">True (default) for [height, width, channels]; false for [channels, height, width].</param>
    /// <param name="count">How many components at most. Default: 24.</param>
    /// <exception cref="ArgumentException">The spectrum's dimension is not height·width·channels.</exception>
    public static ImageMosaic OfComponents(DataSpectrum spectrum, int height, int width, int channels = 1, bool channelsLast = true, int count = 24)
    {
        ArgumentNullException.ThrowIfNull(spectrum);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if ((Int128)height * width * channels != spectrum.Dimension)
            throw new ArgumentException($"Components of {spectrum.Dimension} values are not images of {height}×{width}×{channels}.", nameof(height));
        int shown = Math.Min(count, spectrum.Components.Count);
        double total = spectrum.TotalVariance;
        return new ImageMosaic(
            $"First {shown} principal components",
            spectrum.Components.Vectors.AsSpan(0, shown * spectrum.Dimension),
            height,
            width,
            channels,
            channelsLast,
            captions: [.. spectrum.Components.Values.Take(shown).Select(value => total > 0 ? FormattableString.Invariant($"{value / total:0.0%}") : "0%")]);
    }

    /// <summary>What the mosaic shows, in words.</summary>
    public override string ToString() => $"ImageMosaic “{_title}”: {_tiles.Length} images of {_height}×{_width} (Save(\"mosaic.svg\") writes it)";

    internal override void Draw(StringBuilder svg)
    {
        Text(svg, Gap, 20, _title, style: "title");
        for (int i = 0; i < _tiles.Length; i++)
        {
            int x = Gap + (i % _columns * TileWidth), y = Header + (i / _columns * TileHeight);
            string png = Convert.ToBase64String(PngImage.Encode(_width * _zoom, _height * _zoom, Enlarged(_tiles[i])));
            svg.Append($"<image x=\"{x}\" y=\"{y}\" width=\"{_width * _zoom}\" height=\"{_height * _zoom}\" href=\"data:image/png;base64,{png}\"/>\n");
            if (_captions.Length > 0)
                Text(svg, x + (_width * _zoom / 2.0), y + (_height * _zoom) + 12, _captions[i], "middle", extra: " font-size=\"11\"");
        }
    }

    private static byte[] Paint(ReadOnlySpan<double> values, int height, int width, int channels, bool channelsLast, bool signed)
    {
        double largest = 0;
        foreach (double value in values)
            largest = double.IsFinite(value) ? Math.Max(largest, Math.Abs(value)) : largest;
        double scale = largest > 0 ? 1 / largest : 0;
        byte[] rgb = new byte[height * width * 3];
        for (int pixel = 0; pixel < height * width; pixel++)
        {
            for (int c = 0; c < 3; c++)
            {
                int channel = channels == 1 ? 0 : c;
                double value = values[channelsLast ? (pixel * channels) + channel : (channel * height * width) + pixel] * scale;
                value = double.IsFinite(value) ? value : 0;
                double level = channels == 3 ? signed ? 0.5 + (value / 2) : value : signed ? Diverging(value, c) : value;
                rgb[(pixel * 3) + c] = (byte)Math.Round(255 * Math.Clamp(level, 0, 1));
            }
        }

        return rgb;
    }

    // White at zero, to #b2182b at +1 and #2166ac at −1 (ColorBrewer's RdBu).
    private static double Diverging(double value, int channel)
    {
        double end = (value > 0, channel) switch
        {
            (true, 0) => 0.70,
            (true, 1) => 0.09,
            (true, _) => 0.17,
            (false, 0) => 0.13,
            (false, 1) => 0.40,
            (false, _) => 0.67,
        };
        return 1 - (Math.Pow(Math.Abs(value), 0.8) * (1 - end));
    }

    /// <summary>Pixels are repeated rather than left to the viewer, which would blur them.</summary>
    private byte[] Enlarged(byte[] tile)
    {
        byte[] large = new byte[tile.Length * _zoom * _zoom];
        for (int y = 0; y < _height * _zoom; y++)
        {
            for (int x = 0; x < _width * _zoom; x++)
                tile.AsSpan(((y / _zoom * _width) + (x / _zoom)) * 3, 3).CopyTo(large.AsSpan(((y * _width * _zoom) + x) * 3));
        }

        return large;
    }
}
