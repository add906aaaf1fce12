using System.Globalization;
using System.IO.Compression;
using System.Reflection;
using System.Xml.Linq;

namespace SpectralInit.Tests.Diagnostics;

public class PictureTests
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void A_line_passes_through_its_points()
    {
        XElement svg = Parse(new SvgPlot("t").Line("", [0, 1, 4], [0, 10, 5]));
        double[][] points = Coordinates(Curve(svg));
        points.Should().HaveCount(3);
        ((points[1][0] - points[0][0]) / (points[2][0] - points[0][0])).Should().BeApproximately(0.25, 1e-3);
        ((points[2][1] - points[0][1]) / (points[1][1] - points[0][1])).Should().BeApproximately(0.5, 1e-3);
        points[1][1].Should().BeLessThan(points[0][1], "up is up");
    }

    [Fact]
    public void A_logarithmic_axis_makes_ratios_equal_steps()
    {
        double[][] points = Coordinates(Curve(Parse(new SvgPlot("t") { LogY = true, LogX = true }.Line("", [1, 10, 100], [1e-200, 1, 1e200]))));
        (points[1][0] - points[0][0]).Should().BeApproximately(points[2][0] - points[1][0], 0.03);
        (points[1][1] - points[0][1]).Should().BeApproximately(points[2][1] - points[1][1], 0.03);
    }

    [Fact]
    public void Dots_without_a_name_have_the_color_of_their_line()
    {
        XElement svg = Parse(new SvgPlot("t").Line("a", [1, 2]).Points("", [0, 1], [1, 2]).Line("b", [3, 4]).Points("", [0, 1], [3, 4]).Points("c", [0], [5]));
        string[] lines = [.. svg.Descendants(s_svg + "path").Select(path => (string?)path.Attribute("stroke")).OfType<string>().Where(stroke => stroke.StartsWith('#')).Distinct()];
        lines.Should().HaveCount(3);
        svg.Descendants(s_svg + "circle").Select(dot => (string?)dot.Attribute("fill")).Should().Equal(lines[0], lines[0], lines[1], lines[1], lines[2]);
    }

    [Fact]
    public void What_cannot_be_drawn_leaves_a_gap()
    {
        string path = Curve(Parse(new SvgPlot("t").Line("", [1, double.NaN, 2, double.PositiveInfinity, 3, 4])));
        path.Count(letter => letter == 'M').Should().Be(3);
        path.Should().NotContain("NaN").And.NotContain("∞");
        Curve(Parse(new SvgPlot("t") { LogY = true }.Line("", [1, 0, -2, 3]))).Count(letter => letter == 'M').Should().Be(2);
    }

    [Theory]
    [InlineData(new double[0])]
    [InlineData(new double[] { 5 })]
    [InlineData(new double[] { 5, 5 })]
    [InlineData(new double[] { 0, 0 })]
    [InlineData(new double[] { double.NaN, double.NaN })]
    [InlineData(new double[] { -1e308, 1e308 })]
    [InlineData(new double[] { 1e-308, 1e308 })]
    [InlineData(new double[] { 1, 1.0000000000000002 })]
    [InlineData(new double[] { 1e-5, 1e294 })]
    [InlineData(new double[] { 1e-310, 1e-15 })]
    [InlineData(new double[] { 5e-324 })]
    [InlineData(new double[] { 3.9e307 })]
    public void Any_data_make_a_finite_picture(double[] values)
    {
        foreach (bool logarithmic in (bool[])[false, true])
        {
            string svg = new SvgPlot("t") { LogY = logarithmic }.Line("a", values).Points("b", values, values).Band("c", values, values, values).ToSvg();
            XElement.Parse(svg);
            svg.Should().NotContain("NaN").And.NotContain("∞").And.NotContain("Infinity");
            XElement.Parse(new SvgPlot("t") { LogY = logarithmic }.Bars("a", [.. values.Select((_, i) => $"{i}")], values, values).ToSvg());
        }
    }

    [Theory]
    [InlineData(1_000_000, 1_000_005)]
    [InlineData(1_000_001, 1_000_060)]
    [InlineData(-123_460, -123_456)]
    [InlineData(0.9999, 0.99999)]
    [InlineData(1e-5, 1.0001e-5)]
    [InlineData(1e9, 1_000_000_005)]
    [InlineData(0, 250_000)]
    [InlineData(1, 1e8)]
    [InlineData(123, 456)]
    public void Ticks_say_where_they_stand(double low, double high)
    {
        foreach (bool logarithmic in high / low > 2 && low > 0 ? (bool[])[false, true] : [false])
        {
            XElement svg = Parse(new SvgPlot("") { LogX = logarithmic }.Line("", [low, high], [0, 1]));
            double[] ends = [.. Coordinates(Curve(svg)).Select(point => point[0])];
            XElement[] ticks = [.. svg.Descendants(s_svg + "text").Where(text => text.Attribute("text-anchor")!.Value == "middle")];
            ticks.Select(tick => tick.Value).Should().OnlyHaveUniqueItems().And.HaveCountGreaterThan(1);
            foreach (XElement tick in ticks)
            {
                double value = Number(tick.Value), share = logarithmic ? Math.Log(value / low) / Math.Log(high / low) : (value - low) / (high - low);
                Number(tick.Attribute("x")!.Value).Should().BeApproximately(ends[0] + (share * (ends[1] - ends[0])), 0.2, tick.Value);
            }

            double[] places = [.. ticks.Select(tick => Number(tick.Attribute("x")!.Value)).Order()];
            places.Zip(places.Skip(1), (a, b) => b - a).Min().Should().BeGreaterThan(6 * ticks.Max(tick => tick.Value.Length), "labels have room");
        }
    }

    [Fact]
    public void Values_stay_on_the_axis_where_their_error_cannot_be_drawn()
    {
        double[][] points = Coordinates(Curve(Parse(new SvgPlot("t").Band("", [1, 2, 3], [1, 2, 9], [0.1, 0.1, double.NaN]))));
        points[2][1].Should().BeInRange(0, 400);
        XElement[] bars = [.. Parse(new SvgPlot("t") { LogY = true }.Bars("", ["a", "b"], [0.001, 20], [0.1, 0.1])).Descendants(s_svg + "rect")];
        (Number(bars[0].Attribute("y")!.Value) + Number(bars[0].Attribute("height")!.Value)).Should().BeApproximately(Number(bars[1].Attribute("y")!.Value) + Number(bars[1].Attribute("height")!.Value), 0.02, "both stand on the axis");
    }

    [Fact]
    public void Long_categories_leave_room_for_their_bars()
    {
        XElement[] bars = [.. Parse(new SvgPlot("t").Bars("", [new string('W', 200), "b"], [1, 2])).Descendants(s_svg + "rect")];
        bars.Should().OnlyContain(bar => Number(bar.Attribute("width")!.Value) > 50 && Number(bar.Attribute("x")!.Value) + Number(bar.Attribute("width")!.Value) < 640);
    }

    [Fact]
    public void Long_series_keep_their_extremes()
    {
        double[] values = new double[100_000];
        values[54_321] = 7;
        double[][] points = Coordinates(Curve(Parse(new SvgPlot("t").Line("", values))));
        points.Length.Should().BeLessThan(2100);
        (points.Max(point => point[1]) - points.Min(point => point[1])).Should().BeGreaterThan(200);
    }

    [Fact]
    public void Bars_stand_on_zero_in_proportion()
    {
        XElement[] bars = [.. Parse(new SvgPlot("t").Bars("", ["a", "b", "c"], [1, 2, -1])).Descendants(s_svg + "rect")];
        double[] heights = [.. bars.Select(bar => Number(bar.Attribute("height")!.Value))];
        (heights[1] / heights[0]).Should().BeApproximately(2, 0.01);
        (heights[2] / heights[0]).Should().BeApproximately(1, 0.01);
    }

    [Fact]
    public void Text_is_escaped_and_the_same_input_gives_the_same_picture()
    {
        SvgPlot plot = new SvgPlot("a < b & \"c\"", "<x>", "y").Line("<script>", [1, 2]).Reference(1.5, "<ref>");
        XElement.Parse(plot.ToSvg()).Descendants(s_svg + "text").Select(text => text.Value).Should().Contain(["a < b & \"c\"", "<script>", "<ref>", "<x>"]);
        plot.ToSvg().Should().Be(plot.ToSvg());
    }

    [Fact]
    public void Wrong_input_is_refused()
    {
        SvgPlot plot = new("t");
        Data.RowSourceTests.Refused<ArgumentException>(() => plot.Line("a", [1, 2], [1]), "y");
        Data.RowSourceTests.Refused<ArgumentException>(() => plot.Band("a", [1, 2], [1, 2], [1]), "halfWidth");
        Data.RowSourceTests.Refused<ArgumentException>(() => plot.Bars("a", ["x"], [1, 2]), "categories");
        Data.RowSourceTests.Refused<ArgumentOutOfRangeException>(() => _ = new SvgPlot("t", width: 3), "width");
        Data.RowSourceTests.Refused<ArgumentException>(() => _ = new ImageMosaic("t", new double[5], 2, 2), "rows");
        Data.RowSourceTests.Refused<ArgumentOutOfRangeException>(() => _ = new ImageMosaic("t", new double[8], 2, 2, channels: 2), "channels");
        Data.RowSourceTests.Refused<ArgumentException>(() => _ = new ImageMosaic("t", new double[8], 2, 2, captions: ["a"]), "captions");
        Data.RowSourceTests.Refused<ArgumentOutOfRangeException>(() => _ = new SvgFigure(0), "columns");
    }

    [Fact]
    public void A_figure_holds_its_pictures_side_by_side()
    {
        SvgFigure figure = new(2, new SvgPlot("one", width: 300, height: 200), new SvgPlot("two", width: 320, height: 250), new SvgPlot("three", width: 310, height: 220));
        (figure.Width, figure.Height).Should().Be((310 + 320, 250 + 220));
        XElement.Parse(figure.ToSvg()).Elements(s_svg + "g").Select(group => group.Attribute("transform")!.Value)
            .Should().Equal("translate(0 0)", "translate(310 0)", "translate(0 250)");
    }

    [Fact]
    public void A_mosaic_shows_every_pixel()
    {
        // Black, middle gray and white in a tile, then color planes.
        ImageMosaic gray = new("t", [0, 0.5, 1, 1], 2, 2, zoom: 1);
        DecodePng(gray).Should().Equal(0, 0, 0, 128, 128, 128, 255, 255, 255, 255, 255, 255);
        ImageMosaic color = new("t", [1, 0, 0, 1, 0, 0], 1, 2, channels: 3, channelsLast: false, zoom: 1);
        DecodePng(color).Should().Equal(255, 0, 0, 0, 255, 0);
        byte[] signed = DecodePng(new ImageMosaic("t", [-1, 0, 1], 1, 3, zoom: 1));
        signed[3..6].Should().Equal(255, 255, 255);
        signed[0].Should().BeLessThan(signed[2], "negative is blue");
        signed[6].Should().BeGreaterThan(signed[8], "positive is red");
        DecodePng(new ImageMosaic("t", [0, double.NaN], 1, 2, zoom: 1)).Should().OnlyContain(value => value == 0);
    }

    [Fact]
    public void Notebooks_find_the_formatters_by_convention()
    {
        // The walk that notebook kernels make: attribute by name, its FormatterSourceType, CreateTypeFormatters(), MimeType, Format(object, TextWriter).
        foreach (object instance in (object[])[new SvgPlot("here"), new SvgFigure(1), new ImageMosaic("here", [1.0], 1, 1)])
        {
            object attribute = instance.GetType().GetCustomAttributes(false).Single(found => found.GetType().Name == "TypeFormatterSourceAttribute");
            Type sourceType = (Type)attribute.GetType().GetProperty("FormatterSourceType")!.GetValue(attribute)!;
            object source = Activator.CreateInstance(sourceType)!;
            object formatter = ((System.Collections.IEnumerable)sourceType.GetMethod("CreateTypeFormatters", BindingFlags.Public | BindingFlags.Instance, [])!.Invoke(source, [])!).Cast<object>().Single();
            formatter.GetType().GetProperty("MimeType")!.GetValue(formatter).Should().Be("text/html");
            using StringWriter writer = new();
            formatter.GetType().GetMethod("Format", [typeof(object), typeof(TextWriter)])!.Invoke(formatter, [instance, writer]).Should().Be(true);
            writer.ToString().Should().StartWith("<svg");
        }
    }

    private static XElement Parse(SvgPicture picture) => XElement.Parse(picture.ToSvg());

    private static string Curve(XElement svg) => svg.Descendants(s_svg + "path").Single(path => path.Attribute("stroke-linejoin") is not null).Attribute("d")!.Value;

    private static double[][] Coordinates(string path) => [.. path.Split('M', 'L').Where(part => part.Length > 0).Select(part => Array.ConvertAll(part.Split(' '), Number))];

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>The pixels of the first tile.</summary>
    private static byte[] DecodePng(ImageMosaic mosaic)
    {
        string href = Parse(mosaic).Descendants(s_svg + "image").First().Attribute("href")!.Value;
        byte[] png = Convert.FromBase64String(href["data:image/png;base64,".Length..]);
        png[..8].Should().Equal(0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10);
        int width = (int)Word(png, 16);
        int length = (int)Word(png, 33);
        Word(png, 29).Should().Be(Crc32(png.AsSpan(12, 17)), "IHDR has its checksum");
        Word(png, 41 + length).Should().Be(Crc32(png.AsSpan(37, 4 + length)), "IDAT has its checksum");
        using ZLibStream inflate = new(new MemoryStream(png, 41, length), CompressionMode.Decompress);
        using MemoryStream raw = new();
        inflate.CopyTo(raw);
        return [.. raw.ToArray().Chunk(1 + (3 * width)).SelectMany(line => line.Skip(1))];
    }

    private static uint Word(byte[] bytes, int at) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));

    // Bit by bit, from the polynomial: not the encoder's table.
    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            for (int bit = 0; bit < 8; bit++)
                crc = (((crc ^ (uint)(value >> bit)) & 1) != 0) ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        }

        return ~crc;
    }
}
