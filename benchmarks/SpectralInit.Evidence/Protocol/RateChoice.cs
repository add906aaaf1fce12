namespace SpectralInit.Evidence;

/// <summary>What the validation rows say of every initializer at every learning rate.</summary>
internal sealed class RateChoice(int candidates, int rates, int seeds, Criterion criterion)
{
    // Stands for a loss that left the finite numbers, so that means can still be compared.
    private const double Diverged = 1e9;

    private readonly double[,,] _scores = new double[candidates, rates, seeds], _losses = new double[candidates, rates, seeds];
    private readonly int[,,] _runs = new int[candidates, rates, seeds];

    /// <summary>Takes one run; different candidates or seeds may be added at once.</summary>
    public void Add(int candidate, int rate, int seed, Evaluation last)
    {
        _scores[candidate, rate, seed] += last.Score;
        _losses[candidate, rate, seed] += double.IsFinite(last.Loss) ? last.Loss : Diverged;
        _runs[candidate, rate, seed]++;
    }

    /// <summary>The rate with the highest mean score, the lower mean loss breaking ties, which are common when the validation part is small; or with the lowest mean loss.</summary>
    public int Best(int candidate)
    {
        int best = 0;
        for (int rate = 1; rate < rates; rate++)
        {
            double score = Mean(_scores, candidate, rate) - Mean(_scores, candidate, best), loss = Mean(_losses, candidate, rate) - Mean(_losses, candidate, best);
            bool scores = criterion == Criterion.Score;
            if ((scores && score > 1e-9) || ((!scores || Math.Abs(score) <= 1e-9) && loss < 0))
                best = rate;
        }

        return best;
    }

    /// <summary>Mean validation score, or loss, at every rate; empty without a choice.</summary>
    public double[] Means(int candidate) =>
        rates < 2 ? [] : [.. Enumerable.Range(0, rates).Select(rate => Mean(criterion == Criterion.Score ? _scores : _losses, candidate, rate))];

    private double Mean(double[,,] values, int candidate, int rate)
    {
        double sum = 0;
        int count = 0;
        for (int seed = 0; seed < seeds; seed++)
            (sum, count) = (sum + values[candidate, rate, seed], count + _runs[candidate, rate, seed]);
        return sum / Math.Max(1, count);
    }
}
