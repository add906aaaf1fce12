using System.Numerics;

namespace SpectralInit;

/// <summary>Makes row sources of what you have.</summary>
public static class RowSource
{
    /// <summary>Rows stored one after the other. No copy is made; do not change the memory while it is read.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="values">n·d values, row-major.</param>
    /// <param name="columns">Features per row, d ≥ 1.</param>
    /// <exception cref="ArgumentException">The length is not a multiple of <paramref name="columns"/>.</exception>
    public static IRowSource From<T>(ReadOnlyMemory<T> values, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new MemoryRowSource<T>(values, columns);

    /// <inheritdoc cref="From{T}(ReadOnlyMemory{T}, int)"/>
    public static IRowSource From<T>(T[] values, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(values);
        return new MemoryRowSource<T>(values, columns);
    }
}
