namespace SpectralInit.Evidence;

/// <summary>Data sets made from a formula, 3000 rows each unless asked otherwise, chosen to differ in what an initializer can and cannot exploit.</summary>
internal static class MadeData
{
    /// <summary>Every set that may be looked at while an initializer is made, by name.</summary>
    public static IReadOnlyDictionary<string, MadeSet> All { get; } = new Dictionary<string, MadeSet>
    {
        ["correlated"] = Correlated,
        ["sparse"] = Sparse,
        ["windows"] = Windows,
        ["imbalanced"] = Imbalanced,
        ["noisy"] = rows => GradedData.Noisy(2, rows) with { Name = "noisy" },
        ["shells"] = Shells,
        ["clusters"] = Clusters,
        ["friedman"] = Friedman,
        ["waves"] = Waves,
    };

    /// <summary>A set by its name, from here or one of the held-out batches.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static MadeSet Find(string name) =>
        All.TryGetValue(name, out MadeSet? make) || HeldOutData.All.TryGetValue(name, out make) || SecondHeldOutData.All.TryGetValue(name, out make)
            ? make
            : throw new ArgumentException($"There is no made data set '{name}'. Known: {string.Join(", ", [.. All.Keys, .. HeldOutData.All.Keys, .. SecondHeldOutData.All.Keys])}.", nameof(name));

    // 60 features that mix 8 latent ones, of geometrically falling strength; the class is a smooth nonlinear function of the latent ones.
    private static DataSet Correlated(int rows)
    {
        const int Latent = 8, Features = 60, Classes = 4, Hidden = 12;
        Draws draws = new("correlated");
        float[] mixing = draws.Normal(Features * Latent), first = draws.Normal(Hidden * Latent), second = draws.Normal(Classes * Hidden);
        float[] x = new float[rows * Features];
        int[] labels = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            float[] z = draws.Normal(Latent), noise = draws.Normal(Features);
            for (int j = 0; j < Features; j++)
            {
                x[(i * Features) + j] = 0.2f * noise[j];
                for (int k = 0; k < Latent; k++)
                    x[(i * Features) + j] += MathF.Pow(0.7f, k) * mixing[(j * Latent) + k] * z[k];
            }

            float[] score = new float[Classes];
            for (int h = 0; h < Hidden; h++)
            {
                float sum = 0;
                for (int k = 0; k < Latent; k++)
                    sum += first[(h * Latent) + k] * z[k];
                for (int c = 0; c < Classes; c++)
                    score[c] += second[(c * Hidden) + h] * MathF.Tanh(sum);
            }

            labels[i] = Array.IndexOf(score, score.Max());
        }

