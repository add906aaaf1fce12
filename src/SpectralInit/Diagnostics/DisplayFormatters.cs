namespace SpectralInit;

/// <summary>What a notebook shows: pictures as SVG, reports as tables. Found by convention, see <see cref="TypeFormatterSourceAttribute"/>.</summary>
internal sealed class DisplayFormatters
{
    private readonly Formatter[] _formatters =
    [
        new("text/html", instance => instance switch
        {
            SvgPicture picture => picture.ToSvg(),
            IHtmlReport report => report.ToHtml(),
            _ => null,
        }),
    ];

    /// <summary>Called by the notebook.</summary>
    public IEnumerable<object> CreateTypeFormatters() => _formatters;

    internal sealed class Formatter(string mimeType, Func<object, string?> render)
    {
        public string MimeType { get; } = mimeType;

        public bool Format(object instance, TextWriter writer)
        {
            string? text = render(instance);
            writer.Write(text);
            return text is not null;
        }
    }
}
