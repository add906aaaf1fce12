using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace SpectralInit.Kernels;

/// <summary>
/// Products of the columns of short rows, one vector at a time: a vector times itself rotated by k places holds the products of columns k apart. Rotations
/// by up to half the columns give every pair, in registers that are added up lane by lane; nothing is turned, and rows are read once as they lie in memory.
/// </summary>
internal static unsafe class RotatedProducts<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Bytes between what is read and what is fetched meanwhile, where vectors follow each other.</summary>
    private const int Distance = 8192;

    /// <summary>Vectors that are added up in T before their sums go to double: the error grows with it.</summary>
    private static nint Together => sizeof(T) == sizeof(float) ? 32 : 256;

    /// <summary>lanes += the sum of y = x − center, then Σ y∘y, then Σ y∘(y rotated by k places) for k = 1, 2, …: each as many doubles as a vector has lanes.</summary>
    /// <param name="rotations">How many, at most 8.</param>
    /// <param name="x">The first vector.</param>
    /// <param name="step">Values from one vector to the next.</param>
    /// <param name="count">How many vectors.</param>
    /// <param name="center">What is subtracted from each.</param>
    /// <param name="orders">The orders that rotate by 1, 2, … places.</param>
    /// <param name="spread">The order that gives each lane its value first; or null.</param>
    /// <param name="lanes">Running sums.</param>
    public static void Add(int rotations, T* x, nint step, nint count, T* center, T* orders, T* spread, double* lanes)
    {
        if (spread == null)
            Add<InPlace>(rotations, x, step, count, center, orders, null, 0, null, lanes, null, (byte*)x + Distance, step * sizeof(T));
        else
            Add<Spread>(rotations, x, step, count, center, orders, spread, 0, null, lanes, null, (byte*)x + Distance, step * sizeof(T));
    }

    /// <summary>
    /// The same for one vector of longer rows: y is kept for products with others. And tile[r] += Σ first_r·y for the eight (or four) columns that rows begin
    /// with, if any: rotations leave room for their multiply-adds.
    /// </summary>
    /// <param name="rotations">How many, at most 8.</param>
    /// <param name="x">The vector of the first row.</param>
    /// <param name="step">Values from one row to the next.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="center">What is subtracted from each.</param>
    /// <param name="orders">The orders that rotate by 1, 2, … places.</param>
    /// <param name="kept">Where y goes.</param>
    /// <param name="stride">Values from one kept row to the next.</param>
    /// <param name="first">The first columns of the kept rows; or null.</param>
    /// <param name="lanes">Running sums.</param>
    /// <param name="tile">Running sums of the products with the first columns, <paramref name="stride"/> between those of one and of the next.</param>
    /// <param name="ahead">Memory to fetch meanwhile.</param>
    /// <param name="fetch">Bytes of it per row.</param>
    public static void AddAndKeep(int rotations, T* x, nint step, nint count, T* center, T* orders, T* kept, nint stride, T* first, double* lanes, double* tile, byte* ahead, nint fetch)
    {
        if (first == null)
            Add<Kept>(rotations, x, step, count, center, orders, kept, stride, null, lanes, null, ahead, fetch);
        else
            Add<KeptWithFirst>(rotations, x, step, count, center, orders, kept, stride, first, lanes, tile, ahead, fetch);
    }

    private static void Add<TRole>(int rotations, T* x, nint step, nint count, T* center, T* orders, T* other, nint stride, T* first, double* lanes, double* tile, byte* ahead, nint fetch)
        where TRole : struct, IRole
    {
        switch (rotations)
        {
            case 0: Add<NoRotation, TRole>(x, step, count, center, orders, other, stride, first, lanes, tile, ahead, fetch); break;
            case 1: Add<OneRotation, TRole>(x, step, count, center, orders, other, stride, first, lanes, tile, ahead, fetch); break;
            case 2: Add<TwoRotations, TRole>(x, step, count, center, orders, other, stride, first, lanes, tile, ahead, fetch); break;
            case 3: Add<ThreeRotations, TRole>(x, step, count, center, orders, other, stride, first, lanes, tile, ahead, fetch); break;
            case 4: Add<FourRotations, TRole>(x, step, count, center, orders, other, stride, first, lanes, tile, ahead, fetch); break;
            case 5: Add<FiveRotations, TRole>(x, step, count, center, orders, other, stride, first, lanes, tile, ahead, fetch); break;
            case 6: Add<SixRotations, TRole>(x, step, count, center, orders, other, stride, first, lanes, tile, ahead, fetch); break;
            case 7: Add<SevenRotations, TRole>(x, step, count, center, orders, other, stride, first, lanes, tile, ahead, fetch); break;
            default: Add<EightRotations, TRole>(x, step, count, center, orders, other, stride, first, lanes, tile, ahead, fetch); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Add<TRotations, TRole>(T* x, nint step, nint count, T* center, T* orders, T* other, nint stride, T* first, double* lanes, double* tile, byte* ahead, nint fetch)
        where TRotations : struct, IRotations
        where TRole : struct, IRole
    {
        TVector o1 = TLanes.Zero, o2 = TLanes.Zero, o3 = TLanes.Zero, o4 = TLanes.Zero, o5 = TLanes.Zero, o6 = TLanes.Zero, o7 = TLanes.Zero, o8 = TLanes.Zero;
        TVector c = TLanes.Load(center), spread = TRole.Spreads ? TLanes.Load(other) : TLanes.Zero;
        if (TRotations.Count >= 1)
            o1 = TLanes.Load(orders);
        if (TRotations.Count >= 2)
            o2 = TLanes.Load(orders + TLanes.Count);
        if (TRotations.Count >= 3)
            o3 = TLanes.Load(orders + (2 * TLanes.Count));
        if (TRotations.Count >= 4)
            o4 = TLanes.Load(orders + (3 * TLanes.Count));
        if (TRotations.Count >= 5)
            o5 = TLanes.Load(orders + (4 * TLanes.Count));
        if (TRotations.Count >= 6)
            o6 = TLanes.Load(orders + (5 * TLanes.Count));
        if (TRotations.Count >= 7)
            o7 = TLanes.Load(orders + (6 * TLanes.Count));
        if (TRotations.Count >= 8)
            o8 = TLanes.Load(orders + (7 * TLanes.Count));

        nint together = TRole.Keeps ? count : Together;
        for (; count > 0; count -= together)
        {
            TVector s = TLanes.Zero, a0 = TLanes.Zero, a1 = TLanes.Zero, a2 = TLanes.Zero, a3 = TLanes.Zero, a4 = TLanes.Zero, a5 = TLanes.Zero, a6 = TLanes.Zero, a7 = TLanes.Zero, a8 = TLanes.Zero;
            TVector b0 = TLanes.Zero, b1 = TLanes.Zero, b2 = TLanes.Zero, b3 = TLanes.Zero, b4 = TLanes.Zero, b5 = TLanes.Zero, b6 = TLanes.Zero, b7 = TLanes.Zero;
            for (nint left = Math.Min(count, together); left > 0; left--)
            {
                if (Sse.IsSupported)
                {
                    Sse.Prefetch1(ahead);
                    ahead += fetch;
                }

                TVector y = TLanes.Load(x);
                if (TRole.Spreads)
                    y = TLanes.Permute(y, spread);
                y = TLanes.Subtract(y, c);
                if (TRole.Keeps)
                    TLanes.Store(other, y);
                s = TLanes.Add(s, y);
                a0 = TLanes.MultiplyAdd(y, y, a0);
                if (TRotations.Count >= 1)
                    a1 = TLanes.MultiplyAdd(y, TLanes.Permute(y, o1), a1);
                if (TRotations.Count >= 2)
                    a2 = TLanes.MultiplyAdd(y, TLanes.Permute(y, o2), a2);
                if (TRotations.Count >= 3)
                    a3 = TLanes.MultiplyAdd(y, TLanes.Permute(y, o3), a3);
                if (TRotations.Count >= 4)
                    a4 = TLanes.MultiplyAdd(y, TLanes.Permute(y, o4), a4);
                if (TRotations.Count >= 5)
                    a5 = TLanes.MultiplyAdd(y, TLanes.Permute(y, o5), a5);
                if (TRotations.Count >= 6)
                    a6 = TLanes.MultiplyAdd(y, TLanes.Permute(y, o6), a6);
                if (TRotations.Count >= 7)
                    a7 = TLanes.MultiplyAdd(y, TLanes.Permute(y, o7), a7);
                if (TRotations.Count >= 8)
                    a8 = TLanes.MultiplyAdd(y, TLanes.Permute(y, o8), a8);
                if (TRole.TakesFirst)
                {
                    b0 = TLanes.MultiplyAdd(TLanes.Broadcast(first[0]), y, b0);
                    b1 = TLanes.MultiplyAdd(TLanes.Broadcast(first[1]), y, b1);
                    b2 = TLanes.MultiplyAdd(TLanes.Broadcast(first[2]), y, b2);
                    b3 = TLanes.MultiplyAdd(TLanes.Broadcast(first[3]), y, b3);
                    if (TLanes.TileRows > 4)
                    {
                        b4 = TLanes.MultiplyAdd(TLanes.Broadcast(first[4]), y, b4);
                        b5 = TLanes.MultiplyAdd(TLanes.Broadcast(first[5]), y, b5);
                        b6 = TLanes.MultiplyAdd(TLanes.Broadcast(first[6]), y, b6);
                        b7 = TLanes.MultiplyAdd(TLanes.Broadcast(first[7]), y, b7);
                    }

                    first += stride;
                }

                x += step;
                if (TRole.Keeps)
                    other += stride;
            }

            TLanes.AddTo(lanes, s);
            TLanes.AddTo(lanes + TLanes.Count, a0);
            if (TRotations.Count >= 1)
                TLanes.AddTo(lanes + (2 * TLanes.Count), a1);
            if (TRotations.Count >= 2)
                TLanes.AddTo(lanes + (3 * TLanes.Count), a2);
            if (TRotations.Count >= 3)
                TLanes.AddTo(lanes + (4 * TLanes.Count), a3);
            if (TRotations.Count >= 4)
                TLanes.AddTo(lanes + (5 * TLanes.Count), a4);
            if (TRotations.Count >= 5)
                TLanes.AddTo(lanes + (6 * TLanes.Count), a5);
            if (TRotations.Count >= 6)
                TLanes.AddTo(lanes + (7 * TLanes.Count), a6);
            if (TRotations.Count >= 7)
                TLanes.AddTo(lanes + (8 * TLanes.Count), a7);
            if (TRotations.Count >= 8)
                TLanes.AddTo(lanes + (9 * TLanes.Count), a8);
            if (TRole.TakesFirst)
            {
                TLanes.AddTo(tile, b0);
                TLanes.AddTo(tile + stride, b1);
                TLanes.AddTo(tile + (2 * stride), b2);
                TLanes.AddTo(tile + (3 * stride), b3);
                if (TLanes.TileRows > 4)
                {
                    TLanes.AddTo(tile + (4 * stride), b4);
                    TLanes.AddTo(tile + (5 * stride), b5);
                    TLanes.AddTo(tile + (6 * stride), b6);
                    TLanes.AddTo(tile + (7 * stride), b7);
                }
            }
        }
    }

    /// <summary>sum += Σ x·factor, low and high: the extremes so far, lane by lane, each of them a vector after the other.</summary>
    /// <param name="x">The first vector.</param>
    /// <param name="step">Values from one vector to the next.</param>
    /// <param name="count">How many vectors.</param>
    /// <param name="factor">What values are multiplied by, lest their sum overflows.</param>
    /// <param name="spread">The order that gives each lane its value first; or null.</param>
    /// <param name="summary">Running sums and extremes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Summarize(T* x, nint step, nint count, T factor, T* spread, T* summary)
    {
        TVector f = TLanes.Broadcast(factor), sum = TLanes.Load(summary), low = TLanes.Load(summary + TLanes.Count), high = TLanes.Load(summary + (2 * TLanes.Count));
        for (; count > 0; count--, x += step)
        {
            TVector value = TLanes.Load(x);
            if (spread != null)
                value = TLanes.Permute(value, TLanes.Load(spread));
            sum = TLanes.MultiplyAdd(value, f, sum);
            low = TLanes.Min(value, low);
            high = TLanes.Max(value, high);
        }

        TLanes.Store(summary, sum);
        TLanes.Store(summary + TLanes.Count, low);
        TLanes.Store(summary + (2 * TLanes.Count), high);
    }
}