        return new DataSet("correlated", LabeledRows.Classes(x, Features, labels, Classes));
    }

    // Word counts: 500 words of Zipfian frequency, 5 topics that each favor 40 of them, 30 words a document.
    private static DataSet Sparse(int rows)
    {
        const int Words = 500, Topics = 5, Length = 30;
        Draws draws = new("sparse");
        double[][] cumulative = new double[Topics][];
        for (int t = 0; t < Topics; t++)
        {
            float[] favor = draws.Uniform(Words);
            cumulative[t] = new double[Words];
            double sum = 0;
            for (int w = 0; w < Words; w++)
                cumulative[t][w] = sum += (favor[w] < 0.08 ? 4.0 : 1.0) / (w + 10);
        }

        float[] x = new float[rows * Words];
        int[] labels = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            float[] u = draws.Uniform(Length + 1);
            double[] table = cumulative[labels[i] = (int)(u[Length] * Topics)];
            for (int k = 0; k < Length; k++)
            {
                int word = Array.BinarySearch(table, u[k] * table[^1]);
                x[(i * Words) + Math.Min(Words - 1, word < 0 ? ~word : word)]++;
            }
        }

        return new DataSet("sparse", LabeledRows.Classes(x, Words, labels, Topics), Standardization.Global);
    }

    // 64 steps of one of four processes at random phase: smooth and alternating autoregressions, a noisy sine, a chirp.
    private static DataSet Windows(int rows)
    {
        const int Steps = 64;
        Draws draws = new("windows");
        float[] x = new float[rows * Steps];
        int[] labels = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            float[] noise = draws.Normal(Steps + 1), u = draws.Uniform(3);
            int kind = labels[i] = (int)(u[0] * 4);
            float state = noise[Steps], phase = 2 * MathF.PI * u[1], frequency = 0.2f + (0.3f * u[2]);
            for (int t = 0; t < Steps; t++)
            {
                state = (kind == 0 ? 0.9f : -0.7f) * state + (kind == 0 ? 0.44f : 0.71f) * noise[t];
                x[(i * Steps) + t] = kind switch
                {
                    0 or 1 => state,
                    2 => MathF.Sin((frequency * t) + phase) + (0.7f * noise[t]),
                    _ => MathF.Sin((frequency * t * (0.5f + (t / (float)Steps))) + phase) + (0.7f * noise[t]),
                };
            }
        }

        return new DataSet("windows", LabeledRows.Classes(x, Steps, labels, 4), Standardization.Global);
    }

    // 85, 10 and 5 percent of rows in three overlapping classes of unlike shape.
    private static DataSet Imbalanced(int rows)
    {
        const int Features = 20;
        Draws draws = new("imbalanced");
        float[] centers = draws.Normal(3 * Features), shape = draws.Uniform(3 * Features);
        float[] x = new float[rows * Features];
        int[] labels = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            float[] z = draws.Normal(Features);
            float u = draws.Uniform(1)[0];
            int c = labels[i] = u < 0.85f ? 0 : u < 0.95f ? 1 : 2;
            for (int j = 0; j < Features; j++)
                x[(i * Features) + j] = (0.8f * centers[(c * Features) + j]) + ((0.5f + (1.5f * shape[(c * Features) + j])) * z[j]);
        }

        return new DataSet("imbalanced", LabeledRows.Classes(x, Features, labels, 3));
    }

    // Three concentric shells in 8 dimensions: classes with equal means and no linear information.
    private static DataSet Shells(int rows)
    {
        const int Features = 8;
        Draws draws = new("shells");
        float[] x = new float[rows * Features];
        int[] labels = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            float[] z = draws.Normal(Features + 1);
            int c = labels[i] = (int)(draws.Uniform(1)[0] * 3);
            float norm = MathF.Sqrt(z.Take(Features).Sum(value => value * value)), radius = 1 + c + (0.3f * z[Features]);
            for (int j = 0; j < Features; j++)
                x[(i * Features) + j] = z[j] / norm * radius;
        }

        return new DataSet("shells", LabeledRows.Classes(x, Features, labels, 3));
    }

    // Four classes of four clusters each, in 30 dimensions: a class is not one direction.
    private static DataSet Clusters(int rows)
    {
        const int Features = 30, Classes = 4, Each = 4;
        Draws draws = new("clusters");
        float[] centers = draws.Normal(Classes * Each * Features);
        float[] x = new float[rows * Features];
        int[] labels = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            float[] z = draws.Normal(Features);
            int cluster = (int)(draws.Uniform(1)[0] * Classes * Each);
            labels[i] = cluster % Classes;
            for (int j = 0; j < Features; j++)
                x[(i * Features) + j] = centers[(cluster * Features) + j] + (1.2f * z[j]);
        }

        return new DataSet("clusters", LabeledRows.Classes(x, Features, labels, Classes));
    }

    // Friedman's first function (Multivariate adaptive regression splines, Annals of Statistics 1991) with 15 idle features.
    private static DataSet Friedman(int rows)
    {
        const int Features = 20;
        Draws draws = new("friedman");
        float[] x = new float[rows * Features], y = new float[rows];
        for (int i = 0; i < rows; i++)
        {
            float[] u = draws.Uniform(Features);
            u.CopyTo(x, i * Features);
            y[i] = (10 * MathF.Sin(MathF.PI * u[0] * u[1])) + (20 * (u[2] - 0.5f) * (u[2] - 0.5f)) + (10 * u[3]) + (5 * u[4]) + draws.Normal(1)[0];
        }

        return new DataSet("friedman", LabeledRows.Regression(x, Features, y, 1));
    }

    // Two smooth waves over a plane of two hidden directions in 12 correlated features.
    private static DataSet Waves(int rows)
    {
        const int Features = 12;
        Draws draws = new("waves");
        float[] mixing = draws.Normal(Features * 4);
        float[] x = new float[rows * Features], y = new float[rows * 2];
        for (int i = 0; i < rows; i++)
        {
            float[] z = draws.Normal(4), noise = draws.Normal(Features + 2);
            for (int j = 0; j < Features; j++)
            {
                x[(i * Features) + j] = 0.3f * noise[j];
                for (int k = 0; k < 4; k++)
                    x[(i * Features) + j] += mixing[(j * 4) + k] * z[k];
            }

            y[2 * i] = MathF.Sin(1.5f * z[0]) + z[1] + (0.2f * noise[Features]);
            y[(2 * i) + 1] = (z[0] * z[1]) + (0.2f * noise[Features + 1]);
        }

        return new DataSet("waves", LabeledRows.Regression(x, Features, y, 2));
    }
}
