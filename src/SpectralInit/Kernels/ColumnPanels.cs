using System.Numerics;
using System.Runtime.Intrinsics;

namespace SpectralInit.Kernels;

/// <summary>
/// A chunk of short rows turned into columns: products of columns are sums along them, so every lane of a vector is at work whatever the number of
/// columns. Panels are groups of eight columns (the last has 2, 4, 6 or 8, an odd one being paired with whatever is there): the first vector of each,
/// then the second of each, and so on.
/// </summary>
internal static unsafe class ColumnPanels
{
    /// <summary>Columns per panel.</summary>
    public const int Width = 8;

    /// <summary>True where vectors turn whole blocks of values.</summary>
    private static bool Turns => Lane.Width == 8;

    /// <summary>True when so few columns are worth turning: without AVX-512 it goes value by value.</summary>
    public static bool Suit(int d) => d <= (Turns ? 128 : 12);

    /// <summary>Rows turned at a time: panels stay in the nearest caches, and sums over the lanes of a vector count little.</summary>
    public static int ChunkRows(int d)
    {
        int rows = (d < 4 ? 8192 : 4096) / (int)BitOperations.RoundUpToPowerOf2((uint)d);
        return Math.Max(256, Math.Min(rows, 256 * Lanes<float>() * Fold(d)));
    }

    /// <summary>Very short rows are taken several at a time, as if they were one.</summary>
    public static int Fold(int d) => d < 4 ? Width / d : 1;

    /// <summary>Elements between rows of products: whole tiles.</summary>
    public static int Order(int d) => (d + Width - 1) / Width * Width;

    /// <summary>Values that the panels of a chunk hold, padded.</summary>
    public static long PanelValues<T>(int d)
        where T : unmanaged => (long)(d + (d & 1)) * (ChunkRows(d) + Lanes<T>());

    /// <summary>Values per vector.</summary>
    public static int Lanes<T>()
        where T : unmanaged => Lane.Width > 1 ? Lane.Width * sizeof(double) / sizeof(T) : 1;

    /// <summary>Vectors per column that hold so many values, the last padded.</summary>
    public static nint Steps<T>(int values, int d)
        where T : unmanaged => (values + (d * Lanes<T>()) - 1) / (d * Lanes<T>());

    /// <summary>panels ← the columns of x less <paramref name="center"/>. Returns the vectors per column.</summary>
    /// <param name="x">Rows.</param>
    /// <param name="values">How many values; the last row may be cut short.</param>
    /// <param name="d">Columns.</param>
    /// <param name="center">d values; <see cref="Order"/> are read.</param>
    /// <param name="pad">d values that stand for the rows the last vectors are short of.</param>
    /// <param name="panels">Room for <see cref="PanelValues{T}"/>.</param>
    /// <param name="ahead">Memory of which half is fetched meanwhile, if columns are few.</param>
    public static nint Center<T>(T* x, int values, int d, T* center, T* pad, T* panels, ref FetchAhead ahead)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = d * Lanes<T>(), whole = values / size;
        nint steps = Steps<T>(values, d);

        // Blocks of 16 bytes may end beyond the last row.
        if (whole == steps && Turns && d % (16 / sizeof(T)) != 0)
            whole--;

        // Fetches from memory hold up those from the second cache that turning lives on; products of many columns take long enough for all of them.
        Turn(x, whole, d, center, panels, steps, 0, d < ColumnTurn.ManyColumns ? ahead.Take(ahead.Bytes / 2, (byte*)x) : (byte*)x);
        if (whole < steps)
        {
            int left = values - (whole * size);
            T* tail = stackalloc T[size + 4];
            new ReadOnlySpan<T>(x + ((nint)whole * size), left).CopyTo(new Span<T>(tail, left));
            for (int i = left; i < size; i++)
                tail[i] = pad[i % d];
            Turn(tail, 1, d, center, panels, steps, whole, (byte*)tail);
        }

