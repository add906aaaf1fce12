using System.Text;

namespace SpectralInit;

/// <summary>A picture drawn as SVG, without dependencies; legible on light and on dark backgrounds.</summary>
public abstract class SvgPicture
{
    /// <summary>Width in pixels.</summary>
    public abstract int Width { get; }

    /// <summary>Height in pixels.</summary>
    public abstract int Height { get; }

    /// <summary>The picture as a complete SVG document. The same input gives the same text.</summary>
    public string ToSvg() => InvariantText.Of(Write);

    /// <summary>Writes the SVG document to a file.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    public void Save(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        File.WriteAllText(path, ToSvg());
    }

    /// <summary>Appends the elements of the picture, in a coordinate system of <see cref="Width"/> × <see cref="Height"/>.</summary>
    internal abstract void Draw(StringBuilder svg);

    /// <summary>Text for SVG and HTML; characters that XML does not know become U+FFFD.</summary>
    internal static string Escape(string text)
    {
        StringBuilder escaped = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                < ' ' and not ('\t' or '\n' or '\r') or 0xFFFE or 0xFFFF => escaped.Append('\uFFFD'),
                _ => escaped.Append(rune.ToString()),
            };
        }

        return escaped.ToString();
    }

    internal static void Text(StringBuilder svg, double x, double y, string text, string anchor = "start", string style = "ink", string extra = "") =>
        svg.Append($"<text x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\" class=\"{style}\"{extra}>{Escape(text)}</text>\n");

    /// <summary>An estimate, a little generous, of the width of 12-pixel text.</summary>
    internal static double TextWidth(string text) => 7 * text.Length;

    private string Write()
    {
        StringBuilder svg = new();
        svg.Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{Height}\" viewBox=\"0 0 {Width} {Height}\" font-family=\"system-ui, Segoe UI, Helvetica, Arial, sans-serif\" font-size=\"12\">\n");
        // Gray #707070 has a contrast of about 4.5 to white and to black; where the viewer tells its scheme, ink fits it better still.
        svg.Append("<style>.ink{fill:#707070}.title{fill:#606060;font-size:14px;font-weight:600}.grid{stroke:#808080;stroke-opacity:.22;fill:none}.axis{stroke:#808080;fill:none}");
        svg.Append("@media(prefers-color-scheme:dark){.ink{fill:#a8a8a8}.title{fill:#c8c8c8}}</style>\n");
        Draw(svg);
        return svg.Append("</svg>\n").ToString();
    }
}
