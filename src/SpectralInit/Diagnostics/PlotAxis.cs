namespace SpectralInit;

/// <summary>One axis: from data to 0 … 1, with ticks at round numbers.</summary>
internal sealed class PlotAxis
{
    private readonly bool _logarithmic;

    private PlotAxis(bool logarithmic, double low, double high)
    {
        _logarithmic = logarithmic;
        Low = low;
        High = high;
    }

    public double Low { get; }

    public double High { get; }

    /// <summary>An axis over the drawable values: finite, and positive where it is logarithmic.</summary>
    /// <param name="logarithmic">Equal steps for equal ratios.</param>
    /// <param name="values">The data.</param>
    /// <param name="tight">True to end at the data, false to leave room and to start at zero when the data come near it.</param>
    /// <param name="fromZero">True to include zero (bars).</param>
    public static PlotAxis Over(bool logarithmic, IEnumerable<double> values, bool tight, bool fromZero)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (double value in values)
        {
            if (IsDrawable(logarithmic, value))
            {
                low = Math.Min(low, value);
                high = Math.Max(high, value);
            }
        }

        if (low > high)
            (low, high) = logarithmic ? (0.1, 10) : (0, 1);
        if (logarithmic)
            return tight ? new(true, low, Math.Max(high, low * 1.001)) : Widened(low, high);
        if (fromZero || (!tight && low >= 0 && low < 0.4 * high))
            low = Math.Min(low, 0);
        if (fromZero)
            high = Math.Max(high, 0);
        double span = high - low;
        if (!(span > 0))
        {
            double half = low == 0 ? 0.5 : Math.Abs(low / 2);
            return new(false, low - half, low + half);
        }

        double room = tight ? 0 : 0.05 * span;
        return new(false, low == 0 ? 0 : low - room, high == 0 ? 0 : high + room);
    }

    /// <summary>The position of a value, 0 at the low end and 1 at the high one; NaN when it cannot be drawn.</summary>
    public double Position(double value)
    {
        if (!IsDrawable(_logarithmic, value))
            return double.NaN;
        return _logarithmic
            ? (Math.Log10(value) - Math.Log10(Low)) / (Math.Log10(High) - Math.Log10(Low))
            : (value - Low) / (High - Low);
    }

    /// <summary>Round values on the axis, about as many as asked for, and what to write there: no two the same.</summary>
    public IEnumerable<(double At, string Label)> Ticks(int about)
    {
        double first = Math.Log10(Low), last = Math.Log10(High);
        return (_logarithmic && last - first >= 1 ? Decades(first, last, about) : Linear(about)).Where(tick => IsDrawable(_logarithmic, tick.At)).DistinctBy(tick => tick.Label);
    }

    // Beyond this size the span of an axis would overflow.
    private static bool IsDrawable(bool logarithmic, double value) => Math.Abs(value) < 4e307 && (!logarithmic || value > 0);

    private static PlotAxis Widened(double low, double high)
    {
        double room = Math.Max(0.05 * (Math.Log10(high) - Math.Log10(low)), 0.1);
        return new(true, Math.Max(double.Epsilon, low * Math.Pow(10, -room)), Math.Min(double.MaxValue, high * Math.Pow(10, room)));
    }

    private IEnumerable<(double At, string Label)> Decades(double first, double last, int about)
    {
        double[] digits = last - first < 2.5 ? [1, 2, 5] : [1];
        int every = Math.Max(1, (int)Math.Ceiling((last - first) / about));
        return Enumerable.Range((int)Math.Floor(first), (int)(Math.Ceiling(last) - Math.Floor(first)) + 1)
            .Where(decade => decade % every == 0)
            .SelectMany(decade => digits.Select(digit => double.Parse($"{digit}e{decade}")))
            .Where(tick => tick >= Low * 0.9999 && tick <= High * 1.0001)
            .Select(tick => (tick, Label(tick, tick)));
    }

    private IEnumerable<(double At, string Label)> Linear(int about)
    {
        double raw = (High - Low) / about;
        double decade = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double step = decade * ((raw / decade) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 });
        double first = Math.Ceiling((Low / step) - 1e-9);
        for (int i = 0; i <= 2 * about && (first + i) * step <= High + (1e-9 * step); i++)
        {
            double tick = Math.Round((first + i) * step / decade, 6) * decade;
            yield return (tick, Label(tick, decade));
        }
    }

    /// <summary>A value with the digits down to a unit, the power of ten that tells it from its neighbours.</summary>
    private static string Label(double value, double unit)
    {
        double size = Math.Abs(value);
        if (size == 0)
            return "0";
        int last = (int)Math.Floor(Math.Log10(unit) + 1e-9), digits = (int)Math.Floor(Math.Log10(size) + 1e-9) - last;
        return size >= 1e-3 && size < (digits > 3 ? 1e15 : 1e5) ? value.ToString("0." + new string('#', Math.Max(4, -last))) : value.ToString("0." + new string('#', Math.Max(2, digits)) + "e0");
    }
}
