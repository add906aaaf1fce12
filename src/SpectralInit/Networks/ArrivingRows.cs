namespace SpectralInit;

/// <summary>An evenly spaced sample of the rows that arrive at a layer.</summary>
internal static class ArrivingRows
{
    public static (double[] Rows, int Count) Take(IRowSource source, int limit, int layer, CancellationToken cancellationToken, string parameter = "network")
    {
        int d = source.Columns;
        long step = source.RowCount is { } total && total > limit ? (total + limit - 1) / limit : 1;
        List<double> rows = [];
        double[] buffer = new double[RowBuffer.BlockLength(d)];
        using IRowReader reader = source.Begin();
        long seen = 0;
        int count = 0;
        for (int read = reader.Next<double>(buffer, d); read > 0 && count < limit; read = reader.Next<double>(buffer, d))
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int i = 0; i < read && count < limit; i++, seen++)
            {
                if (seen % step != 0)
                    continue;
                rows.AddRange(buffer.AsSpan(i * d, d));
                count++;
            }
        }

        if (count < limit)
            source.CheckEnd(seen);
        if (count == 0)
            throw new ArgumentException($"No rows arrive at layer {layer}.", parameter);
        double[] values = [.. rows];
        int bad = Finite.FirstNot(values);
        if (bad >= 0)
            throw new ArgumentException($"Feature {bad % d} of a row that arrives at layer {layer} is {values[bad]}; check the data and the layers before.", parameter);
        Finite.CheckSquares(values, parameter);
        return (values, count);
    }
}
