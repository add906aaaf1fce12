using System.Numerics;

namespace SpectralInit;

/// <summary>The flattened matrix of a weight tensor: which stored element is entry (row, column).</summary>
internal static class WeightMatrix
{
    /// <summary>
    /// Writes rows of the flattened matrix into storage order. Columns run over (channel, kernel…), as in [out, in/g, kernel…]; the other
    /// layout stores the same tensor transposed, [kernel…, in/g, out].
    /// </summary>
    /// <param name="row">First row written.</param>
    /// <param name="values">A whole number of rows of <see cref="WeightShape.Columns"/> values.</param>
    /// <param name="shape">A shape whose rows are its outputs.</param>
    /// <param name="weights">The whole destination.</param>
    /// <exception cref="ArgumentException">A value is no number, or overflows T.</exception>
    public static void WriteRows<TSource, T>(int row, ReadOnlySpan<TSource> values, WeightShape shape, Span<T> weights)
        where TSource : unmanaged, IBinaryFloatingPointIeee754<TSource>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int columns = shape.Columns;
        if (shape.Layout == WeightLayout.OutputsFirst)
        {
            WeightGuard.Write(values, weights.Slice(row * columns, values.Length), nameof(weights));
            return;
        }

        WeightGuard.CheckFits<TSource, T>(values);
        int taps = shape.KernelSize, channels = columns / taps, outputs = shape.Rows;
        for (int first = 0; first < values.Length; first += columns, row++)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                for (int tap = 0; tap < taps; tap++)
                    weights[((((tap * channels) + channel)) * outputs) + row] = T.CreateTruncating(values[first + (channel * taps) + tap]);
            }
        }
    }

    /// <summary>
    /// Writes every part of a shape (gates of a recurrent layer, parts of a packed one; one for all others) as the matrix it is. The first part draws with
    /// the seed itself, as a layer of its own would, part i with <c>Seeds.Derive(seed, i)</c>.
    /// </summary>
    /// <param name="shape">A shape whose rows are its outputs.</param>
    /// <param name="weights">The whole destination.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="rows">Makes the rows of a part from their number and a seed.</param>
    /// <exception cref="ArgumentException">A value is no number, or overflows T; nothing is written.</exception>
    public static void WriteParts<T>(WeightShape shape, Span<T> weights, ulong seed, Func<int, ulong, double[]> rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int units = shape.Rows / shape.Blocks;
        double[][] parts = [.. Enumerable.Range(0, shape.Blocks).Select(part => rows(units, part == 0 ? seed : Seeds.Derive(seed, (ulong)part)))];
        foreach (double[] part in parts)
            WeightGuard.CheckFits<double, T>(part);
        for (int part = 0; part < parts.Length; part++)
            WriteRows(part * units, parts[part], shape, weights);
    }

    /// <summary>The stored element that is entry (row, column) of the flattened matrix.</summary>
    public static int IndexOf(WeightShape shape, int row, int column)
    {
        if (shape.Layout == WeightLayout.OutputsFirst)
            return (row * shape.Columns) + column;
        int taps = shape.KernelSize, channels = shape.Columns / taps;
        return ((((column % taps) * channels) + (column / taps)) * shape.Rows) + row;
    }
}
