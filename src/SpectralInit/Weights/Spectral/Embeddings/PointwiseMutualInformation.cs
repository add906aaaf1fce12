namespace SpectralInit;

/// <summary>Association of words from their co-occurrence: how much more often a pair occurs than chance would have it.</summary>
public static class PointwiseMutualInformation
{
    /// <summary>
    /// Shifted positive pointwise mutual information with smoothed contexts:
    /// max(0, log(P(w,c) / (P(w)·P_α(c))) − log k), P_α(c) ∝ count(c)^α
    /// (Levy, Goldberg and Dagan, "Improving distributional similarity with lessons learned from word embeddings", TACL 2015, §3.2–3.3).
    /// </summary>
    /// <param name="counts">Pair counts.</param>
    /// <param name="shift">k ≥ 1: negative samples of the equivalent word2vec model. Default: 1, no shift.</param>
    /// <param name="contextSmoothing">α in (0, 1]; less than 1 lowers the weight of rare contexts. Default: 0.75.</param>
    /// <returns>V × V; entries that are not positive are not stored.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of range.</exception>
    public static SparseMatrix Positive(CooccurrenceCounts counts, double shift = 1, double contextSmoothing = 0.75)
    {
        ArgumentNullException.ThrowIfNull(counts);
        if (!(shift >= 1 && double.IsFinite(shift)))
            throw new ArgumentOutOfRangeException(nameof(shift), shift, "The shift is the number of negative samples, at least 1.");
        if (!(contextSmoothing > 0 && contextSmoothing <= 1))
            throw new ArgumentOutOfRangeException(nameof(contextSmoothing), contextSmoothing, "Context smoothing lies above 0 and at most at 1; 0.75 is usual.");

        SparseMatrix matrix = counts.Matrix;
        double[] wordSums = new double[matrix.Rows];
        for (int word = 0; word < wordSums.Length; word++)
        {
            foreach (double value in matrix.Row(word).Values.Span)
                wordSums[word] += value;
        }

        // The matrix is symmetric: a word's sum as a context is its sum as a centre.
        double[] contexts = [.. wordSums.Select(sum => Math.Pow(sum, contextSmoothing))];
        double contextTotal = contexts.Sum();
        double logShift = Math.Log(shift);
        return SparseMatrix.FromEntries(matrix.Rows, matrix.Columns, Entries());

        IEnumerable<(int Row, int Column, double Value)> Entries()
        {
            for (int word = 0; word < matrix.Rows; word++)
            {
                (ReadOnlyMemory<int> columns, ReadOnlyMemory<double> values) = matrix.Row(word);
                for (int i = 0; i < columns.Length; i++)
                {
                    int context = columns.Span[i];
                    double information = Math.Log(values.Span[i] * contextTotal / (wordSums[word] * contexts[context])) - logShift;
                    if (information > 0)
                        yield return (word, context, information);
                }
            }
        }
    }
}
