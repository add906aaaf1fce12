namespace Quickstart;

/// <summary>Draws handwritten-like digits: strokes through jittered points, with random slant, size, thickness and place.</summary>
internal static class DigitRenderer
{
    public const int Side = 28;

    // One string per digit: strokes separated by '|', points "x,y" in percent of the box, y downwards.
    private static readonly (double X, double Y)[][][] s_strokes = [.. new[]
    {
        "52,8 30,20 24,50 32,82 52,92 70,80 76,50 68,20 52,8",
        "36,24 54,10 52,50 50,92",
        "27,28 40,10 64,12 70,34 50,62 27,88|27,88 50,84 76,87",
        "28,17 50,8 70,20 64,40 44,48|44,48 70,56 73,77 52,92 26,83",
        "58,10 42,36 24,61 50,62 80,60|63,38 61,66 59,93",
        "72,12 54,11 36,13 32,46|32,46 54,40 73,58 66,84 44,92 26,83",
        "66,9 42,28 28,60 36,86 58,90 71,70 56,52 33,62",
        "24,15 50,13 76,14|76,14 58,48 43,92",
        "67,22 50,9 34,22 42,41 63,58 70,78 50,92 30,78 38,58 60,42 67,22",
        "68,30 52,11 34,24 38,45 57,46 68,30|68,30 67,60 55,92",
    }.Select(digit => digit.Split('|').Select(stroke => stroke.Split(' ').Select(Point).ToArray()).ToArray())];

    /// <summary>Row-major bytes, one digit of 28×28 pixels per row; digit i shows the numeral i mod 10.</summary>
    public static byte[] Draw(int count, ulong seed)
    {
        Random random = new((int)(seed ^ (seed >> 32)) & int.MaxValue);
        byte[] pixels = new byte[count * Side * Side];
        for (int i = 0; i < count; i++)
            Draw(i % 10, random, pixels.AsSpan(i * Side * Side, Side * Side));
        return pixels;
    }

    private static void Draw(int digit, Random random, Span<byte> pixels)
    {
        double Around(double spread) => spread * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5);

        double size = 20 * (1 + Around(0.12)), narrow = 0.85 + Around(0.15), slant = Around(0.35), turn = Around(0.12);
        double thickness = 1.25 + (0.9 * random.NextDouble()), left = 14 + Around(2), top = 14 + Around(2), ink = 0.85 + (0.15 * random.NextDouble());
        Span<double> level = stackalloc double[pixels.Length];
        level.Clear();
        foreach ((double X, double Y)[] stroke in s_strokes[digit])
        {
            (double X, double Y)[] hand = [.. stroke.Select(point =>
            {
                double x = (point.X + Around(0.05) - 0.5) * narrow, y = point.Y + Around(0.05) - 0.5;
                x -= slant * y;
                return (left + (size * ((x * Math.Cos(turn)) - (y * Math.Sin(turn)))), top + (size * ((x * Math.Sin(turn)) + (y * Math.Cos(turn)))));
            })];
            for (int i = 0; i + 1 < hand.Length; i++)
            {
                for (double t = 0; t < 1; t += 0.06)
                    Dot(level, Curve(hand, i, t), thickness);
            }
        }

        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(255 * ink * level[i]);
    }

    /// <summary>A Catmull–Rom spline through the points of a stroke.</summary>
    private static (double X, double Y) Curve((double X, double Y)[] points, int i, double t)
    {
        (double X, double Y) a = points[Math.Max(0, i - 1)], b = points[i], c = points[i + 1], d = points[Math.Min(points.Length - 1, i + 2)];
        return (Blend(a.X, b.X, c.X, d.X), Blend(a.Y, b.Y, c.Y, d.Y));

        double Blend(double p, double q, double r, double s) =>
            0.5 * ((2 * q) + (t * (r - p)) + (t * t * ((2 * p) - (5 * q) + (4 * r) - s)) + (t * t * t * ((3 * q) - p - (3 * r) + s)));
    }

    /// <summary>A round dot of the pen, with a soft edge of one pixel.</summary>
    private static void Dot(Span<double> level, (double X, double Y) center, double radius)
    {
        int reach = (int)Math.Ceiling(radius + 1);
        for (int y = Math.Max(0, (int)center.Y - reach); y <= Math.Min(Side - 1, (int)center.Y + reach); y++)
        {
            for (int x = Math.Max(0, (int)center.X - reach); x <= Math.Min(Side - 1, (int)center.X + reach); x++)
            {
                double distance = Math.Sqrt(((x - center.X) * (x - center.X)) + ((y - center.Y) * (y - center.Y)));
                ref double pixel = ref level[(y * Side) + x];
                pixel = Math.Max(pixel, Math.Clamp(radius + 0.5 - distance, 0, 1));
            }
        }
    }

    private static (double X, double Y) Point(string text)
    {
        string[] parts = text.Split(',');
        return (double.Parse(parts[0]) / 100, double.Parse(parts[1]) / 100);
    }
}
