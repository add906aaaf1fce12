using System.Numerics;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>
/// Adds chunks of short rows to a state: columns less a shift, their products, and the rank-1 terms that move them to the common mean. Choosing a shift
/// takes a look at the chunk of its own, so the shift of the chunk before is kept while it is as good. Whether it is depends on the rows of the state alone.
/// </summary>
internal sealed unsafe class NarrowChunk : IDisposable
{
    /// <summary>A shift is good when at most this part of the mean square about it is its distance from the mean: no digit is lost.</summary>
    private const double Tolerance = 0.25;

    private const double LargestSquare = ColumnShift.LargestSingle * ColumnShift.LargestSingle, SmallestSquare = ColumnShift.SmallestSingle * ColumnShift.SmallestSingle;

    /// <summary>Rows that the first shift is chosen by.</summary>
    private const int FirstRows = 64;

    private readonly int _d, _fold, _columns, _order;
    private readonly Scratch<double> _work;
    private readonly double* _residual, _delta, _products;
    private Scratch<float>? _singles;
    private Scratch<double>? _doubles;

    public NarrowChunk(int columns)
    {
        (_d, _fold) = (columns, ColumnPanels.Fold(columns));
        (_columns, _order) = (_d * _fold, ColumnPanels.Order(_d * _fold));
        _work = Scratch.RentCleared<double>((_order + 4L) * _order);
        _residual = _work.Pointer;
        _delta = _residual + _order;
        _products = _delta + _order;
    }

