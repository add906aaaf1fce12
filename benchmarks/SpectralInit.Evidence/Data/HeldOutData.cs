namespace SpectralInit.Evidence;

/// <summary>Data sets made from a formula on which no initializer, rule or default of the library was tuned: they were written after, and looked at once.</summary>
internal static class HeldOutData
{
    /// <summary>Every held-out set by name.</summary>
    public static IReadOnlyDictionary<string, MadeSet> All { get; } = new Dictionary<string, MadeSet>
    {
        ["heavy"] = Heavy,
        ["parity"] = Parity,
        ["categories"] = Categories,
        ["ordinal"] = Ordinal,
        ["spectra"] = Spectra,
        ["rare"] = Rare,
    };

    // 25 features with tails of Student's t of two degrees of freedom; the class is decided by the logarithms of four of them.
    private static DataSet Heavy(int rows)
    {
        const int Features = 25, Classes = 3, Useful = 4;
        Draws draws = new("heavy");
        float[] directions = draws.Normal(Classes * Useful);
        float[] x = new float[rows * Features];
        int[] labels = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            float[] z = draws.Normal(Features), u = draws.Uniform(Features), noise = draws.Normal(Classes);
            float[] score = new float[Classes];
            for (int j = 0; j < Features; j++)
                x[(i * Features) + j] = z[j] / MathF.Sqrt(MathF.Max(-MathF.Log(1 - u[j]), 1e-6f));
            for (int c = 0; c < Classes; c++)
            {
                score[c] = 0.3f * noise[c];
                for (int k = 0; k < Useful; k++)
                    score[c] += directions[(c * Useful) + k] * MathF.CopySign(MathF.Log(1 + MathF.Abs(x[(i * Features) + k])), x[(i * Features) + k]);
            }

            labels[i] = Array.IndexOf(score, score.Max());
        }

        return new DataSet("heavy", LabeledRows.Classes(x, Features, labels, Classes));
    }

    // Two features decide by the sign of their product, six say nothing.
    private static DataSet Parity(int rows)
    {
        const int Features = 8;
        Draws draws = new("parity");
        float[] x = new float[rows * Features];
        int[] labels = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            draws.Normal(Features).CopyTo(x, i * Features);
            labels[i] = x[i * Features] * x[(i * Features) + 1] > 0 ? 1 : 0;
        }

        return new DataSet("parity", LabeledRows.Classes(x, Features, labels, 2));
    }

    // Twelve categorical features of ten levels each, one-hot; the levels of three of them add up to the class.
    private static DataSet Categories(int rows)
    {
        const int Variables = 12, Levels = 10, Useful = 3, Classes = 3, Features = Variables * Levels;
        Draws draws = new("categories");
        float[] effects = draws.Normal(Useful * Levels * Classes);
        float[] x = new float[rows * Features];
        int[] labels = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            float[] u = draws.Uniform(Variables), score = draws.Normal(Classes);
            for (int v = 0; v < Variables; v++)
            {
                // The first levels are common, the last rare.
                int level = (int)(Levels * u[v] * u[v]);
                x[(i * Features) + (v * Levels) + level] = 1;
                for (int c = 0; c < Classes && v < Useful; c++)
                    score[c] = (v == 0 ? 0.3f * score[c] : score[c]) + effects[(((v * Levels) + level) * Classes) + c];
            }

            labels[i] = Array.IndexOf(score, score.Max());
        }

        return new DataSet("categories", LabeledRows.Classes(x, Features, labels, Classes), Standardization.Global);
    }

    // Grades 0 to 4 of a monotone, curved sum of features with unlike, skewed scales: regression on ordered levels.
    private static DataSet Ordinal(int rows)
    {
        const int Features = 15;
        Draws draws = new("ordinal");
        float[] weight = draws.Normal(5);
        float[] x = new float[rows * Features], y = new float[rows];
        for (int i = 0; i < rows; i++)
        {
            float[] z = draws.Normal(Features + 1);
            float score = 0.5f * z[Features];
            for (int j = 0; j < Features; j++)
            {
                x[(i * Features) + j] = MathF.Exp(0.8f * z[j]) * (1 + j);
                if (j < weight.Length)
                    score += weight[j] * z[j];
            }

            score += 0.7f * MathF.Max(z[0], 0) * MathF.Max(z[1], 0);
            y[i] = (score > -2 ? 1 : 0) + (score > -0.7f ? 1 : 0) + (score > 0.7f ? 1 : 0) + (score > 2 ? 1 : 0);
        }

        return new DataSet("ordinal", LabeledRows.Regression(x, Features, y, 1));
    }

    // Spectra of 80 channels: two peaks whose distance is the class, shifted at random, on a drifting base line.
    private static DataSet Spectra(int rows)
    {
        const int Channels = 80, Classes = 4;
        Draws draws = new("spectra");
        float[] x = new float[rows * Channels];
        int[] labels = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            float[] noise = draws.Normal(Channels), u = draws.Uniform(5);
            int c = labels[i] = (int)(u[0] * Classes);
            float center = 25 + (10 * u[1]), distance = 12 + (6 * c), height = 0.6f + (0.8f * u[2]);
            for (int t = 0; t < Channels; t++)
            {
                float first = (t - center) / 3, second = (t - center - distance) / 3;
                x[(i * Channels) + t] = MathF.Exp(-0.5f * first * first) + (height * MathF.Exp(-0.5f * second * second)) + (2 * u[3]) + ((u[4] - 0.5f) * t / 20) + (0.15f * noise[t]);
            }
        }

        return new DataSet("spectra", LabeledRows.Classes(x, Channels, labels, Classes), Standardization.Global);
    }

    // One row in twenty-one belongs to the second class, which is a shifted, narrower cloud.
    private static DataSet Rare(int rows)
    {
        const int Features = 15;
        Draws draws = new("rare");
        float[] shift = draws.Normal(Features);
        float[] x = new float[rows * Features];
        int[] labels = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            float[] z = draws.Normal(Features);
            int c = labels[i] = draws.Uniform(1)[0] < 1 / 21f ? 1 : 0;
            for (int j = 0; j < Features; j++)
                x[(i * Features) + j] = c == 0 ? z[j] : (0.6f * z[j]) + (0.7f * shift[j]);
        }

        return new DataSet("rare", LabeledRows.Classes(x, Features, labels, 2));
    }
}
