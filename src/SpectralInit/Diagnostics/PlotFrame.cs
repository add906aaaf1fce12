namespace SpectralInit;

/// <summary>The rectangle inside the axes.</summary>
internal sealed record PlotFrame(double Left, double Top, double Width, double Height, PlotAxis Horizontal, PlotAxis Vertical)
{
    public double X(double value) => Left + (Horizontal.Position(value) * Width);

    public double Y(double value) => Top + ((1 - Vertical.Position(value)) * Height);
}
