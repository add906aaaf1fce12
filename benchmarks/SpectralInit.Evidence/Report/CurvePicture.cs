using System.Globalization;
using System.Text;

namespace SpectralInit.Evidence;

/// <summary>Learning curves with bands of one standard error, as SVG.</summary>
internal static class CurvePicture
{
    private const int Width = 760, Height = 400, Left = 56, Right = 190, Top = 34, Bottom = 44, MostCurves = 8;

    // Okabe and Ito's palette, told apart by color-blind readers too; He is black.
    private static readonly string[] s_colors = ["#000000", "#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#999999"];

    /// <summary>He and the given initializers; without names, He and those that gain and lose most.</summary>
    public static string Svg(RegimeResult regime, IReadOnlyList<string>? names = null)
    {
        CandidateResult[] shown = Choose(regime, names);
        int epochs = shown[0].Mean.Length - 1;
        double low = shown.Min(result => result.Mean.Zip(result.Error, (mean, error) => mean - error).Min()), high = shown.Max(result => result.Mean.Zip(result.Error, (mean, error) => mean + error).Max());
        double step = NiceStep((high - low) / 5);
        (low, high) = (Math.Floor(low / step) * step, Math.Ceiling(high / step) * step);
        string X(double epoch) => Number(Left + (epoch / Math.Max(1, epochs) * (Width - Left - Right)));
        string Y(double score) => Number(Top + ((high - score) / Math.Max(1e-9, high - low) * (Height - Top - Bottom)));

        StringBuilder svg = new();
        svg.AppendLine($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="sans-serif" font-size="12">""");
        svg.AppendLine($"""<rect width="{Width}" height="{Height}" fill="#ffffff"/>""");
        svg.AppendLine($"""<text x="{Left}" y="20" font-size="14">{Escape(regime.DataSet)}, n = {regime.TrainRows}: {Escape(regime.Network)}</text>""");
        for (double tick = low; tick <= high + (step / 2); tick += step)
        {
            svg.AppendLine($"""<line x1="{Left}" x2="{Width - Right}" y1="{Y(tick)}" y2="{Y(tick)}" stroke="#dddddd"/>""");
            svg.AppendLine($"""<text x="{Left - 6}" y="{Y(tick)}" dy="4" text-anchor="end">{Number(tick)}</text>""");
        }

        double epochStep = Math.Max(1, NiceStep(epochs / 6.0));
        for (double epoch = 0; epoch <= epochs; epoch += epochStep)
            svg.AppendLine($"""<text x="{X(epoch)}" y="{Height - Bottom + 18}" text-anchor="middle">{Number(epoch)}</text>""");
        svg.AppendLine($"""<text x="{Number((Left + Width - Right) / 2.0)}" y="{Height - 8}" text-anchor="middle">epoch</text>""");
        svg.AppendLine($"""<text transform="translate(14,{(Height - Bottom + Top) / 2}) rotate(-90)" text-anchor="middle">test score, percent</text>""");
        svg.AppendLine($"""<line x1="{Left}" x2="{Width - Right}" y1="{Y(regime.ReferenceBest)}" y2="{Y(regime.ReferenceBest)}" stroke="#000000" stroke-dasharray="2 4"/>""");
        for (int i = shown.Length - 1; i >= 0; i--)
        {
            CandidateResult result = shown[i];
            IEnumerable<int> all = Enumerable.Range(0, epochs + 1);
            string band = string.Join(' ', all.Select(e => $"{X(e)},{Y(result.Mean[e] + result.Error[e])}").Concat(all.Reverse().Select(e => $"{X(e)},{Y(result.Mean[e] - result.Error[e])}")));
            string line = string.Join(' ', all.Select(e => $"{X(e)},{Y(result.Mean[e])}"));
            svg.AppendLine($"""<polygon points="{band}" fill="{s_colors[i]}" fill-opacity="0.15"/>""");
            svg.AppendLine($"""<polyline points="{line}" fill="none" stroke="{s_colors[i]}" stroke-width="1.8"/>""");
            int y = Top + 10 + (20 * i);
            svg.AppendLine($"""<line x1="{Width - Right + 12}" x2="{Width - Right + 32}" y1="{y}" y2="{y}" stroke="{s_colors[i]}" stroke-width="3"/><text x="{Width - Right + 38}" y="{y + 4}">{Escape(result.Name)}</text>""");
        }

        return svg.AppendLine("</svg>").ToString();
    }

    private static CandidateResult[] Choose(RegimeResult regime, IReadOnlyList<string>? names)
    {
        CandidateResult he = regime.Results.First(result => result.Name == Candidate.Reference);
        CandidateResult[] others = [.. regime.Results.Where(result => result != he && (names is null || names.Contains(result.Name)))];
        if (others.Length >= MostCurves)
        {
            CandidateResult[] ranked = [.. others.OrderByDescending(result => result.Gain)];
            others = [.. ranked[..(MostCurves - 3)], .. ranked[^2..]];
        }

        return [he, .. others];
    }

    // 1, 2 or 5 times a power of ten.
    private static double NiceStep(double raw)
    {
        if (!(raw > 0))
            return 1;
        double power = Math.Pow(10, Math.Floor(Math.Log10(raw))), scaled = raw / power;
        return power * (scaled <= 1 ? 1 : scaled <= 2 ? 2 : scaled <= 5 ? 5 : 10);
    }

    private static string Number(double value) => Math.Round(value, 2).ToString("0.##", CultureInfo.InvariantCulture);

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
