namespace SpectralInit.Kernels;

/// <summary>Where the entries of W lie for <see cref="GramProduct"/>, which takes them by tiles of rows and strips of one SIMD width; all in entries.</summary>
/// <param name="Row">From a row to the next of the same tile.</param>
/// <param name="Strip">From a strip to the next of the same row.</param>
/// <param name="Tile">From a tile to the next.</param>
/// <param name="Width">Entries of a row that may be read; beyond the columns, zeros.</param>
internal readonly record struct GramLayout(nint Row, nint Strip, nint Tile, nint Width)
{
    /// <summary>Row after row.</summary>
    /// <param name="columns">Columns.</param>
    /// <param name="lane">Values of a strip.</param>
    /// <param name="tile">Rows of a tile.</param>
    public static GramLayout RowMajor(nint columns, int lane, int tile) => new(columns, lane, tile * columns, columns);

    /// <summary>Tile after tile, in each strip after strip, in that row after row: both halves of the product read in order. The last strip is filled up with zeros.</summary>
    /// <inheritdoc cref="RowMajor"/>
    public static GramLayout Tiled(nint columns, int lane, int tile)
    {
        nint width = (columns + lane - 1) / lane * lane;
        return new(lane, (nint)tile * lane, tile * width, width);
    }
}
