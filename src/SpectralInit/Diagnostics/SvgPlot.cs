using System.Text;

namespace SpectralInit;

/// <summary>
/// A plot of lines, bands, points or bars over linear or logarithmic axes.
/// </summary>
/// <remarks>
/// Values that are not finite, or not positive on a logarithmic axis, leave a gap. A series of more than 2,000 points is drawn by the
/// least and the greatest value of each step, so nothing that sticks out is lost.
/// </remarks>
/// <example><code>
/// new SvgPlot("‖Aᵗx‖", xLabel: "t", yLabel: "norm") { LogY = true }
///     .Line("as drawn", before).Line("normalized", after)
///     .Save("trace.svg");
/// </code></example>
[TypeFormatterSource(typeof(DisplayFormatters))]
public sealed class SvgPlot : SvgPicture
{
    // Okabe and Ito's palette, distinguishable with every kind of color vision and on both backgrounds.
    private static readonly string[] s_colors = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6bb1", "#8a8a8a"];

    private readonly string _title;
    private readonly string _xLabel;
    private readonly string _yLabel;
    private readonly List<PlotSeries> _series = [];
    private readonly List<(double Y, string Label)> _references = [];
    private IReadOnlyList<string>? _categories;

    /// <summary>An empty plot.</summary>
    /// <param name="title">Above the plot.</param>
    /// <param name="xLabel">Below the horizontal axis.</param>
    /// <param name="yLabel">Beside the vertical axis.</param>
    /// <param name="width">Width in pixels, ≥ 200.</param>
    /// <param name="height">Height in pixels, ≥ 150.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is smaller.</exception>
    public SvgPlot(string title, string xLabel = "", string yLabel = "", int width = 640, int height = 400)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(xLabel);
        ArgumentNullException.ThrowIfNull(yLabel);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 200);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 150);
        (_title, _xLabel, _yLabel, Width, Height) = (title, xLabel, yLabel, width, height);
    }

    /// <inheritdoc/>
    public override int Width { get; }

    /// <inheritdoc/>
    public override int Height { get; }

    /// <summary>Logarithmic horizontal axis. Default: false.</summary>
    public bool LogX { get; init; }

    /// <summary>Logarithmic vertical axis. Default: false.</summary>
    public bool LogY { get; init; }

    /// <summary>Adds a line.</summary>
    /// <param name="name">For the legend; empty for none.</param>
    /// <param name="x">Positions.</param>
    /// <param name="y">Values, as many.</param>
    /// <param name="dashed">Dashes instead of a solid line.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public SvgPlot Line(string name, ReadOnlySpan<double> x, ReadOnlySpan<double> y, bool dashed = false) => Add(name, x, y, [], dashed ? PlotMark.Dashes : PlotMark.Line);

    /// <summary>Adds a line over 0, 1, 2, ….</summary>
    /// <param name="name">For the legend; empty for none.</param>
    /// <param name="y">Values.</param>
    /// <param name="dashed">Dashes instead of a solid line.</param>
    public SvgPlot Line(string name, ReadOnlySpan<double> y, bool dashed = false) => Line(name, Indices(y.Length), y, dashed);

    /// <summary>Adds a line inside a translucent band, for example a mean ± its standard error.</summary>
    /// <param name="name">For the legend; empty for none.</param>
    /// <param name="x">Positions.</param>
    /// <param name="y">Values, as many.</param>
    /// <param name="halfWidth">Half the height of the band, as many.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public SvgPlot Band(string name, ReadOnlySpan<double> x, ReadOnlySpan<double> y, ReadOnlySpan<double> halfWidth)
    {
        if (halfWidth.Length != y.Length)
            throw new ArgumentException($"{halfWidth.Length} half widths for {y.Length} values.", nameof(halfWidth));
        return Add(name, x, y, halfWidth, PlotMark.Line);
    }

    /// <summary>Adds dots.</summary>
    /// <param name="name">For the legend; empty for none, and for the color of what was added before.</param>
    /// <param name="x">Positions.</param>
    /// <param name="y">Values, as many.</param>
    /// <param name="labels">Written beside the dots, as many; null for none.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public SvgPlot Points(string name, ReadOnlySpan<double> x, ReadOnlySpan<double> y, IReadOnlyList<string>? labels = null)
    {
        if (labels is not null && labels.Count != y.Length)
            throw new ArgumentException($"{labels.Count} labels for {y.Length} dots.", nameof(labels));
        return Add(name, x, y, [], PlotMark.Dots, labels);
    }

    /// <summary>Adds bars from zero; several calls stand side by side.</summary>
    /// <param name="name">For the legend; empty for none.</param>
    /// <param name="categories">A label for every bar; the same for every call.</param>
    /// <param name="y">Values, as many.</param>
    /// <param name="halfWidth">Half the length of an error bar for each, or empty.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public SvgPlot Bars(string name, IReadOnlyList<string> categories, ReadOnlySpan<double> y, ReadOnlySpan<double> halfWidth = default)
    {
        ArgumentNullException.ThrowIfNull(categories);
        if (categories.Count != y.Length)
            throw new ArgumentException($"{categories.Count} categories for {y.Length} bars.", nameof(categories));
        if (halfWidth.Length != 0 && halfWidth.Length != y.Length)
            throw new ArgumentException($"{halfWidth.Length} half widths for {y.Length} bars.", nameof(halfWidth));
        _categories = [.. categories];
        return Add(name, Indices(y.Length), y, halfWidth, PlotMark.Bars);
    }

    /// <summary>Adds a horizontal reference line across the plot.</summary>
    /// <param name="y">Where.</param>
    /// <param name="label">Written at its right end.</param>
    public SvgPlot Reference(double y, string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        _references.Add((y, label));
        return this;
    }

    /// <summary>What the plot shows, in words.</summary>
    public override string ToString() => $"SvgPlot “{_title}”: {string.Join(", ", _series.Select(series => series.Name).Where(name => name.Length > 0))} (Save(\"plot.svg\") writes it)";

    internal override void Draw(StringBuilder svg)
    {
        bool bars = _categories is { Count: > 0 };
        PlotAxis horizontal = bars
            ? PlotAxis.Over(false, [-0.5, _categories!.Count - 0.5], tight: true, fromZero: false)
            : PlotAxis.Over(LogX, _series.SelectMany(series => series.X), tight: true, fromZero: false);
        PlotAxis vertical = PlotAxis.Over(LogY, _series.SelectMany(series => series.Extremes).Concat(_references.Select(line => line.Y)), tight: false, bars && !LogY);

        double left = 14 + (_yLabel.Length > 0 ? 20 : 0) + Widest(vertical.Ticks(6));
        bool slanted = bars && _categories!.Any(label => label.Length > 4 && TextWidth(label) > (Width - left - 16) / _categories!.Count);
        if (slanted)
            left = Math.Max(left, Math.Min(Width / 2, 10 + (0.9 * TextWidth(_categories![0])) - ((Width - left) / _categories!.Count / 2)));
        double top = (_title.Length > 0 ? 30 : 12) + DrawLegend(svg, left);
        double below = 24 + (_xLabel.Length > 0 ? 20 : 0) + (slanted ? Math.Min(90, 0.45 * _categories!.Max(TextWidth)) : 0);
        PlotFrame frame = new(left, top, Width - left - 16, Math.Max(20, Height - top - below), horizontal, vertical);

        if (_title.Length > 0)
            Text(svg, frame.Left, 20, _title, style: "title");
        if (_xLabel.Length > 0)
            Text(svg, frame.Left + (frame.Width / 2), Height - 8, _xLabel, "middle");
        if (_yLabel.Length > 0)
            Text(svg, 0, 0, _yLabel, "middle", extra: $" transform=\"translate(16 {frame.Top + (frame.Height / 2):0.#}) rotate(-90)\"");
        DrawGrid(svg, frame, bars, slanted);

        int barSeries = _series.Count(series => series.Mark == PlotMark.Bars);
        int bar = 0;
        for (int i = 0; i < _series.Count; i++)
        {
            if (_series[i].Mark == PlotMark.Bars)
                _series[i].DrawBars(svg, frame, Color(_series[i].Color), bar++, barSeries, LogY);
            else
                _series[i].DrawCurve(svg, frame, Color(_series[i].Color));
        }

        PlotLabels beside = new(frame, _series);
        foreach (PlotSeries series in _series)
            beside.Draw(svg, series);
        foreach ((double y, string label) in _references)
        {
            double at = frame.Y(y);
            if (double.IsNaN(at))
                continue;
            svg.Append($"<path class=\"axis\" stroke-dasharray=\"4 3\" d=\"M{frame.Left:0.#} {at:0.#}h{frame.Width:0.#}\"/>\n");
            Text(svg, frame.Left + frame.Width - 4, at - 4, label, "end");
        }
    }

    internal static string Color(int index) => s_colors[index % s_colors.Length];

    private static double Widest(IEnumerable<(double At, string Label)> ticks) => ticks.Select(tick => TextWidth(tick.Label)).DefaultIfEmpty(0).Max();

    private static double[] Indices(int length) => [.. Enumerable.Range(0, length).Select(i => (double)i)];

    private SvgPlot Add(string name, ReadOnlySpan<double> x, ReadOnlySpan<double> y, ReadOnlySpan<double> halfWidth, PlotMark mark, IReadOnlyList<string>? labels = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (x.Length != y.Length)
            throw new ArgumentException($"{x.Length} positions for {y.Length} values.", nameof(y));
        int color = _series.Count == 0 ? 0 : _series[^1].Color + (mark == PlotMark.Dots && name.Length == 0 ? 0 : 1);
        _series.Add(new PlotSeries(name, x.ToArray(), y.ToArray(), halfWidth.ToArray(), mark) { Color = color, Labels = [.. labels ?? []] });
        return this;
    }

    /// <summary>Draws the names under the title, in as many lines as they need, and returns their height.</summary>
    private double DrawLegend(StringBuilder svg, double left)
    {
        double x = left, y = _title.Length > 0 ? 40 : 18;
        int named = _series.Count(series => series.Name.Length > 0);
        if (named == 0)
            return 0;
        double first = y;
        for (int i = 0; i < _series.Count; i++)
        {
            string name = _series[i].Name;
            if (name.Length == 0)
                continue;
            double width = 22 + TextWidth(name) + 10;
            if (x > left && x + width > Width)
                (x, y) = (left, y + 18);
            string dash = _series[i].Mark == PlotMark.Dashes ? " stroke-dasharray=\"5 3\"" : "";
            svg.Append($"<path d=\"M{x:0.#} {y - 4:0.#}h16\" stroke=\"{Color(_series[i].Color)}\" stroke-width=\"{(_series[i].Mark is PlotMark.Bars or PlotMark.Dots ? 8 : 2.5)}\"{dash}/>\n");
            Text(svg, x + 22, y, name);
            x += width;
        }

        return y - first + 20;
    }

    private void DrawGrid(StringBuilder svg, PlotFrame frame, bool bars, bool slanted)
    {
        foreach ((double at, string label) in frame.Vertical.Ticks(6))
        {
            double y = frame.Y(at);
            svg.Append($"<path class=\"grid\" d=\"M{frame.Left:0.#} {y:0.#}h{frame.Width:0.#}\"/>\n");
            Text(svg, frame.Left - 6, y + 4, label, "end");
        }

        double bottom = frame.Top + frame.Height;
        if (bars)
        {
            // Too many categories to name: every so many. Slanted lines of text are half as far from each other as their ends.
            double room = slanted ? 24 : _categories!.Max(TextWidth) + 8;
            int every = 1 + (int)(room * _categories!.Count / frame.Width);
            for (int i = 0; i < _categories!.Count; i += every)
            {
                double x = frame.X(i);
                if (slanted)
                    Text(svg, 0, 0, _categories[i], "end", extra: $" transform=\"translate({x + 4:0.#} {bottom + 14:0.#}) rotate(-27)\"");
                else
                    Text(svg, x, bottom + 16, _categories[i], "middle");
            }
        }
        else
        {
            // Fewer where their labels are long.
            double room = Math.Max(70, Widest(frame.Horizontal.Ticks((int)Math.Clamp(frame.Width / 70, 2, 10))) + 8);
            foreach ((double at, string label) in frame.Horizontal.Ticks((int)Math.Clamp(frame.Width / room, 2, 10)))
            {
                double x = frame.X(at);
                svg.Append($"<path class=\"grid\" d=\"M{x:0.#} {frame.Top:0.#}v{frame.Height:0.#}\"/>\n");
                Text(svg, x, bottom + 16, label, "middle");
            }
        }

        svg.Append($"<path class=\"axis\" d=\"M{frame.Left:0.#} {frame.Top:0.#}V{bottom:0.#}h{frame.Width:0.#}\"/>\n");
    }
}
