using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpectralInit.Kernels;

/// <summary>Copies operands into panels: contiguous strips that the tile kernel reads front to back.</summary>
internal static unsafe class Panels
{
    /// <summary>
    /// panel[p·width + i] ← x[i·step + p·stepK] for i &lt; count, and 0 for count ≤ i &lt; width; p = 0 … k−1. One of the two steps is 1.
    /// </summary>
    public static void Pack<T>(T* panel, nint width, T* x, nint count, nint step, nint stepK, nint k)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (step == 1)
            PackRows(panel, width, x, count, stepK, k);
        else
            PackColumns(panel, width, x, count, step, stepK, k);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackRows<T>(T* panel, nint width, T* x, nint count, nint stepK, nint k)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (; k > 0; k--, panel += width, x += stepK)
        {
            nint i = 0;
            for (; i + Vector<T>.Count <= count; i += Vector<T>.Count)
                Vector.Store(Vector.Load(x + i), panel + i);
            for (; i < count; i++)
                panel[i] = x[i];
            for (; i < width; i++)
                panel[i] = T.Zero;
        }
    }

    // Eight streams at a time: more would fall on the same cache sets when the leading dimension is a power of two.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackColumns<T>(T* panel, nint width, T* x, nint count, nint step, nint stepK, nint k)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint i = 0;
        for (; i + 8 <= count; i += 8)
        {
            T* x0 = x + (i * step), x1 = x0 + step, x2 = x1 + step, x3 = x2 + step, x4 = x3 + step, x5 = x4 + step, x6 = x5 + step, x7 = x6 + step;
            T* to = panel + i;
            for (nint p = 0; p < k; p++, to += width)
            {
                nint at = p * stepK;
                to[0] = x0[at];
                to[1] = x1[at];
                to[2] = x2[at];
                to[3] = x3[at];
                to[4] = x4[at];
                to[5] = x5[at];
                to[6] = x6[at];
                to[7] = x7[at];
            }
        }

        for (; i < width; i++)
        {
            T* from = x + (i * step);
            T* to = panel + i;
            for (nint p = 0; p < k; p++, to += width)
                *to = i < count ? from[p * stepK] : T.Zero;
        }
    }
}