    /// <summary>Adds rows.</summary>
    /// <param name="rows">At most as many as <see cref="ColumnPanels.ChunkRows"/>.</param>
    /// <param name="state">Where to.</param>
    /// <param name="first">Index of the first, for the message.</param>
    /// <param name="parameter">Name of the argument they came from.</param>
    /// <param name="ahead">Memory to fetch meanwhile.</param>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public void Add<T>(ReadOnlySpan<T> rows, ScatterState state, long first, string parameter, FetchAhead ahead = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        PackOutcome outcome;
        fixed (T* x = rows)
            outcome = TryAdd(x, rows.Length / _d, state, ahead);
        if (outcome == PackOutcome.NotFinite)
            FiniteRows.Check(rows, _d, first, parameter);
        if (outcome != PackOutcome.NeedsDouble)
            return;
        using Scratch<double> widened = Scratch.Rent<double>(rows.Length);
        for (int i = 0; i < rows.Length; i++)
            widened.Pointer[i] = double.CreateTruncating(rows[i]);
        state.KeepsShift = false;
        if (TryAdd(widened.Pointer, rows.Length / _d, state, ahead) == PackOutcome.NotFinite)
            FiniteRows.Check(rows, _d, first, parameter);
        state.KeepsShift = false;
        GC.KeepAlive(widened);
    }

    public void Dispose()
    {
        _work.Dispose();
        _singles?.Dispose();
        _doubles?.Dispose();
    }

    private PackOutcome TryAdd<T>(T* x, int rows, ScatterState state, FetchAhead ahead)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long size = ColumnPanels.PanelValues<T>(_d);
        T* panels = typeof(T) == typeof(float)
            ? (T*)(_singles ??= Scratch.Rent<float>(size + (6 * _order))).Pointer
            : (T*)(_doubles ??= Scratch.Rent<double>(size + (6 * _order))).Pointer;
        T* center = panels + size;
        for (int part = 0; part < _columns; part += _d)
        {
            for (int j = 0; j < _d; j++)
                center[part + j] = T.CreateTruncating(state.Shift[j]);
        }

        // The first chunk begins with a look at some of its rows.
        bool keeps = state.Count == 0 ? Choose(x, Math.Min(rows, FirstRows), panels, center) == PackOutcome.Centered : state.KeepsShift;
        if (keeps)
        {
            Multiply(x, rows, center, panels, ahead);
            keeps = IsGood(rows, center, center) && (typeof(T) != typeof(float) || IsInRange(panels, rows));
        }

        if (!keeps)
        {
            T* chosen = center + _order;
            PackOutcome outcome = Choose(x, rows, panels, chosen);
            if (outcome != PackOutcome.Centered)
                return outcome;
            Multiply(x, rows, chosen, panels, ahead);
            keeps = IsGood(rows, chosen, center);
            center = chosen;
        }

        for (int j = 0; j < _d; j++)
            state.Shift[j] = double.CreateTruncating(center[j]);
        state.KeepsShift = keeps;
        state.Append(rows, _residual, _products, _delta);
        return PackOutcome.Centered;
    }

    private void Multiply<T>(T* x, int rows, T* center, T* panels, FetchAhead ahead)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint steps = ColumnPanels.Center(x, rows * _d, _columns, center, center, panels, ref ahead);
        ColumnPanels.Multiply(panels, steps, _columns, _products, _residual, ahead);
        for (int part = _d; part < _columns; part += _d)
        {
            for (int i = 0; i < _d; i++)
            {
                _residual[i] += _residual[part + i];
                _residual[part + i] = 0;
                for (int j = i; j < _d; j++)
                    _products[(i * _order) + j] += _products[((part + i) * _order) + part + j];
            }
        }
    }

    /// <summary>Whether another shift would do for the rows whose products were taken about this one.</summary>
    private bool IsGood<T>(double rows, T* shift, T* other)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int j = 0; j < _d; j++)
        {
            double step = double.CreateTruncating(shift[j]) - double.CreateTruncating(other[j]), sum = _residual[j] + (rows * step);
            double squares = _products[j * (_order + 1)] + (step * (_residual[j] + sum));
            if (!(sum * sum <= Tolerance * rows * squares))
                return false;
        }

        return true;
    }

    /// <summary>Whether products in float have neither overflown nor lost digits to underflow.</summary>
    private bool IsInRange<T>(T* panels, int rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint steps = ColumnPanels.Steps<T>(rows * _d, _columns);
        for (int j = 0; j < _d; j++)
        {
            double squares = _products[j * (_order + 1)];
            if (squares > LargestSquare)
                return false;
            for (int i = j; squares < SmallestSquare && i < _columns; i += _d)
            {
                if (!ColumnPanels.IsZero(panels, steps, _columns, i))
                    return false;
            }
        }

        return true;
    }

    private PackOutcome Choose<T>(T* x, int rows, T* panels, T* chosen)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Vectors are filled up with copies of the first row.
        T* first = chosen + _order, sum = first + _order, low = sum + _order, high = low + _order;
        for (int j = 0; j < _columns; j++)
            (first[j], chosen[j]) = (x[j % _d], T.Zero);
        FetchAhead nothing = default;
        nint steps = ColumnPanels.Center(x, rows * _d, _columns, chosen, first, panels, ref nothing);
        double padded = (double)steps * ColumnPanels.Lanes<T>(), surplus = ((padded * _fold) - rows) / rows;
        ColumnPanels.Summarize(panels, steps, _columns, T.CreateTruncating(0.5 / padded), sum, low, high);
        for (int j = 0; j < _d; j++)
        {
            double total = 0, least = double.PositiveInfinity, most = double.NegativeInfinity;
            for (int i = j; i < _columns; i += _d)
            {
                if (!T.IsFinite(sum[i]))
                    return PackOutcome.NotFinite;
                total += double.CreateTruncating(sum[i]) / _fold;
                least = Math.Min(least, double.CreateTruncating(low[i]));
                most = Math.Max(most, double.CreateTruncating(high[i]));
            }

            double mean = 2 * total;
            mean += (mean - double.CreateTruncating(first[j])) * surplus;
            if (!ColumnShift.TryChoose(mean, least, most, typeof(T) == typeof(float), out double shift))
                return PackOutcome.NeedsDouble;
            for (int i = j; i < _columns; i += _d)
                chosen[i] = T.CreateTruncating(shift);
        }

        return PackOutcome.Centered;
    }
}
