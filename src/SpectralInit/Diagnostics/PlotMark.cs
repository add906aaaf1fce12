namespace SpectralInit;

/// <summary>How a <see cref="PlotSeries"/> is drawn.</summary>
internal enum PlotMark
{
    Line,
    Dashes,
    Dots,
    Bars,
}
