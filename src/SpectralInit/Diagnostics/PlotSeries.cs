using System.Text;

namespace SpectralInit;

/// <summary>One line, band, cloud of dots or row of bars of a <see cref="SvgPlot"/>.</summary>
internal sealed record PlotSeries(string Name, double[] X, double[] Values, double[] HalfWidth, PlotMark Mark)
{
    private const int MostPoints = 2000;

    /// <summary>Its place in the palette.</summary>
    public required int Color { get; init; }

    /// <summary>Written beside the dots; empty for none.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>What the axis must hold: the values, and those ends of their bands that can be drawn.</summary>
    public IEnumerable<double> Extremes => [.. Values, .. Values.Zip(HalfWidth, (y, half) => y - half), .. Values.Zip(HalfWidth, (y, half) => y + half)];

    public void DrawCurve(StringBuilder svg, PlotFrame frame, string color)
    {
        if (HalfWidth.Length > 0)
            DrawBand(svg, frame, color);
        List<int> shown = Shown();
        if (Mark == PlotMark.Dots)
        {
            foreach (int i in shown.Where(i => !double.IsNaN(frame.X(X[i])) && !double.IsNaN(frame.Y(Values[i]))))
                svg.Append($"<circle cx=\"{frame.X(X[i]):0.##}\" cy=\"{frame.Y(Values[i]):0.##}\" r=\"2.5\" fill=\"{color}\"/>\n");
            return;
        }

        StringBuilder path = new();
        bool broken = true;
        foreach (int i in shown)
        {
            double x = frame.X(X[i]), y = frame.Y(Values[i]);
            if (double.IsNaN(x) || double.IsNaN(y))
            {
                broken = true;
                continue;
            }

            path.Append($"{(broken ? 'M' : 'L')}{x:0.##} {y:0.##}");
            broken = false;
        }

        string dash = Mark == PlotMark.Dashes ? " stroke-dasharray=\"6 4\"" : "";
        svg.Append($"<path d=\"{path}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\" stroke-linejoin=\"round\" stroke-linecap=\"round\"{dash}/>\n");
    }

    public void DrawBars(StringBuilder svg, PlotFrame frame, string color, int index, int count, bool logarithmic)
    {
        double slot = frame.X(1) - frame.X(0);
        double width = Math.Max(0.5, slot * 0.78 / count);
        double zero = logarithmic ? frame.Top + frame.Height : frame.Y(0);
        for (int i = 0; i < Values.Length; i++)
        {
            double y = frame.Y(Values[i]);
            if (double.IsNaN(y))
                continue;
            double x = frame.X(i) + ((index - (count / 2.0)) * width);
            svg.Append($"<rect x=\"{x:0.##}\" y=\"{Math.Min(y, zero):0.##}\" width=\"{width:0.##}\" height=\"{Math.Abs(y - zero):0.##}\" fill=\"{color}\"/>\n");
            if (HalfWidth.Length == 0)
                continue;
            double low = frame.Y(Values[i] - HalfWidth[i]), high = frame.Y(Values[i] + HalfWidth[i]);
            if (!double.IsNaN(low) && !double.IsNaN(high))
                svg.Append($"<path class=\"axis\" d=\"M{x + (width / 2):0.##} {low:0.##}V{high:0.##}\" stroke-width=\"1.5\"/>\n");
        }
    }

    private void DrawBand(StringBuilder svg, PlotFrame frame, string color)
    {
        List<(double X, double Low, double High)> run = [];
        foreach (int i in Shown())
        {
            double x = frame.X(X[i]), high = frame.Y(Values[i] + HalfWidth[i]), low = frame.Y(Values[i] - HalfWidth[i]);
            if (double.IsNaN(x) || double.IsNaN(high))
            {
                Close();
                continue;
            }

            // Below a logarithmic axis the band reaches to its foot.
            run.Add((x, double.IsNaN(low) ? frame.Top + frame.Height : low, high));
        }

        Close();

        void Close()
        {
            if (run.Count > 1)
            {
                string upper = string.Join("L", run.Select(point => $"{point.X:0.##} {point.High:0.##}"));
                string lower = string.Join("L", Enumerable.Reverse(run).Select(point => $"{point.X:0.##} {point.Low:0.##}"));
                svg.Append($"<path d=\"M{upper}L{lower}Z\" fill=\"{color}\" fill-opacity=\"0.18\"/>\n");
            }

            run.Clear();
        }
    }

    private List<int> Shown()
    {
        if (X.Length <= MostPoints)
            return [.. Enumerable.Range(0, X.Length)];
        List<int> shown = [];
        int steps = MostPoints / 2;
        for (int step = 0; step < steps; step++)
        {
            int first = (int)((long)X.Length * step / steps), end = (int)((long)X.Length * (step + 1) / steps);
            int low = first, high = first;
            for (int i = first; i < end; i++)
            {
                low = Values[i] < Values[low] ? i : low;
                high = Values[i] > Values[high] ? i : high;
            }

            shown.Add(Math.Min(low, high));
            if (low != high)
                shown.Add(Math.Max(low, high));
        }

        return shown;
    }
}
