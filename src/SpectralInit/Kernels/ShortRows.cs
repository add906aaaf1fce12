using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SpectralInit.Kernels;

/// <summary>What counts as short rows, and how their products are kept and added up.</summary>
internal static unsafe class ShortRows
{
    /// <summary>True when the products of so many columns are taken by <see cref="ShortRowProducts{T}"/>.</summary>
    public static bool Suit(int d) => d <= 128;

    /// <summary>Rows about one shift: so many that choosing and moving it counts little.</summary>
    public static int ChunkRows(int d) => Math.Max(1024, 16384 / (int)BitOperations.RoundUpToPowerOf2((uint)d));

    /// <summary>scatter += products + a·uuᵀ + b·vvᵀ, upper triangle; what is left of the diagonal is undefined.</summary>
    /// <param name="scatter">The scatter, <see cref="Lane.Pad"/>(d) between rows.</param>
    /// <param name="products">What is added, spaced alike.</param>
    /// <param name="d">Columns.</param>
    /// <param name="u">d values, and zeros up to a multiple of eight.</param>
    /// <param name="a">Its weight.</param>
    /// <param name="v">d values, and zeros up to a multiple of eight.</param>
    /// <param name="b">Its weight.</param>
    public static void Merge(double* scatter, double* products, int d, double* u, double a, double* v, double b)
    {
        switch (Lane.Width)
        {
            case 8: Merge<Lanes512<double>, Vector512<double>>(scatter, products, d, u, a, v, b); break;
            case 4: Merge<Lanes256<double>, Vector256<double>>(scatter, products, d, u, a, v, b); break;
            case 2: Merge<Lanes128<double>, Vector128<double>>(scatter, products, d, u, a, v, b); break;
            default: Merge<LanesScalar<double>, double>(scatter, products, d, u, a, v, b); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Merge<TLanes, TVector>(double* scatter, double* products, nint d, double* u, double a, double* v, double b)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        nint stride = Lane.Pad((int)d);
        for (nint i = 0; i < d; i++, scatter += stride, products += stride)
        {
            TVector ui = TLanes.Broadcast(a * u[i]), vi = TLanes.Broadcast(b * v[i]);
            for (nint j = i & -TLanes.Count; j < d; j += TLanes.Count)
            {
                TVector sum = TLanes.MultiplyAdd(ui, TLanes.Load(u + j), TLanes.MultiplyAdd(vi, TLanes.Load(v + j), TLanes.Load(products + j)));
                TLanes.Store(scatter + j, TLanes.Add(TLanes.Load(scatter + j), sum));
            }
        }
    }
}
