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
            return tight || high / low > 1e300 ? new(true, low, Math.Max(high, low * 1.001)) : Widened(low, high);
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

    public IEnumerable<double> Ticks(int about)
    {
        if (!_logarithmic)
            return Linear(Low, High, about);
        double first = Math.Log10(Low), last = Math.Log10(High);
        if (last - first < 1)
            return Linear(Low, High, about).Where(tick => tick > 0);
        double[] digits = last - first < 2.5 ? [1, 2, 5] : [1];
        int every = Math.Max(1, (int)Math.Ceiling((last - first) / about));
        return Enumerable.Range((int)Math.Floor(first), (int)(Math.Ceiling(last) - Math.Floor(first)) + 1)
            .Where(decade => decade % every == 0)
            .SelectMany(decade => digits.Select(digit => double.Parse($"{digit}e{decade}")))
            .Where(tick => tick >= Low * 0.9999 && tick <= High * 1.0001);
    }

    public static string Label(double value)
    {
        double size = Math.Abs(value);
        return size is 0 or (>= 1e-3 and < 1e5) ? value.ToString("0.####") : value.ToString("0.##e0");
    }

    // Beyond this size the span of an axis would overflow.
    private static bool IsDrawable(bool logarithmic, double value) => Math.Abs(value) < 4e307 && (!logarithmic || value > 0);

    private static PlotAxis Widened(double low, double high)
    {
        double room = Math.Max(0.05 * Math.Log10(high / low), 0.1);
        return new(true, low * Math.Pow(10, -room), high * Math.Pow(10, room));
    }

    private static IEnumerable<double> Linear(double low, double high, int about)
    {
        double raw = (high - low) / about;
        double decade = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double step = decade * ((raw / decade) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 });
        double first = Math.Ceiling((low / step) - 1e-9);
        for (int i = 0; i <= 2 * about && (first + i) * step <= high + (1e-9 * step); i++)
            yield return Math.Round((first + i) * step / decade, 6) * decade;
    }
}
