namespace SpectralInit.Evidence;

/// <summary>Made sets with one quantity to turn: how strong the idle features are, how unequal the directions of the data.</summary>
internal static class GradedData
{
    private const int Rows = 3000;

    /// <summary>10 features of spread 1 decide, 90 of another spread say nothing. All spreads draw the same numbers.</summary>
    public static DataSet Noisy(double spread, int rows = Rows)
    {
        const int Features = 100, Useful = 10, Classes = 3;
        Draws draws = new("noisy");
        float[] centers = draws.Normal(Classes * Useful);
        float[] x = new float[rows * Features];
        int[] labels = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            float[] z = draws.Normal(Features);
            int c = labels[i] = (int)(draws.Uniform(1)[0] * Classes);
            for (int j = 0; j < Features; j++)
                x[(i * Features) + j] = j < Useful ? z[j] + centers[(c * Useful) + j] : (float)spread * z[j];
        }

        return new DataSet($"noise-{spread}", LabeledRows.Classes(x, Features, labels, Classes), Standardization.Global);
    }

    /// <summary>
    /// 60 rotated features whose covariance has eigenvalues 1 … 1/condition in geometric steps. The class is a smooth function of eight
    /// numbers of spread 1: the leading principal coordinates, the trailing ones, or eight mixtures of all of them, each first divided by its own spread.
    /// </summary>
    public static DataSet Conditioned(double condition, string answer)
    {
        const int Features = 60, Latent = 8, Classes = 4, Hidden = 12;
        Draws draws = new("conditioned");
        float[] rotation = new OrthogonalInitializer().Create<float>(WeightShape.Dense(Features, Features), 1), mixing = new OrthogonalInitializer().Create<float>(WeightShape.Dense(Features, Latent), 2);
        float[] first = draws.Normal(Hidden * Latent), second = draws.Normal(Classes * Hidden);
        float[] x = new float[Rows * Features];
        int[] labels = new int[Rows];
        for (int i = 0; i < Rows; i++)
        {
            float[] z = draws.Normal(Features), u = new float[Latent], score = new float[Classes];
            for (int j = 0; j < Features; j++)
            {
                float spread = (float)Math.Pow(condition, -0.5 * j / (Features - 1));
                for (int k = 0; k < Features; k++)
                    x[(i * Features) + k] += spread * z[j] * rotation[(j * Features) + k];
                for (int k = 0; k < Latent && answer == "all"; k++)
                    u[k] += mixing[(k * Features) + j] * z[j];
            }

            if (answer != "all")
                z.AsSpan(answer == "leading" ? 0 : Features - Latent, Latent).CopyTo(u);
            for (int h = 0; h < Hidden; h++)
            {
                float sum = 0;
                for (int k = 0; k < Latent; k++)
                    sum += first[(h * Latent) + k] * u[k];
                for (int c = 0; c < Classes; c++)
                    score[c] += second[(c * Hidden) + h] * MathF.Tanh(sum);
            }

            labels[i] = Array.IndexOf(score, score.Max());
        }

        return new DataSet($"condition-{condition}-{answer}", LabeledRows.Classes(x, Features, labels, Classes), Standardization.Global);
    }
}
