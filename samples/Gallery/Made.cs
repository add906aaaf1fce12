namespace Gallery;

/// <summary>Data made from a seed, for machines without the real sets.</summary>
internal static class Made
{
    /// <summary>Gray images of overlapping soft ellipses and bars: edges in all directions, like a photograph's.</summary>
    public static double[] Shapes(int images, int size, int seed)
    {
        Random random = new(seed);
        double[] pixels = new double[images * size * size];
        for (int image = 0; image < images; image++)
        {
            Span<double> canvas = pixels.AsSpan(image * size * size, size * size);
            canvas.Fill(random.NextDouble());
            for (int shape = 0; shape < 14; shape++)
            {
                double x = random.NextDouble() * size, y = random.NextDouble() * size, angle = random.NextDouble() * Math.PI, tone = random.NextDouble();
                double a = 2 + (random.NextDouble() * size / 3), b = 1 + (random.NextDouble() * a);
                for (int i = 0; i < canvas.Length; i++)
                {
                    double dx = (i % size) - x, dy = (i / size) - y;
                    double u = ((dx * Math.Cos(angle)) + (dy * Math.Sin(angle))) / a, v = ((dy * Math.Cos(angle)) - (dx * Math.Sin(angle))) / b;
                    double cover = 1 / (1 + Math.Exp(8 * ((u * u) + (v * v) - 1)));
                    canvas[i] += cover * (tone - canvas[i]);
                }
            }
        }

        return pixels;
    }

    /// <summary>Sentences of a little grammar: what words mean shows in what they stand beside.</summary>
    public static IEnumerable<string> Sentences(int count, int seed)
    {
        string[] animals = ["dog", "cat", "horse", "cow", "fox"], foods = ["bread", "rice", "soup", "apples", "cheese"];
        string[] people = ["anna", "boris", "clara", "dmitri", "elena"], moves = ["runs", "sleeps", "jumps", "hides"], tastes = ["warm", "fresh", "sweet", "salty"];
        Random random = new(seed);
        string One(string[] words) => words[random.Next(words.Length)];
        for (int i = 0; i < count; i++)
        {
            string[] sentence = random.Next(3) switch
            {
                0 => ["the", One(animals), One(moves), "in", "the", "field"],
                1 => [One(people), "eats", One(tastes), One(foods), "at", "noon"],
                _ => [One(people), "feeds", "the", One(animals), "with", One(foods)],
            };
            foreach (string word in sentence)
                yield return word;
        }
    }

    /// <summary>Returns of correlated series: a few damped cycles seen through a random mixing, and noise.</summary>
    public static double[] Cycles(int steps, int features, int seed)
    {
        Random random = new(seed);
        const int Pairs = 3;
        double[] state = new double[2 * Pairs], mixing = new double[2 * Pairs * features], series = new double[steps * features];
        for (int i = 0; i < mixing.Length; i++)
            mixing[i] = Normal(random);
        for (int t = 0; t < steps; t++)
        {
            for (int p = 0; p < Pairs; p++)
            {
                double angle = 0.3 + (0.5 * p), radius = 0.98 - (0.04 * p);
                (double a, double b) = (state[2 * p], state[(2 * p) + 1]);
                state[2 * p] = (radius * ((a * Math.Cos(angle)) - (b * Math.Sin(angle)))) + (0.3 * Normal(random));
                state[(2 * p) + 1] = radius * ((a * Math.Sin(angle)) + (b * Math.Cos(angle)));
            }

            for (int f = 0; f < features; f++)
            {
                double value = 0.5 * Normal(random);
                for (int s = 0; s < state.Length; s++)
                    value += state[s] * mixing[(s * features) + f];
                series[(t * features) + f] = value;
            }
        }

        return series;
    }

    /// <summary>Classes as noisy shells and blobs in many correlated features.</summary>
    public static (double[] Rows, int[] Labels) Classes(int rows, int features, int classes, int seed)
    {
        Random random = new(seed);
        double[] centres = new double[classes * features], mixing = new double[8 * features], data = new double[rows * features];
        int[] labels = new int[rows];
        for (int i = 0; i < centres.Length; i++)
            centres[i] = 0.9 * Normal(random);
        for (int i = 0; i < mixing.Length; i++)
            mixing[i] = Normal(random);
        for (int row = 0; row < rows; row++)
        {
            int label = labels[row] = random.Next(classes);
            double[] common = [.. Enumerable.Range(0, 8).Select(_ => Normal(random))];
            for (int f = 0; f < features; f++)
            {
                double value = centres[(label * features) + f] + (0.6 * Normal(random));
                for (int c = 0; c < 8; c++)
                    value += common[c] * mixing[(c * features) + f];
                data[(row * features) + f] = value;
            }
        }

        return (data, labels);
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
