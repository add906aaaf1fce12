using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>
/// Adds chunks of short rows to a state: rows less a shift, their products, and the rank-1 terms that move them to the common mean. Choosing a shift
/// takes a look at the chunk of its own, so the shift of the chunk before is kept while it is as good. Whether it is depends on the rows of the state alone.
/// </summary>
internal sealed unsafe class ShortRowChunk : IDisposable
{
    /// <summary>A shift is good when at most this part of the mean square about it is its distance from the mean: no digit is lost.</summary>
    private const double Tolerance = 0.25;

    private const double LargestSquare = ColumnShift.LargestSingle * ColumnShift.LargestSingle, SmallestSquare = ColumnShift.SmallestSingle * ColumnShift.SmallestSingle;

    /// <summary>Rows that the first shift is chosen by.</summary>
    private const int FirstRows = 64;

    private readonly int _d, _order;
    private readonly Scratch<double> _work;
    private readonly double* _residual, _delta, _means, _low, _high, _products;
    private ShortRowProducts<float>? _singles;
    private ShortRowProducts<double>? _doubles;

    public ShortRowChunk(int columns)
    {
        (_d, _order) = (columns, Lane.Pad(columns));
        _work = Scratch.RentCleared<double>((_order + 5L) * _order);
        _residual = _work.Pointer;
        _delta = _residual + _order;
        _means = _delta + _order;
        _low = _means + _order;
        _high = _low + _order;
        _products = _high + _order;
    }

    /// <summary>Adds rows.</summary>
    /// <param name="rows">At most as many as <see cref="ShortRows.ChunkRows"/>.</param>
    /// <param name="state">Where to.</param>
    /// <param name="first">Index of the first, for the message.</param>
    /// <param name="parameter">Name of the argument they came from.</param>
    /// <exception cref="ArgumentException">A value is not finite, or sums of them are not.</exception>
    public void Add<T>(ReadOnlySpan<T> rows, ScatterState state, long first, string parameter)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        PackOutcome outcome;
        fixed (T* x = rows)
            outcome = TryAdd(x, rows.Length / _d, state);
        if (outcome == PackOutcome.NotFinite)
            throw NotFinite(rows, first, parameter);
        if (outcome != PackOutcome.NeedsDouble)
            return;
        using Scratch<double> widened = Scratch.Rent<double>(rows.Length);
        TensorPrimitives.ConvertTruncating(rows, widened.Span);
        state.KeepsShift = false;
        if (TryAdd(widened.Pointer, rows.Length / _d, state) == PackOutcome.NotFinite)
            throw NotFinite(rows, first, parameter);
        state.KeepsShift = false;
        GC.KeepAlive(widened);
    }

    public void Dispose()
    {
        _work.Dispose();
        _singles?.Dispose();
        _doubles?.Dispose();
    }

    // Names the value; where all of them are finite, their sums were not.
    private ArgumentException NotFinite<T>(ReadOnlySpan<T> rows, long first, string parameter)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        FiniteRows.Check(rows, _d, first, parameter);
        return new(MomentAccumulator.OutOfRange, parameter);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private PackOutcome TryAdd<T>(T* x, int rows, ScatterState state)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* shift = stackalloc T[_d], chosen = stackalloc T[_d];
        for (int j = 0; j < _d; j++)
            shift[j] = T.CreateTruncating(state.Shift[j]);

        // The first chunk begins with a look at some of its rows.
        bool keeps = state.Count == 0 ? Choose(x, Math.Min(rows, FirstRows), shift) == PackOutcome.Centered : state.KeepsShift;
        if (keeps)
        {
            Products<T>().Multiply(x, rows, shift, _products, _residual);
            keeps = IsGood(rows, shift, shift) && (typeof(T) != typeof(float) || IsInRange(x, rows, shift));
        }

        if (!keeps)
        {
            PackOutcome outcome = Choose(x, rows, chosen);
            if (outcome != PackOutcome.Centered)
                return outcome;
            Products<T>().Multiply(x, rows, chosen, _products, _residual);
            keeps = IsGood(rows, chosen, shift);
            shift = chosen;
        }

        for (int j = 0; j < _d; j++)
            state.Shift[j] = double.CreateTruncating(shift[j]);
        state.KeepsShift = keeps;
        state.Append(rows, _residual, _products, _delta);
        return PackOutcome.Centered;
    }

    private ShortRowProducts<T> Products<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => typeof(T) == typeof(float)
        ? (ShortRowProducts<T>)(object)(_singles ??= ShortRowProducts<float>.Of(_d))
        : (ShortRowProducts<T>)(object)(_doubles ??= ShortRowProducts<double>.Of(_d));

    /// <summary>Whether another shift would do for the rows whose products were taken about this one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool IsInRange<T>(T* x, int rows, T* shift)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int j = 0; j < _d; j++)
        {
            double squares = _products[j * (_order + 1)];
            if (squares > LargestSquare)
                return false;
            for (nint i = j; squares < SmallestSquare && i < (nint)rows * _d; i += _d)
            {
                if (x[i] != shift[j])
                    return false;
            }
        }

        return true;
    }

    private PackOutcome Choose<T>(T* x, int rows, T* chosen)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Products<T>().Summarize(x, rows, _means, _low, _high);
        for (int j = 0; j < _d; j++)
        {
            if (!double.IsFinite(_means[j]))
                return PackOutcome.NotFinite;
        }

        for (int j = 0; j < _d; j++)
        {
            if (!ColumnShift.TryChoose(_means[j], _low[j], _high[j], typeof(T) == typeof(float), out double shift))
                return PackOutcome.NeedsDouble;
            chosen[j] = T.CreateTruncating(shift);
        }

        return PackOutcome.Centered;
    }
}
