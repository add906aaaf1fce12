using System.Numerics;
using System.Numerics.Tensors;

namespace SpectralInit.Kernels;

/// <summary>
/// Random matrices with orthonormal columns, uniform in Haar's measure. The QR factors of a Gaussian matrix give one when R's diagonal is positive (Mezzadri,
/// "How to generate random matrices from the classical compact groups", 2007); the reflectors of that factorization are themselves those of independent Gaussian
/// vectors of shrinking length (Stewart, "The efficient generation of random orthogonal matrices", 1980), so they are drawn directly and nothing is factored.
/// </summary>
internal static unsafe class HaarMatrix
{
    /// <summary>Q ← scale × m×n (m ≥ n, row-major, contiguous) with orthonormal columns. Reflector k is drawn from elements k·m + k … k·m + m − 1 of the normal stream.</summary>
    public static void Fill<T>(T* q, int m, int n, T scale, ulong seed, ulong stream)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (n == 0)
            return;
        using Scratch<T> reflectors = Scratch.Rent<T>((long)n * m), taus = Scratch.Rent<T>(n), signs = Scratch.Rent<T>(n);
        T* v = reflectors.Pointer, tau = taus.Pointer, sign = signs.Pointer;
        int rows = RowsPerPart(m), parts = (n + rows - 1) / rows;
        Parallelism.Run(parts, part =>
        {
            for (int k = part * rows; k < Math.Min(n, (part + 1) * rows); k++)
            {
                T* row = v + ((long)k * m);
                new Span<T>(row, k).Clear();
                RandomFill.Normal(new Span<T>(row + k, m - k), 0, 1, seed, stream, ((long)k * m) + k);
                sign[k] = T.CopySign(scale, Householder.Reflect(row + k, m - k, out tau[k]));
            }
        });
        Householder.FormQ(v, tau, m, n, m, q, n);
        rows = RowsPerPart(n);
        Parallelism.Run((m + rows - 1) / rows, part =>
        {
            for (int i = part * rows; i < Math.Min(m, (part + 1) * rows); i++)
            {
                Span<T> row = new(q + ((long)i * n), n);
                TensorPrimitives.Multiply(row, new ReadOnlySpan<T>(sign, n), row);
            }
        });
    }

    /// <summary>destination (n×m) ← source (m×n) transposed, both row-major and contiguous.</summary>
    public static void Transpose<T>(T* source, int m, int n, T* destination)
        where T : unmanaged
    {
        const int Tile = 16;
        int strip = Math.Max(Tile, RowsPerPart(m) / Tile * Tile);
        Parallelism.Run((n + strip - 1) / strip, part =>
        {
            int last = Math.Min(n, (part + 1) * strip);
            for (int j0 = part * strip; j0 < last; j0 += Tile)
            {
                int j1 = Math.Min(last, j0 + Tile);
                for (int i0 = 0; i0 < m; i0 += Tile)
                {
                    int i1 = Math.Min(m, i0 + Tile);
                    for (int j = j0; j < j1; j++)
                    {
                        T* to = destination + ((long)j * m);
                        T* from = source + j;
                        for (int i = i0; i < i1; i++)
                            to[i] = from[(long)i * n];
                    }
                }
            }
        });
    }

    private static int RowsPerPart(int length) => Math.Max(1, 65536 / Math.Max(1, length));
}