        return steps;
    }

    /// <summary>Some vectors of each column, from the <paramref name="first"/> of <paramref name="steps"/> on.</summary>
    private static void Turn<T>(T* x, nint count, int d, T* center, T* panels, nint steps, nint first, byte* ahead)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint lanes = Lanes<T>(), whole = d & -Width, size = Width * steps * lanes;
        T* panel = panels + (first * Width * lanes), last = panels + (whole * steps * lanes) + (first * (d - whole + (d & 1)) * lanes);
        if (!Turns)
            TurnEach(x, count, d, center, panel, size, last);
        else if (typeof(T) == typeof(float))
            ColumnTurn.Run((float*)x, count, d, (float*)center, (float*)panel, size, (float*)last, ahead);
        else
            ColumnTurn.Run((double*)x, count, d, (double*)center, (double*)panel, size, (double*)last, ahead);
    }

    // Value by value.
    private static void TurnEach<T>(T* x, nint count, nint d, T* center, T* panels, nint size, T* last)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint lanes = Lanes<T>(), whole = d & -Width, rest = d - whole + (d & 1);
        for (nint step = 0; step < count; step++, x += lanes * d)
        {
            for (nint j = 0; j < d; j++)
            {
                T* target = j < whole ? panels + (j / Width * size) + (((step * Width) + (j % Width)) * lanes) : last + (((step * rest) + (j - whole)) * lanes);
                for (nint lane = 0; lane < lanes; lane++)
                    target[lane] = x[(lane * d) + j] - center[j];
            }
        }
    }

    /// <summary>sums ← Σx·factor, low and high ← the extremes of every column.</summary>
    public static void Summarize<T>(T* panels, nint steps, int d, T factor, T* sums, T* low, T* high)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (Lane.Width)
        {
            case 8: Summarize<Lanes512<T>, Vector512<T>, T>(panels, steps, d, factor, sums, low, high); break;
            case 4: Summarize<Lanes256<T>, Vector256<T>, T>(panels, steps, d, factor, sums, low, high); break;
            case 2: Summarize<Lanes128<T>, Vector128<T>, T>(panels, steps, d, factor, sums, low, high); break;
            default: Summarize<LanesScalar<T>, T, T>(panels, steps, d, factor, sums, low, high); break;
        }
    }

    private static void Summarize<TLanes, TVector, T>(T* panels, nint steps, int d, T factor, T* sums, T* low, T* high)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int lanes = TLanes.Count;
        T* extremes = stackalloc T[2 * lanes];
        for (int j = 0; j < d; j++)
        {
            T* column = Column(panels, steps, d, j, lanes, out nint advance);
            TVector sum = TLanes.Zero, least = TLanes.Load(column), most = least;
            for (nint step = 0; step < steps; step++, column += advance)
            {
                TVector value = TLanes.Load(column);
                sum = TLanes.MultiplyAdd(value, TLanes.Broadcast(factor), sum);
                least = TLanes.Min(value, least);
                most = TLanes.Max(value, most);
            }

            sums[j] = TLanes.Sum(sum);
            TLanes.Store(extremes, least);
            TLanes.Store(extremes + lanes, most);
            (low[j], high[j]) = (extremes[0], extremes[lanes]);
            for (int lane = 1; lane < lanes; lane++)
                (low[j], high[j]) = (T.Min(low[j], extremes[lane]), T.Max(high[j], extremes[lanes + lane]));
        }
    }

    // The first vector of a column, and how far it is to the next.
    private static T* Column<T>(T* panels, nint steps, int d, int column, int lanes, out nint advance)
        where T : unmanaged
    {
        int left = column & -Width, width = Math.Min(Width, d - left);
        advance = (width + (width & 1)) * lanes;
        return panels + (left * steps * lanes) + ((column - left) * lanes);
    }

    /// <summary>True when a column holds nothing but zeros.</summary>
    public static bool IsZero<T>(T* panels, nint steps, int d, int column)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int lanes = Lanes<T>();
        T* values = Column(panels, steps, d, column, lanes, out nint advance);
        for (nint step = 0; step < steps; step++, values += advance)
        {
            if (new ReadOnlySpan<T>(values, lanes).ContainsAnyExcept(T.Zero))
                return false;
        }

        return true;
    }

    /// <summary>
    /// products ← the products of all pairs of columns, upper triangle of a matrix with <see cref="Order"/> between rows, and as much room again as two
    /// rows; what is left of the diagonal is undefined. sums ← the sums of the columns, zero up to <see cref="Order"/>.
    /// </summary>
    public static void Multiply<T>(T* panels, nint steps, int d, double* products, double* sums, FetchAhead ahead)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (Lane.Width)
        {
            case 8: Multiply<Lanes512<T>, Vector512<T>, T>(panels, steps, d, products, sums, ahead); break;
            case 4: Multiply<Lanes256<T>, Vector256<T>, T>(panels, steps, d, products, sums, ahead); break;
            case 2: Multiply<Lanes128<T>, Vector128<T>, T>(panels, steps, d, products, sums, ahead); break;
            default: Multiply<LanesScalar<T>, T, T>(panels, steps, d, products, sums, ahead); break;
        }
    }

    private static void Multiply<TLanes, TVector, T>(T* panels, nint steps, int d, double* products, double* sums, FetchAhead ahead)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Two columns against all of a panel, as far as above the diagonal.
        int order = Order(d), even = d + (d & 1), tiles = 0;
        for (int right = even; right > 0; right = (right - 1) & -Width)
            tiles += right / 2;
        nint fetch = (nint)((ahead.Bytes + (tiles * steps) - 1) / (tiles * steps));
        for (int j = 0; j < even; j += Width)
        {
            int right = Math.Min(even, j + Width);
            T* columns = panels + (j * steps * TLanes.Count);
            nint columnStep = (right - j) * TLanes.Count;
            for (int i = 0; i < right; i += 2)
            {
                int panel = i & -Width, from = Math.Max(i, j);
                nint pairStep = Math.Min(Width, even - panel) * TLanes.Count;
                T* pair = panels + (panel * steps * TLanes.Count) + ((i - panel) * TLanes.Count), first = columns + ((from - j) * TLanes.Count);
                double* target = products + ((nint)i * order) + from, total = i >= j ? sums + i : null;
                byte* next = ahead.Take(steps * fetch, (byte*)columns);
                switch (right - from)
                {
                    case 8 when TLanes.TileRows > 4: ColumnTile<TLanes, TVector, T>.Run<EightVectors>(pair, pairStep, first, columnStep, steps, target, order, total, next, fetch); break;
                    case 6 when TLanes.TileRows > 4: ColumnTile<TLanes, TVector, T>.Run<SixVectors>(pair, pairStep, first, columnStep, steps, target, order, total, next, fetch); break;
                    case 2: ColumnTile<TLanes, TVector, T>.Run<TwoVectors>(pair, pairStep, first, columnStep, steps, target, order, total, next, fetch); break;
                    default:
                        ColumnTile<TLanes, TVector, T>.Run<FourVectors>(pair, pairStep, first, columnStep, steps, target, order, total, next, fetch);
                        first += 4 * TLanes.Count;
                        if (right - from == 8)
                            ColumnTile<TLanes, TVector, T>.Run<FourVectors>(pair, pairStep, first, columnStep, steps, target + 4, order, null, next, 0);
                        else if (right - from == 6)
                            ColumnTile<TLanes, TVector, T>.Run<TwoVectors>(pair, pairStep, first, columnStep, steps, target + 4, order, null, next, 0);
                        break;
                }
            }
        }

        new Span<double>(sums + d, order - d).Clear();
    }

    /// <summary>scatter += products + a·uuᵀ + b·vvᵀ, upper triangle; what is left of the diagonal is undefined.</summary>
    /// <param name="scatter">The scatter.</param>
    /// <param name="stride">Elements between its rows, a multiple of eight.</param>
    /// <param name="products">Products, <see cref="Order"/> between rows.</param>
    /// <param name="d">Columns.</param>
    /// <param name="u">d values, and zeros up to a multiple of eight.</param>
    /// <param name="a">Its weight.</param>
    /// <param name="v">d values, and zeros up to a multiple of eight.</param>
    /// <param name="b">Its weight.</param>
    public static void Merge(double* scatter, nint stride, double* products, int d, double* u, double a, double* v, double b)
    {
        switch (Lane.Width)
        {
            case 8: Merge<Lanes512<double>, Vector512<double>>(scatter, stride, products, d, u, a, v, b); break;
            case 4: Merge<Lanes256<double>, Vector256<double>>(scatter, stride, products, d, u, a, v, b); break;
            case 2: Merge<Lanes128<double>, Vector128<double>>(scatter, stride, products, d, u, a, v, b); break;
            default: Merge<LanesScalar<double>, double>(scatter, stride, products, d, u, a, v, b); break;
        }
    }

    private static void Merge<TLanes, TVector>(double* scatter, nint stride, double* products, nint d, double* u, double a, double* v, double b)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        nint order = Order((int)d);
        for (nint i = 0; i < d; i++, scatter += stride, products += order)
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
