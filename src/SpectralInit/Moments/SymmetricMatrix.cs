namespace SpectralInit;

/// <summary>Full symmetric matrices from upper triangles.</summary>
internal static class SymmetricMatrix
{
    private const int Tile = 64;

    /// <summary>The scatter divided by <paramref name="divisor"/>, every pair written once and mirrored.</summary>
    public static double[] Scaled(ScatterState state, double divisor)
    {
        int d = state.Dimension;
        double[] values = GC.AllocateUninitializedArray<double>(d * d);
        int tiles = (d + Tile - 1) / Tile;
        bool[] overflow = new bool[tiles];

        // A part is one band of tiles, the longest first.
        void Band(int band)
        {
            int top = band * Tile, bottom = Math.Min(d, top + Tile);
            for (int i = top; i < bottom; i++)
            {
                ReadOnlySpan<double> row = state.Row(i);
                System.Numerics.Tensors.TensorPrimitives.Divide(row, divisor, values.AsSpan((i * d) + i, d - i));
                values[(i * d) + i] = Math.Max(0, values[(i * d) + i]);
                overflow[band] |= !double.IsFinite(values[(i * d) + i]);
            }

            for (int left = top; left < d; left += Tile)
            {
                int right = Math.Min(d, left + Tile);
                for (int j = left; j < right; j++)
                {
                    for (int i = top; i < Math.Min(j, bottom); i++)
                        values[(j * d) + i] = values[(i * d) + j];
                }
            }
        }

        if (tiles < 4)
        {
            for (int band = 0; band < tiles; band++)
                Band(band);
        }
        else
        {
            Parallelism.Run(tiles, Band);
        }

        return overflow.Contains(true)
            ? throw new InvalidOperationException("The sums of squares overflow double: scale the rows, for example by 1e-150.")
            : values;
    }
}
