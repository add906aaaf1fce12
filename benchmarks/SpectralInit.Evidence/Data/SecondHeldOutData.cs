namespace SpectralInit.Evidence;

/// <summary>A second batch of made sets on which nothing was tuned: written while the rules were still changing, and not run with them before they were settled.</summary>
internal static class SecondHeldOutData
{
    /// <summary>Every set of the batch by name.</summary>
    public static IReadOnlyDictionary<string, MadeSet> All { get; } = new Dictionary<string, MadeSet>
    {
        ["figures"] = Figures,
        ["records"] = Records,
        ["counts"] = Counts,
        ["sweeps"] = Sweeps,
        ["exclusive"] = Exclusive,
        ["outliers"] = Outliers,
    };

    // 16 × 16 images of a disk, a square, a cross or a ring, of any place, size and contrast, in noise.
    private static DataSet Figures(int rows)
    {
        const int Side = 16, Kinds = 4;
        Draws draws = new("figures");
        float[] x = new float[rows * Side * Side];
        int[] labels = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            float[] u = draws.Uniform(5), noise = draws.Normal(Side * Side);
            int kind = labels[i] = (int)(u[0] * Kinds);
            float size = 2.5f + (4 * u[1]), centerX = size + ((Side - 1 - (2 * size)) * u[2]), centerY = size + ((Side - 1 - (2 * size)) * u[3]), contrast = 0.5f + u[4];
            for (int p = 0; p < Side * Side; p++)
            {
                float dx = MathF.Abs((p % Side) - centerX), dy = MathF.Abs((p / Side) - centerY), radius = MathF.Sqrt((dx * dx) + (dy * dy));
                bool inside = kind switch
                {
                    0 => radius <= size,
                    1 => MathF.Max(dx, dy) <= 0.85f * size,
                    2 => MathF.Min(dx, dy) <= 0.3f * size && MathF.Max(dx, dy) <= size,
                    _ => radius <= size && radius >= 0.6f * size,
                };
                x[(i * Side * Side) + p] = (inside ? contrast : 0) + (0.25f * noise[p]);
            }
        }

