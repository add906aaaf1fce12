using System.Numerics;
using System.Runtime.Intrinsics;

namespace SpectralInit.Kernels;

/// <summary>
/// Products of the columns of short rows. Rows no longer than a vector are read where they lie, several to a vector if they are half as long. Longer ones
/// are cut into vectors, the first of which overlaps the second: <see cref="RotatedProducts{TLanes, TVector, T}"/> takes the products within each, and
/// tiles of <see cref="ProductTile{TLanes, TVector, T}"/> those of every vector with the columns of the vectors before it.
/// </summary>
internal abstract unsafe class ShortRowProducts<T>(int d) : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Columns.</summary>
    protected int Columns => d;

    /// <summary>For rows of d columns, with the widest vectors there are.</summary>
    public static ShortRowProducts<T> Of(int d) => Lane.Width switch
    {
        8 => new ShortRowProducts<Lanes512<T>, Vector512<T>, T>(d),
        4 => new ShortRowProducts<Lanes256<T>, Vector256<T>, T>(d),
        2 => new ShortRowProducts<Lanes128<T>, Vector128<T>, T>(d),
        _ => new ShortRowProducts<LanesScalar<T>, T, T>(d),
    };

    /// <summary>
    /// products ← Σ(x−center)(x−center)ᵀ, upper triangle with <see cref="Lane.Pad"/>(d) values between rows, what is left of the diagonal undefined;
    /// sums ← Σ(x−center), and zeros up to <see cref="Lane.Pad"/>(d).
    /// </summary>
    public abstract void Multiply(T* x, int rows, T* center, double* products, double* sums);

    /// <summary>The mean of every column, only as exact as T, and its extremes. A mean that is not finite tells of values that are not.</summary>
    public abstract void Summarize(T* x, int rows, double* means, double* low, double* high);

    public abstract void Dispose();
}
