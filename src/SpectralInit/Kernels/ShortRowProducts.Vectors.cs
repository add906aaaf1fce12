using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpectralInit.Kernels;

/// <inheritdoc/>
internal sealed unsafe class ShortRowProducts<TLanes, TVector, T> : ShortRowProducts<T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Longer rows that are kept at a time: their vectors stay in the nearest cache, and sums of float go to double before they lose digits.</summary>
    private const int RowsKept = 64;

    // Bytes fetched ahead beyond the rows kept: a few hundred nanoseconds of reading.
    private const int FetchedMore = 12 << 10;

    private const int MaxRotations = 8;

    // Vectors that RotatedProducts adds to: sums, squares, and one for each rotation.
    private const int LaneSums = MaxRotations + 2;

    // Vectors of a row; columns that the first has to itself; lanes per row and rows per vector; values between kept rows; kernels that fetch memory, and how many bytes per row.
    private readonly int _vectors, _first, _width, _rowsPerVector, _stride, _rotations, _firstRotations, _fetching, _fetched;

    // False where vectors are shorter than tiles are high: tiles then take the products within vectors too.
    private readonly bool _rotates;

    // First column, in lanes, and first vector of every tile.
    private readonly (int Column, int Vector)[] _tiles;
    private readonly Scratch<T> _values;
    private readonly Scratch<double> _sums;
    private readonly T* _orders, _firstOrders, _spread, _center, _tail, _rows;
    private readonly double* _lanes, _products;

    public ShortRowProducts(int d)
        : base(d)
    {
        int lanes = TLanes.Count;
        _vectors = (d + lanes - 1) / lanes;
        _first = d - ((_vectors - 1) * lanes);
        _width = _vectors > 1 ? lanes : (int)BitOperations.RoundUpToPowerOf2((uint)d);
        _rowsPerVector = lanes / _width;
        _rotates = _vectors == 1 || lanes >= TLanes.TileRows;
        _rotations = _rotates ? lanes / 2 : 0;
        _firstRotations = _rotates ? _first / 2 : 0;
        _stride = ((_vectors * lanes) + TLanes.TileRows - 1) & -TLanes.TileRows;
        _tiles = [.. Tiles()];

        // Kernels take turns in fetching memory: prefetches in bursts, or many for a line, hold up loads. The first waits for memory most; it fetches only where the others are too few.
        int others = _vectors - 1 + _tiles.Length, bytes = d * sizeof(T);
        _fetching = bytes > others * SteadyFetch.Line ? others + 1 : others;
        _fetched = Math.Min(SteadyFetch.Line, (int)BitOperations.RoundUpToPowerOf2((uint)(bytes / _fetching)));
        bool keeps = _vectors > 1;
        _values = Scratch.RentCleared<T>((((2 * MaxRotations) + 4L + _vectors) * lanes) + (keeps ? RowsKept * _stride : 0));
        _sums = Scratch.RentCleared<double>(((long)LaneSums * _vectors * lanes) + (keeps ? _stride * _stride : 0));
        _orders = _values.Pointer;
        _firstOrders = _orders + (MaxRotations * lanes);
        _tail = _firstOrders + ((MaxRotations + 1) * lanes);
        _center = _tail + (3 * lanes);
        _rows = _center + (_vectors * lanes);
        _lanes = _sums.Pointer;
        _products = _lanes + (LaneSums * _vectors * lanes);
        if (_rowsPerVector > 1 && d < _width)
            _spread = _firstOrders + (MaxRotations * lanes);
        SetOrders();
    }

    public override void Dispose()
    {
        _values.Dispose();
        _sums.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Multiply(T* x, int rows, T* center, double* products, double* sums)
    {
        _sums.Span.Clear();
        for (int i = 0; i < _vectors * TLanes.Count; i++)
            _center[i] = _vectors > 1 ? center[i < TLanes.Count ? i : i - TLanes.Count + _first] : i % _width < Columns ? center[i % _width] : T.Zero;
        if (_vectors > 1)
        {
            SteadyFetch ahead = new((byte*)x, ((nint)RowsKept * Columns * sizeof(T)) + FetchedMore, _fetched);
            for (int row = 0; row < rows; row += RowsKept)
                AddRows(x + ((nint)row * Columns), Math.Min(RowsKept, rows - row), ref ahead);
        }
        else
        {
            // What is left, filled up with rows that leave nothing, is read from elsewhere.
            nint whole = Whole(rows), step = _rowsPerVector * Columns, left = (rows * (nint)Columns) - (whole * step), tail = (left + step - 1) / step;
            for (nint i = 0; i < tail * step; i++)
                _tail[i] = i < left ? x[(whole * step) + i] : center[i % Columns];
            RotatedProducts<TLanes, TVector, T>.Add(_firstRotations, x, step, whole, _center, _firstOrders, _spread, _lanes);
            RotatedProducts<TLanes, TVector, T>.Add(_firstRotations, _tail, step, tail, _center, _firstOrders, _spread, _lanes);
        }

        Collect(products, sums);
        GC.KeepAlive(this);
    }

    public override void Summarize(T* x, int rows, double* means, double* low, double* high)
    {
        int lanes = TLanes.Count;
        T* summary = stackalloc T[3 * lanes];
        nint whole = _vectors > 1 ? rows : Whole(rows), step = _rowsPerVector * Columns;
        T factor = T.CreateTruncating(0.5 / rows);
        for (int vector = 0; vector < _vectors; vector++)
        {
            int start = vector == 0 ? 0 : _first + ((vector - 1) * lanes), count = vector == 0 ? _first : lanes;
            for (int lane = 0; lane < lanes; lane++)
            {
                summary[lane] = T.Zero;
                summary[lanes + lane] = summary[(2 * lanes) + lane] = x[start + Math.Min(lane % _width, Columns - 1)];
            }

            RotatedProducts<TLanes, TVector, T>.Summarize(x + start, step, whole, factor, _spread, summary);
            for (int j = 0; j < count; j++)
            {
                double half = 0, least = double.PositiveInfinity, most = double.NegativeInfinity;
                for (int lane = j; lane < lanes; lane += _width)
                {
                    half += double.CreateTruncating(summary[lane]);
                    least = Math.Min(least, double.CreateTruncating(summary[lanes + lane]));
                    most = Math.Max(most, double.CreateTruncating(summary[(2 * lanes) + lane]));
                }

                for (nint row = whole * _rowsPerVector; row < rows; row++)
                {
                    T value = x[(row * Columns) + start + j];
                    half += double.CreateTruncating(value * factor);
                    least = Math.Min(least, double.CreateTruncating(value));
                    most = Math.Max(most, double.CreateTruncating(value));
                }

                (means[start + j], low[start + j], high[start + j]) = (2 * half, least, most);
            }
        }

        GC.KeepAlive(this);
    }

    // Units of 32 bits: lanes of doubles have two. The first columns are rotated among themselves.
    private void SetOrders()
    {
        int units = sizeof(T) / sizeof(int), lanes = TLanes.Count;
        for (int i = 0; i < lanes * units; i++)
        {
            int lane = i / units, place = lane % _width, start = lane - place;
            for (int k = 1; k <= _rotations; k++)
                Set(_orders + ((k - 1) * lanes), (lane + k) % lanes);
            for (int k = 1; k <= _firstRotations; k++)
                Set(_firstOrders + ((k - 1) * lanes), start + (place < _first ? (place + k) % _first : place));
            if (_spread != null)
                Set(_spread, (lane / _width * Columns) + Math.Min(place, Columns - 1));

            void Set(T* order, int source) => ((int*)order)[i] = (source * units) + (i % units);
        }
    }

    // How many vectors may be read without reading beyond the rows.
    private int Whole(int rows)
    {
        int values = rows * Columns;
        return values < TLanes.Count ? 0 : Math.Min(rows / _rowsPerVector, ((values - TLanes.Count) / (_rowsPerVector * Columns)) + 1);
    }

    private IEnumerable<(int Column, int Vector)> Tiles()
    {
        // Rotations take the products of the first columns along. The first vector counts as far as the second does not have its columns.
        for (int i = _rotates ? TLanes.TileRows : 0; i < _stride && _vectors > 1; i += TLanes.TileRows)
        {
            int left = i / TLanes.Count;
            for (int right = _rotates ? left + 1 : left; right < _vectors && (left > 0 || i < _first); right += 3)
                yield return (i, right);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddRows(T* x, nint rows, ref SteadyFetch ahead)
    {
        nint lanes = TLanes.Count;

        nint share = rows * Columns * sizeof(T) / _fetching;
        byte* coming = ahead.Take(_fetching < _vectors + _tiles.Length ? 0 : share, rows, _rows, out nint step);
        RotatedProducts<TLanes, TVector, T>.AddAndKeep(_firstRotations, x, Columns, rows, _center, _firstOrders, _rows, _stride, null, _lanes, null, coming, step);
        for (nint vector = 1; vector < _vectors; vector++)
        {
            T* source = x + _first + ((vector - 1) * lanes), kept = _rows + (vector * lanes), center = _center + (vector * lanes);
            double* sums = _lanes + (vector * LaneSums * lanes), tile = _products + (vector * lanes);
            coming = ahead.Take(share, rows, _rows, out step);
            RotatedProducts<TLanes, TVector, T>.AddAndKeep(_rotations, source, Columns, rows, center, _orders, kept, _stride, _rotates ? _rows : null, sums, tile, coming, step);
        }

        foreach ((int column, int vector) in _tiles)
        {
            T* a = _rows + column, b = _rows + (vector * lanes);
            coming = ahead.Take(share, rows, a, out step);
            AddingSink<TLanes, TVector, T> sink = new(_products + (column * _stride) + (vector * lanes), _stride, coming, step);
            switch (_vectors - vector)
            {
                case 1: ProductTile<TLanes, TVector, T>.Run<OneVector, AddingSink<TLanes, TVector, T>>(rows, a, _stride, b, _stride, sink); break;
                case 2: ProductTile<TLanes, TVector, T>.Run<TwoVectors, AddingSink<TLanes, TVector, T>>(rows, a, _stride, b, _stride, sink); break;
                default: ProductTile<TLanes, TVector, T>.Run<ThreeVectors, AddingSink<TLanes, TVector, T>>(rows, a, _stride, b, _stride, sink); break;
            }
        }
    }

    // From lanes and tiles to a triangle.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Collect(double* products, double* sums)
    {
        nint d = Columns, lanes = TLanes.Count, order = Lane.Pad(Columns), missing = _vectors > 1 ? lanes - _first : 0;
        for (nint start = 0, vector = 0; start < d; vector++)
        {
            // The columns of a vector lie together, as do those of all vectors after it.
            nint count = vector == 0 ? _first : lanes, end = start + count, rotations = vector == 0 ? _firstRotations : _rotations;
            double* own = _lanes + (vector * LaneSums * lanes), tile = _products + (vector * lanes * _stride), target = products + (start * (order + 1));
            for (nint i = 0; i < count; i++)
                sums[start + i] = Total(own, i);
            own += lanes;
            if (!_rotates)
            {
                for (nint i = 0; i < count; i++)
                    new ReadOnlySpan<double>(tile + (i * _stride) + (vector * lanes), (int)count).CopyTo(new(target + (i * order), (int)count));
            }

            // Lane i holds x_i·x_(i+k), the columns of the vector taken round about.
            for (nint k = 0; k <= rotations && _rotates; k++, own += lanes)
            {
                for (nint i = 0; i + k < count; i++)
                    target[(i * order) + i + k] = Total(own, i);
                for (nint i = 0; i < k; i++)
                    target[(i * order) + i + count - k] = Total(own, i + count - k);
            }

            for (nint i = 0; i < count && end < d; i++)
                new ReadOnlySpan<double>(tile + (i * _stride) + end + missing, (int)(d - end)).CopyTo(new(products + ((start + i) * order) + end, (int)(d - end)));
            start = end;
        }

        new Span<double>(sums + d, (int)(order - d)).Clear();
    }

    // Of the lanes that the rows of a vector share.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private double Total(double* lanes, nint lane)
    {
        double total = lanes[lane];
        for (lane += _width; lane < TLanes.Count; lane += _width)
            total += lanes[lane];
        return total;
    }
}
