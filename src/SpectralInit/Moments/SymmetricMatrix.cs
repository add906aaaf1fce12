using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>Full symmetric matrices from upper triangles.</summary>
internal static class SymmetricMatrix
{
    private const int Tile = 64;

    /// <summary>The scatter divided by <paramref name="divisor"/>, every pair written once and mirrored; null where sums of squares have overflowed.</summary>
    public static double[]? Scaled(ScatterState state, double divisor)
    {
        int d = state.Dimension;
        double[] values = GC.AllocateUninitializedArray<double>(d * d);
        int tiles = (d + Tile - 1) / Tile;
        bool[] overflow = new bool[tiles];

        // A part is one band of tiles, the longest first.
        void Band(int band)
        {
            int top = band * Tile, bottom = Math.Min(d, top + Tile);
            // Strip after strip, as the scatter lies.
            for (int left = top, right; left < d; left = right)
            {
                right = left + state.Part(top, left).Length;
                for (int i = top; i < Math.Min(bottom, right); i++)
                {
                    ReadOnlySpan<double> part = state.Part(i, Math.Max(i, left));
                    System.Numerics.Tensors.TensorPrimitives.Divide(part, divisor, values.AsSpan((i * d) + Math.Max(i, left)));
                }
            }

            for (int i = top; i < bottom; i++)
            {
                values[(i * d) + i] = Math.Max(0, values[(i * d) + i]);
                overflow[band] |= !double.IsFinite(values[(i * d) + i]);
            }

            for (int left = top; left < d; left += Tile)
            {
                int right = Math.Min(d, left + Tile);
                Mirror(values, d, top, bottom, left, right);
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

        return overflow.Contains(true) ? null : values;
    }

    /// <summary>Copies the entries above the diagonal in rows top … bottom−1 and columns left … right−1 to their places below it.</summary>
    public static unsafe void Mirror(double[] values, int d, int top, int bottom, int left, int right)
    {
        int i = top;
        if (left > top)
        {
            int whole = (right - left) / Transposition.Side * Transposition.Side;
            fixed (double* v = values)
            {
                for (; i + Transposition.Side <= bottom; i += Transposition.Side)
                {
                    Transposition.Strip(v + ((nint)i * d) + left, d, whole, v + ((nint)left * d) + i, d);
                    Copy(values, d, i, i + Transposition.Side, left + whole, right);
                }
            }
        }

        Copy(values, d, i, bottom, left, right);
    }

    private static void Copy(double[] values, int d, int top, int bottom, int left, int right)
    {
        for (int j = left; j < right; j++)
        {
            for (int i = top; i < Math.Min(j, bottom); i++)
                values[(j * d) + i] = values[(i * d) + j];
        }
    }
}
