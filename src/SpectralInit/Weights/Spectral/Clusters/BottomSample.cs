using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>A uniform sample of a stream in one pass: the rows with the smallest random keys, a key being a function of seed and row number alone.</summary>
internal static class BottomSample
{
    private const int Block = 1024;

    /// <summary>At most <paramref name="limit"/> rows, in the order of the source.</summary>
    public static double[] Take(IRowSource source, int limit, ulong seed, CancellationToken cancellationToken)
    {
        int d = source.Columns;
        PriorityQueue<(long Row, double[] Values), (double Key, long Row)> kept = new(Comparer<(double Key, long Row)>.Create((a, b) => b.CompareTo(a)));
        double[] rows = new double[RowBuffer.BlockLength(d, Block)], keys = new double[Block];
        long first = 0;
        using IRowReader reader = source.Begin();
        for (int read = reader.Next<double>(rows, d); read > 0; first += read, read = reader.Next<double>(rows, d))
        {
            cancellationToken.ThrowIfCancellationRequested();
            RandomFill.Uniform(keys.AsSpan(0, read), 0, 1, Seeds.Derive(seed, "sample"), offset: first);
            for (int i = 0; i < read; i++)
            {
                (double, long) key = (keys[i], first + i);
                if (kept.Count < limit)
                {
                    kept.Enqueue((first + i, rows.AsSpan(i * d, d).ToArray()), key);
                    continue;
                }

                kept.TryPeek(out (long Row, double[] Values) largest, out (double Key, long Row) largestKey);
                if (key.CompareTo(largestKey) >= 0)
                    continue;
                rows.AsSpan(i * d, d).CopyTo(largest.Values);
                kept.EnqueueDequeue((first + i, largest.Values), key);
            }
        }

        source.CheckEnd(first);
        return [.. kept.UnorderedItems.Select(item => item.Element).OrderBy(item => item.Row).SelectMany(item => item.Values)];
    }
}