        return new DataSet("figures", LabeledRows.Classes(x, Side * Side, labels, Kinds), Standardization.Global);
    }

    // A table as offices keep it: eight numbers of unlike scale, a tenth of them missing and written as 0, and four one-hot choices; both decide, and one choice turns the sign of a number.
    private static DataSet Records(int rows)
    {
        const int Numbers = 8, Choices = 4, Levels = 5, Features = Numbers + (Choices * Levels), Classes = 3;
        Draws draws = new("records");
        float[] effects = draws.Normal(Classes * (Numbers + (Choices * Levels)));
        float[] x = new float[rows * Features];
        int[] labels = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            float[] z = draws.Normal(Numbers + Classes), u = draws.Uniform(Numbers + Choices), score = new float[Classes];
            Span<float> row = x.AsSpan(i * Features, Features);
            int first = (int)(Levels * u[Numbers]);
            for (int c = 0; c < Classes; c++)
                score[c] = 0.3f * z[Numbers + c];
            for (int j = 0; j < Numbers; j++)
            {
                if (u[j] >= 0.1f)
                    row[j] = MathF.Pow(10, j % 4) * (j % 2 == 0 ? z[j] + 2 : MathF.Exp(0.7f * z[j]));
                for (int c = 0; c < Classes && j < 4; c++)
                    score[c] += effects[(c * Numbers) + j] * z[j] * (j == 0 && first < 2 ? -1 : 1);
            }

            for (int v = 0; v < Choices; v++)
            {
                int level = (int)(Levels * u[Numbers + v]);
                row[Numbers + (v * Levels) + level] = 1;
                for (int c = 0; c < Classes && v < 2; c++)
                    score[c] += 0.8f * effects[(Classes * Numbers) + (((c * Choices) + v) * Levels) + level];
            }

            labels[i] = Array.IndexOf(score, score.Max());
        }

        return new DataSet("records", LabeledRows.Classes(x, Features, labels, Classes));
    }

    // Counts of 40 events of unlike frequency that three latent causes drive together; the answer is a count too, log-linear in eight of them (regression).
    private static DataSet Counts(int rows)
    {
        const int Features = 40, Causes = 3, Useful = 8;
        Draws draws = new("counts");
        float[] loading = draws.Normal(Features * Causes), weight = draws.Normal(Useful);
        float[] x = new float[rows * Features], y = new float[rows];
        for (int i = 0; i < rows; i++)
        {
            float[] z = draws.Normal(Causes), u = draws.Uniform(Features + 1);
            float score = 0.8f;
            for (int j = 0; j < Features; j++)
            {
                float usual = -0.5f + (3f * j / Features), rate = usual;
                for (int k = 0; k < Causes; k++)
                    rate += 0.35f * loading[(j * Causes) + k] * z[k];
                x[(i * Features) + j] = Poisson(MathF.Exp(rate), u[j]);
                if (j % 5 == 0)
                    score += 0.4f * weight[j / 5] * (MathF.Log(1 + x[(i * Features) + j]) - MathF.Log(1 + MathF.Exp(usual)));
            }

            y[i] = Poisson(MathF.Exp(MathF.Min(score, 4)), u[Features]);
        }

        return new DataSet("counts", LabeledRows.Regression(x, Features, y, 1));
    }

    // 96 samples of a tone whose pitch falls, stays, rises or rises and falls, from any pitch, at any phase and loudness, in noise.
    private static DataSet Sweeps(int rows)
    {
        const int Samples = 96, Kinds = 4;
        Draws draws = new("sweeps");
        float[] x = new float[rows * Samples];
        int[] labels = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            float[] u = draws.Uniform(4), noise = draws.Normal(Samples);
            int kind = labels[i] = (int)(u[0] * Kinds);
            float pitch = 0.25f + (0.15f * u[1]), phase = 2 * MathF.PI * u[2], loudness = 0.7f + (0.6f * u[3]);
            for (int t = 0; t < Samples; t++)
            {
                float place = t / (float)Samples;
                x[(i * Samples) + t] = (loudness * MathF.Sin(phase)) + (0.4f * noise[t]);
                phase += pitch + (kind switch { 0 => -0.15f * place, 1 => 0, 2 => 0.25f * place, _ => 0.25f * (1 - MathF.Abs((2 * place) - 1)) });
            }
        }

        return new DataSet("sweeps", LabeledRows.Classes(x, Samples, labels, Kinds), Standardization.Global);
    }

    // Six clusters in a hidden plane of 40 features, next to each other of different class, so that no half plane divides them; four strong directions shared by all features are nuisance.
    private static DataSet Exclusive(int rows)
    {
        const int Features = 40, Nuisance = 4, Around = 6;
        Draws draws = new("exclusive");
        float[] plane = draws.Normal(Features * 2), mixing = draws.Normal(Features * Nuisance);
        float[] x = new float[rows * Features];
        int[] labels = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            float[] z = draws.Normal(Nuisance + 2), noise = draws.Normal(Features);
            int cluster = (int)(Around * draws.Uniform(1)[0]);
            labels[i] = cluster % 2;
            (float sine, float cosine) = MathF.SinCos(2 * MathF.PI * cluster / Around);
            float a = (2 * cosine) + (0.5f * z[Nuisance]), b = (2 * sine) + (0.5f * z[Nuisance + 1]);
            for (int j = 0; j < Features; j++)
            {
                float value = (a * plane[2 * j]) + (b * plane[(2 * j) + 1]) + noise[j];
                for (int k = 0; k < Nuisance; k++)
                    value += 1.2f * mixing[(j * Nuisance) + k] * z[k];
                x[(i * Features) + j] = value;
            }
        }

        return new DataSet("exclusive", LabeledRows.Classes(x, Features, labels, 2), Standardization.Global);
    }

    // Three numbers to predict from 18 features, smooth in three hidden directions; one row in twelve answers wildly.
    private static DataSet Outliers(int rows)
    {
        const int Features = 18, Hidden = 3, Answers = 3;
        Draws draws = new("outliers");
        float[] directions = new OrthogonalInitializer().Create<float>(WeightShape.Dense(Features, Hidden), 3);
        float[] x = new float[rows * Features], y = new float[rows * Answers];
        for (int i = 0; i < rows; i++)
        {
            float[] z = draws.Normal(Features), noise = draws.Normal(Answers), h = new float[Hidden];
            z.CopyTo(x, i * Features);
            for (int k = 0; k < Hidden; k++)
                h[k] = System.Numerics.Tensors.TensorPrimitives.Dot<float>(directions.AsSpan(k * Features, Features), z);
            float spread = draws.Uniform(1)[0] < 1 / 12f ? 3 : 0.3f;
            y[Answers * i] = h[0] + (0.5f * h[1] * h[1]) + (spread * noise[0]);
            y[(Answers * i) + 1] = (2 * MathF.Tanh(h[1] + h[2])) + (spread * noise[1]);
            y[(Answers * i) + 2] = MathF.Abs(h[0] - h[2]) + (spread * noise[2]);
        }

        return new DataSet("outliers", LabeledRows.Regression(x, Features, y, Answers));
    }

    // The number whose cumulative probability passes u.
    private static float Poisson(float rate, float u)
    {
        double probability = Math.Exp(-rate), sum = probability;
        int count = 0;
        while (u > sum && count < 1000)
        {
            count++;
            probability *= rate / count;
            sum += probability;
        }

        return count;
    }
}
