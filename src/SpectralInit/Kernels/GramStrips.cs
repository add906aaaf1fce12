using System.Numerics;

namespace SpectralInit.Kernels;

/// <summary>V and Z of Z ← V·WᵀW as strips of one SIMD width, the vectors of a strip side by side: read in order, and free of rows that share cache sets.</summary>
internal static unsafe class GramStrips<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Vectors = GramProduct.Vectors, StripsPerPart = 64;

    /// <summary>Strips that hold so many columns.</summary>
    public static nint Count(nint columns) => (columns + TLanes.Count - 1) / TLanes.Count;

    /// <summary>Cuts row vectors into strips; what lies beyond the last column becomes zero.</summary>
    /// <param name="v">V, 4×columns.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="target">strips×4×lanes, overwritten.</param>
    public static void Cut(double* v, nint columns, T* target) => ForEachPart(Count(columns), (first, last) =>
    {
        int lane = TLanes.Count;
        for (nint strip = first; strip < last; strip++)
        {
            nint width = Math.Min(columns - (strip * lane), lane);
            for (int i = 0; i < Vectors; i++)
            {
                double* source = v + (i * columns) + (strip * lane);
                T* values = target + (((strip * Vectors) + i) * lane);
                if (width == lane)
                {
                    TLanes.Store(values, TLanes.LoadAs(source));
                    continue;
                }

                for (int j = 0; j < lane; j++)
                    values[j] = j < width ? T.CreateTruncating(source[j]) : T.Zero;
            }
        }
    });

    /// <summary>Row vectors ← the sum of the slabs, added up in their order.</summary>
    /// <param name="sums">slabs×strips×4×lanes.</param>
    /// <param name="slabs">Slabs, ≥ 1.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="z">Z, 4×columns, overwritten.</param>
    public static void Join(T* sums, int slabs, nint columns, double* z) => ForEachPart(Count(columns), (first, last) =>
    {
        int lane = TLanes.Count;
        nint size = Count(columns) * Vectors * lane, end = Math.Min(last * lane, columns);
        T* total = stackalloc T[lane];
        for (int i = 0; i < Vectors; i++)
            new Span<double>(z + (i * columns) + (first * lane), (int)(end - (first * lane))).Clear();
        for (nint strip = first; strip < last; strip++)
        {
            for (int i = 0; i < Vectors; i++)
            {
                T* source = sums + (((strip * Vectors) + i) * lane);
                TVector sum = TLanes.Load(source);
                for (int slab = 1; slab < slabs; slab++)
                    sum = TLanes.Add(sum, TLanes.Load(source + (slab * size)));
                double* values = z + (i * columns) + (strip * lane);
                if ((strip + 1) * lane <= columns)
                {
                    TLanes.AddTo(values, sum);
                    continue;
                }

                TLanes.Store(total, sum);
                for (nint j = 0; j < columns - (strip * lane); j++)
                    values[j] = double.CreateTruncating(total[j]);
            }
        }
    });

    private static void ForEachPart(nint strips, Action<nint, nint> body)
    {
        int parts = (int)((strips + StripsPerPart - 1) / StripsPerPart);
        Parallelism.Run(parts, part => body((nint)part * StripsPerPart, Math.Min(((nint)part + 1) * StripsPerPart, strips)));
    }
}
