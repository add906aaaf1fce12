using System.Numerics;
using System.Numerics.Tensors;

namespace SpectralInit.Kernels;

/// <summary>V and Z of Z ← V·WᵀW as strips of one SIMD width, the vectors of a strip side by side: read in order, and free of rows that share cache sets.</summary>
internal static unsafe class GramStrips
{
    private const int StripsPerPart = 32;

    /// <summary>Cuts row vectors into strips; what lies beyond the last column becomes zero.</summary>
    /// <param name="v">vectors×columns.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="vectors">Rows of V.</param>
    /// <param name="strips">Strips, at least as many as the columns need.</param>
    /// <param name="lane">Values in a strip of one vector.</param>
    /// <param name="target">strips×vectors×lane, overwritten.</param>
    /// <typeparam name="TVectors">Type of V.</typeparam>
    /// <typeparam name="T">Type of the arithmetic.</typeparam>
    public static void Cut<TVectors, T>(TVectors* v, nint columns, int vectors, nint strips, int lane, T* target)
        where TVectors : unmanaged, IBinaryFloatingPointIeee754<TVectors>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => ForEachPart(strips, (first, last) =>
        {
            for (nint strip = first; strip < last; strip++)
            {
                int width = Width(strip, lane, columns);
                for (int i = 0; i < vectors; i++)
                {
                    Span<T> values = new(target + (((strip * vectors) + i) * lane), lane);
                    TensorPrimitives.ConvertTruncating(new ReadOnlySpan<TVectors>(v + (i * columns) + (strip * lane), width), values);
                    values[width..].Clear();
                }
            }
        });

    /// <summary>Row vectors ← the sum of the slabs, added up in their order.</summary>
    /// <param name="sums">slabs×strips×vectors×lane; the first slab is overwritten.</param>
    /// <param name="slabs">Slabs, ≥ 1.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="vectors">Rows of Z.</param>
    /// <param name="strips">Strips.</param>
    /// <param name="lane">Values in a strip of one vector.</param>
    /// <param name="z">Z, vectors×columns, overwritten.</param>
    /// <typeparam name="T">Type of the arithmetic.</typeparam>
    /// <typeparam name="TVectors">Type of Z.</typeparam>
    public static void Join<T, TVectors>(T* sums, int slabs, nint columns, int vectors, nint strips, int lane, TVectors* z)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TVectors : unmanaged, IBinaryFloatingPointIeee754<TVectors> => ForEachPart(strips, (first, last) =>
        {
            int size = vectors * lane;
            Span<T> sum = new(sums + (first * size), (int)(last - first) * size);
            for (int slab = 1; slab < slabs; slab++)
                TensorPrimitives.Add(sum, new ReadOnlySpan<T>(sums + (((slab * strips) + first) * size), sum.Length), sum);
            for (nint strip = first; strip < last; strip++)
            {
                int width = Width(strip, lane, columns);
                for (int i = 0; i < vectors; i++)
                    TensorPrimitives.ConvertTruncating(new ReadOnlySpan<T>(sums + (((strip * vectors) + i) * lane), width), new Span<TVectors>(z + (i * columns) + (strip * lane), width));
            }
        });

    private static int Width(nint strip, int lane, nint columns) => (int)Math.Clamp(columns - (strip * lane), 0, lane);

    private static void ForEachPart(nint strips, Action<nint, nint> body)
    {
        int parts = (int)((strips + StripsPerPart - 1) / StripsPerPart);
        Parallelism.Run(parts, part => body((nint)part * StripsPerPart, Math.Min(((nint)part + 1) * StripsPerPart, strips)));
    }
}
