using System.Text;

namespace SpectralInit;

/// <summary>Writes labels beside dots: right, left, above or below, whichever is free first, and further off, with a line to the dot, where none is.</summary>
internal sealed class PlotLabels
{
    private const double Gap = 6, Height = 13, Descent = 3;
    private const int Rounds = 8, FirstRound = 6;

    private readonly PlotFrame _frame;
    private readonly List<Place> _taken = [];

    public PlotLabels(PlotFrame frame, IEnumerable<PlotSeries> series)
    {
        _frame = frame;
        foreach (PlotSeries dots in series.Where(one => one.Mark == PlotMark.Dots))
        {
            for (int i = 0; i < dots.X.Length; i++)
                _taken.Add(new(frame.X(dots.X[i]) - 3, frame.Y(dots.Values[i]) - 3, frame.X(dots.X[i]) + 3, frame.Y(dots.Values[i]) + 3));
        }
    }

    public void Draw(StringBuilder svg, PlotSeries series)
    {
        for (int i = 0; i < series.Labels.Count; i++)
        {
            double x = _frame.X(series.X[i]), y = _frame.Y(series.Values[i]);
            if (!double.IsNaN(x) && !double.IsNaN(y))
                Draw(svg, x, y, series.Labels[i]);
        }
    }

    private void Draw(StringBuilder svg, double x, double y, string label)
    {
        double width = SvgPicture.TextWidth(label);
        Place[] places = [.. Enumerable.Range(0, Rounds).SelectMany(round => Around(x, y, width, round))];
        int free = Array.FindIndex(places, place => Contains(place) && !_taken.Any(place.Overlaps)), chosen = free >= 0 ? free : Math.Max(0, Array.FindIndex(places, Contains));
        Place at = places[chosen];
        _taken.Add(at);
        if (chosen >= FirstRound)
            svg.Append($"<path class=\"grid\" d=\"M{x:0.#} {y:0.#}L{Math.Clamp(x, at.Left, at.Right):0.#} {at.Top + (Height / 2):0.#}\"/>\n");
        SvgPicture.Text(svg, at.Left, at.Bottom - Descent, label);
    }

    /// <summary>Right, left, above and below; in later rounds lines of text further up and down.</summary>
    private static IEnumerable<Place> Around(double x, double y, double width, int round)
    {
        foreach (int side in (int[])[-1, 1])
        {
            double middle = y + (side * round * Height), next = y + (side * (Gap + (Height / 2) + (round * Height)));
            yield return new(x + Gap, middle - (Height / 2), x + Gap + width, middle + (Height / 2));
            yield return new(x - Gap - width, middle - (Height / 2), x - Gap, middle + (Height / 2));
            yield return new(x - (width / 2), next - (Height / 2), x + (width / 2), next + (Height / 2));
        }
    }

    private bool Contains(Place place) =>
        place.Left >= _frame.Left && place.Right <= _frame.Left + _frame.Width && place.Top >= _frame.Top && place.Bottom <= _frame.Top + _frame.Height;

    private readonly record struct Place(double Left, double Top, double Right, double Bottom)
    {
        public bool Overlaps(Place other) => Left < other.Right && other.Left < Right && Top < other.Bottom && other.Top < Bottom;
    }
}
