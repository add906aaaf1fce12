namespace SpectralInit;

/// <summary>One pass over the rows of an <see cref="IRowSource"/>. Not thread-safe.</summary>
public interface IRowReader : IDisposable
{
    /// <summary>Reads the next rows, row-major, as double.</summary>
    /// <param name="rows">A whole number of rows; filled from the front.</param>
    /// <returns>The number of <em>rows</em> read; 0 only at the end.</returns>
    int Read(Span<double> rows);

    /// <summary>Reads the next rows, row-major, as float. Where <see cref="IRowSource.IsSingle"/> is false, values are rounded.</summary>
    /// <param name="rows">A whole number of rows; filled from the front.</param>
    /// <returns>The number of <em>rows</em> read; 0 only at the end.</returns>
    int Read(Span<float> rows);
}
