using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SpectralInit.Kernels;

/// <summary>
/// Roots of f(λ) = 1/ρ + Σ z_i²/(d_i − λ): the eigenvalues of D + ρ·z·zᵀ. Root j lies between the poles d_j and d_{j+1} (the last one
/// within ρ of d_{k−1}) and is found as an offset from the nearer pole, so that every d_i − λ_j has full relative accuracy.
/// </summary>
/// <remarks>
/// Each step interpolates the poles left and right of the root by one rational function each (Bunch, Nielsen, Sorensen, "Rank-one
/// modification of the symmetric eigenproblem", Numer. Math. 31, 1978; the quadratics follow Li, LAPACK Working Note 89) inside a
/// bracket, and a step that leaves the bracket or does not shrink it is replaced by bisection.
/// </remarks>
internal readonly unsafe struct SecularEquation
{
    /// <summary>Evaluations allowed per root; a handful are usual, and bisection alone would need fewer.</summary>
    public const int MaxIterations = 100;

    private const double UnitRoundoff = 1.1102230246251565e-16;

    private readonly double* _poles;
    private readonly double* _weights;
    private readonly double* _split;
    private readonly int _count;
    private readonly double _rho;
    private readonly int _limit;

    /// <param name="poles">d, ascending and distinct, padded to a multiple of 8 by larger values.</param>
    /// <param name="weights">z², summing to 1, padded by zeros.</param>
    /// <param name="count">k ≥ 1 poles.</param>
    /// <param name="rho">ρ &gt; 0.</param>
    /// <param name="split">8 ones, then 8 zeros.</param>
    /// <param name="limit">Evaluations allowed per root.</param>
    public SecularEquation(double* poles, double* weights, int count, double rho, double* split, int limit)
    {
        _poles = poles;
        _weights = weights;
        _count = count;
        _rho = rho;
        _split = split;
        _limit = limit;
    }

    /// <summary>Finds root j.</summary>
    /// <param name="j">0 … k−1.</param>
    /// <param name="differences">d_i − λ_j for all i, padded length; null where they are not wanted.</param>
    /// <param name="iterations">Evaluations of f.</param>
    /// <returns>λ_j; NaN if the iteration did not end.</returns>
    public double Solve(int j, double* differences, out int iterations)
    {
        double origin, offset;
        if (_count == 1)
        {
            (origin, offset, iterations) = (_poles[0], _rho * _weights[0], 1);
        }
        else if (j == _count - 1)
        {
            origin = _poles[j];
            iterations = SolveLast(out offset);
        }
        else
        {
            iterations = SolveInterior(j, out origin, out offset);
        }

        if (differences != null)
            Subtract(origin, offset, differences);
        return iterations <= _limit ? origin + offset : double.NaN;
    }

    private int SolveInterior(int j, out double origin, out double offset)
    {
        double left = _poles[j], right = _poles[j + 1], gap = right - left, half = 0.5 * gap;
        double first = _weights[j], second = _weights[j + 1];

        // Which half? The value at the middle, and what of it is due to the other poles.
        Sums at = Evaluate(j + 1, left, half);
        double middle = at.Value(_rho), rest = middle + (first / half) - (second / (gap - half));
        double low, high, a, b;
        if (middle > 0)
        {
            (origin, low, high) = (left, 0, half);
            a = (rest * gap) + first + second;
            b = first * gap;
            double root = Math.Sqrt(Math.Abs((a * a) - (4 * b * rest)));
            offset = a > 0 ? 2 * b / (a + root) : (a - root) / (2 * rest);
        }
        else
        {
            (origin, low, high) = (right, -half, 0);
            a = (rest * gap) - first - second;
            b = second * gap;
            double root = Math.Sqrt(Math.Abs((a * a) + (4 * b * rest)));
            offset = a < 0 ? 2 * b / (a - root) : -(a + root) / (2 * rest);
        }

        if (!(offset > low && offset < high))
            offset = 0.5 * (low + high);
        double width = high - low;
        for (int iteration = 2; ; iteration++)
        {
            at = Evaluate(j + 1, origin, offset);
            double value = at.Value(_rho);
            if (at.Settles(value, _rho, offset) || iteration > _limit)
                return iteration;
            if (value < 0)
                low = offset;
            else
                high = offset;

            double before = left - origin - offset, after = right - origin - offset;
            double c = value - (before * at.SlopeBelow) - (after * at.SlopeAbove);
            a = ((before + after) * value) - (before * after * (at.SlopeBelow + at.SlopeAbove));
            b = before * after * value;
            double discriminant = Math.Sqrt(Math.Abs((a * a) - (4 * b * c)));
            double step = a <= 0 ? (a - discriminant) / (2 * c) : 2 * b / (a + discriminant);
            if (!Advance(value, step, at.SlopeBelow + at.SlopeAbove, low, high, ref width, ref offset, iteration))
                return iteration;
        }
    }

    private int SolveLast(out double offset)
    {
        int last = _count - 1;
        double origin = _poles[last], gap = origin - _poles[last - 1], half = 0.5 * _rho;
        double first = _weights[last - 1], second = _weights[last];
        Sums at = Evaluate(last, origin, half);
        double middle = at.Value(_rho), rest = middle + (first / (gap + half)) + (second / half);
        double low = middle <= 0 ? half : 0, high = middle <= 0 ? _rho : half;
        if (middle <= 0 && rest <= (first / (gap + _rho)) + (second / _rho))
        {
            offset = _rho;
        }
        else
        {
            double a = (-rest * gap) + first + second, b = second * gap;
            double root = Math.Sqrt((a * a) + (4 * b * rest));
            offset = a < 0 ? 2 * b / (root - a) : (a + root) / (2 * rest);
        }

        if (!(offset > low && offset <= high))
            offset = 0.5 * (low + high);
        double width = high - low;
        for (int iteration = 2; ; iteration++)
        {
            // The last pole stands for the poles "above", as there is none beyond.
            at = Evaluate(last, origin, offset);
            double value = at.Value(_rho);
            if (at.Settles(value, _rho, offset) || iteration > _limit)
                return iteration;
            if (value < 0)
                low = offset;
            else
                high = offset;

            double before = -gap - offset, after = -offset;
            double c = Math.Abs(value - (before * at.SlopeBelow) - (after * at.SlopeAbove));
            double a = ((before + after) * value) - (before * after * (at.SlopeBelow + at.SlopeAbove));
            double b = before * after * value;
            double discriminant = Math.Sqrt(Math.Abs((a * a) - (4 * b * c)));
            double step = c == 0 ? high - offset : a >= 0 ? (a + discriminant) / (2 * c) : 2 * b / (a - discriminant);
            if (!Advance(value, step, at.SlopeBelow + at.SlopeAbove, low, high, ref width, ref offset, iteration))
                return iteration;
        }
    }

    /// <summary>Takes the step if it stays in the bracket, else bisects; false when the bracket holds no other number.</summary>
    private static bool Advance(double value, double step, double slope, double low, double high, ref double width, ref double offset, int iteration)
    {
        if (!(value * step < 0))
            step = -value / slope;
        double next = offset + step;

        // Every third step the bracket must have halved; a root next to a pole is approached by powers.
        bool slow = iteration % 3 == 0 && high - low > 0.5 * width;
        if (iteration % 3 == 0)
            width = high - low;
        if (!(next > low && next < high) || (slow && iteration > 6))
            next = low > 0 && high > 4 * low ? Math.Sqrt(low) * Math.Sqrt(high)
                : high < 0 && low < 4 * high ? -Math.Sqrt(-low) * Math.Sqrt(-high)
                : 0.5 * (low + high);
        bool moved = next != offset && next > low && next < high;
        if (moved)
            offset = next;
        return moved;
    }

    private void Subtract(double origin, double offset, double* differences)
    {
        switch (Lane.Width)
        {
            case 8: Subtract<Lanes512<double>, Vector512<double>>(origin, offset, differences); break;
            case 4: Subtract<Lanes256<double>, Vector256<double>>(origin, offset, differences); break;
            case 2: Subtract<Lanes128<double>, Vector128<double>>(origin, offset, differences); break;
            default: Subtract<LanesScalar<double>, double>(origin, offset, differences); break;
        }
    }

    private void Subtract<TLanes, TVector>(double origin, double offset, double* differences)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        TVector shift = TLanes.Broadcast(origin), move = TLanes.Broadcast(offset);
        for (int i = 0; i < _count; i += TLanes.Count)
            TLanes.Store(differences + i, TLanes.Subtract(TLanes.Subtract(TLanes.Load(_poles + i), shift), move));
    }

    private Sums Evaluate(int split, double origin, double offset) => Lane.Width switch
    {
        8 => Evaluate<Lanes512<double>, Vector512<double>>(split, origin, offset),
        4 => Evaluate<Lanes256<double>, Vector256<double>>(split, origin, offset),
        2 => Evaluate<Lanes128<double>, Vector128<double>>(split, origin, offset),
        _ => Evaluate<LanesScalar<double>, double>(split, origin, offset),
    };

    /// <summary>Σ z²/δ and Σ z²/δ² with δ_i = (d_i − origin) − offset, over the poles before <paramref name="split"/> and those from it on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Sums Evaluate<TLanes, TVector>(int split, double origin, double offset)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        double* poles = _poles, weights = _weights;
        TVector shift = TLanes.Broadcast(origin), move = TLanes.Broadcast(offset), one = TLanes.Broadcast(1);
        TVector below = TLanes.Zero, slopeBelow = TLanes.Zero, above = TLanes.Zero, slopeAbove = TLanes.Zero;
        nint whole = split & -TLanes.Count, end = (_count + TLanes.Count - 1) & -TLanes.Count, i = 0;
        for (; i < whole; i += TLanes.Count)
        {
            TVector inverse = TLanes.Divide(one, TLanes.Subtract(TLanes.Subtract(TLanes.Load(poles + i), shift), move));
            TVector term = TLanes.Multiply(TLanes.Load(weights + i), inverse);
            below = TLanes.Add(below, term);
            slopeBelow = TLanes.MultiplyAdd(term, inverse, slopeBelow);
        }

        if (i < split)
        {
            TVector before = TLanes.Load(_split + 8 - (split - i)), after = TLanes.Subtract(one, before);
            TVector inverse = TLanes.Divide(one, TLanes.Subtract(TLanes.Subtract(TLanes.Load(poles + i), shift), move));
            TVector term = TLanes.Multiply(TLanes.Load(weights + i), inverse), slope = TLanes.Multiply(term, inverse);
            below = TLanes.MultiplyAdd(term, before, below);
            slopeBelow = TLanes.MultiplyAdd(slope, before, slopeBelow);
            above = TLanes.Multiply(term, after);
            slopeAbove = TLanes.Multiply(slope, after);
            i += TLanes.Count;
        }

        for (; i < end; i += TLanes.Count)
        {
            TVector inverse = TLanes.Divide(one, TLanes.Subtract(TLanes.Subtract(TLanes.Load(poles + i), shift), move));
            TVector term = TLanes.Multiply(TLanes.Load(weights + i), inverse);
            above = TLanes.Add(above, term);
            slopeAbove = TLanes.MultiplyAdd(term, inverse, slopeAbove);
        }

        return new Sums(TLanes.Sum(below), TLanes.Sum(slopeBelow), TLanes.Sum(above), TLanes.Sum(slopeAbove));
    }

    private readonly record struct Sums(double Below, double SlopeBelow, double Above, double SlopeAbove)
    {
        public double Value(double rho) => (1 / rho) + Below + Above;

        /// <summary>Whether |f| is within what rounding does to it: in its terms, and through the rounding of the offset itself.</summary>
        public bool Settles(double value, double rho, double offset)
            => Math.Abs(value) <= UnitRoundoff * ((8 * (Math.Abs(Above) + Math.Abs(Below))) + (2 / rho) + (Math.Abs(offset) * (SlopeBelow + SlopeAbove)));
    }
}
