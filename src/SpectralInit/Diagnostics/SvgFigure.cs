using System.Text;

namespace SpectralInit;

/// <summary>Several pictures in a grid.</summary>
[TypeFormatterSource(typeof(DisplayFormatters))]
public sealed class SvgFigure : SvgPicture
{
    private readonly SvgPicture[] _pictures;
    private readonly int _columns;

    /// <summary>Arranges pictures row by row.</summary>
    /// <param name="columns">Pictures per row, ≥ 1.</param>
    /// <param name="pictures">The pictures.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="columns"/> is less than 1.</exception>
    public SvgFigure(int columns, params ReadOnlySpan<SvgPicture> pictures)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        _columns = columns;
        _pictures = pictures.ToArray();
        Width = ColumnWidths().Sum();
        Height = RowHeights().Sum();
    }

    /// <inheritdoc/>
    public override int Width { get; }

    /// <inheritdoc/>
    public override int Height { get; }

    /// <summary>What the figure shows, in words.</summary>
    public override string ToString() => $"SvgFigure of {_pictures.Length} (Save(\"figure.svg\") writes it)";

    internal override void Draw(StringBuilder svg)
    {
        int[] widths = ColumnWidths(), heights = RowHeights();
        for (int i = 0; i < _pictures.Length; i++)
        {
            svg.Append($"<g transform=\"translate({widths.Take(i % _columns).Sum()} {heights.Take(i / _columns).Sum()})\">\n");
            _pictures[i].Draw(svg);
            svg.Append("</g>\n");
        }
    }

    private int[] ColumnWidths() => [.. Enumerable.Range(0, Math.Min(_columns, _pictures.Length)).Select(column => _pictures.Where((_, i) => i % _columns == column).Max(picture => picture.Width))];

    private int[] RowHeights() => [.. _pictures.Chunk(_columns).Select(row => row.Max(picture => picture.Height))];
}
