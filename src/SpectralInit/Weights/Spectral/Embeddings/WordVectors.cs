using System.Numerics.Tensors;

namespace SpectralInit;

/// <summary>
/// Word vectors U·Σ^p from the truncated singular value decomposition of positive pointwise mutual information
/// (Levy and Goldberg, "Neural word embedding as implicit matrix factorization", NIPS 2014).
/// </summary>
public sealed class WordVectors
{
    private readonly Dictionary<string, int> _rows;
    private readonly double[] _inverseNorms;

    private WordVectors(IReadOnlyList<string> vocabulary, int dimension, double[] values, double[] singularValues)
    {
        Vocabulary = vocabulary;
        Dimension = dimension;
        Values = values;
        SingularValues = singularValues;
        _rows = new(StringComparer.Ordinal);
        for (int row = 0; row < vocabulary.Count; row++)
            _rows.Add(vocabulary[row], row);
        _inverseNorms = [.. Enumerable.Range(0, vocabulary.Count).Select(row => TensorPrimitives.Norm(Row(row)) is double norm and > 0 ? 1 / norm : 0)];
    }

    /// <summary>Words, most frequent first.</summary>
    public IReadOnlyList<string> Vocabulary { get; }

    /// <summary>Length of a vector.</summary>
    public int Dimension { get; }

    /// <summary>One row per word: vocabulary × dimension, row-major. Owned by this object; do not change it.</summary>
    public double[] Values { get; }

    /// <summary>Leading singular values of the mutual information, descending.</summary>
    public double[] SingularValues { get; }

    /// <summary>How many words, of what dimension.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Vocabulary.Count:N0} words of dimension {Dimension}");

    /// <summary>Fits vectors to counted pairs.</summary>
    /// <param name="counts">Pair counts.</param>
    /// <param name="options">Dimension, exponent, shift, smoothing; defaults when null.</param>
    /// <param name="progress">Told how many vectors have converged ("Krylov"), or the percent done ("direct").</param>
    /// <param name="cancellationToken">Stops between steps of the decomposition.</param>
    /// <exception cref="ArgumentException">An option is out of range, for example a dimension beyond the vocabulary.</exception>
    public static WordVectors Fit(CooccurrenceCounts counts, WordVectorOptions? options = null, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(counts);
        options ??= new();
        int words = counts.Vocabulary.Count;
        if (options.Dimension < 1 || options.Dimension > words)
            throw OptionError.Of(nameof(options.Dimension), options.Dimension, $"Dimension must be from 1 to the {words} words of the vocabulary, not {options.Dimension}.");
        if (!double.IsFinite(options.SingularValuePower))
            throw OptionError.Of(nameof(options.SingularValuePower), options.SingularValuePower, $"SingularValuePower must be a finite number, not {options.SingularValuePower}.");

        SparseMatrix information = PointwiseMutualInformation.Positive(counts, options.Shift, options.ContextSmoothing);
        SingularTriples svd = TruncatedSvd.Decompose(information, options.Dimension, new LeadingEigenOptions { Seed = options.Seed }, progress, cancellationToken);
        double[] values = new double[words * options.Dimension];
        for (int i = 0; i < options.Dimension; i++)
        {
            // A direction beyond the rank carries nothing, whatever the exponent.
            double weight = svd.Values[i] > 0 ? Math.Pow(svd.Values[i], options.SingularValuePower) : 0;
            ReadOnlySpan<double> left = svd.LeftVector(i);
            for (int word = 0; word < words; word++)
                values[(word * options.Dimension) + i] = weight * left[word];
        }

        if (Finite.FirstNot(values) >= 0)
            throw OptionError.Of(nameof(options.SingularValuePower), options.SingularValuePower, $"Singular values of {svd.Values[0]:G3} and less raised to {options.SingularValuePower} leave the range of double.");
        return new WordVectors(counts.Vocabulary, options.Dimension, values, svd.Values);
    }

    /// <summary>The vector of a word.</summary>
    /// <param name="word">A word; case matters.</param>
    /// <param name="vector">Its vector, or empty.</param>
    /// <returns>False when the word is not in the vocabulary.</returns>
    public bool TryGet(string word, out ReadOnlySpan<double> vector)
    {
        ArgumentNullException.ThrowIfNull(word);
        bool known = _rows.TryGetValue(word, out int row);
        vector = known ? Row(row) : default;
        return known;
    }

    /// <summary>The words nearest to a word by the cosine of their vectors, nearest first, the word itself left out.</summary>
    /// <param name="word">A word of the vocabulary.</param>
    /// <param name="count">How many, ≥ 0.</param>
    /// <exception cref="ArgumentException">The word is not in the vocabulary.</exception>
    public IReadOnlyList<(string Word, double Cosine)> Nearest(string word, int count = 10)
    {
        ArgumentNullException.ThrowIfNull(word);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (!_rows.TryGetValue(word, out int row))
            throw new ArgumentException($"'{word}' is not among the {Vocabulary.Count} words; case matters, and rare words are dropped (MinCount).", nameof(word));
        return [.. Enumerable.Range(0, Vocabulary.Count).Where(other => other != row)
            .Select(other => (Vocabulary[other], Cosine: TensorPrimitives.Dot(Row(row), Row(other)) * _inverseNorms[row] * _inverseNorms[other]))
            .OrderByDescending(pair => pair.Cosine).Take(count)];
    }

    internal ReadOnlySpan<double> Row(int row) => Values.AsSpan(row * Dimension, Dimension);

    internal int IndexOf(string word) => _rows.GetValueOrDefault(word, -1);
}
