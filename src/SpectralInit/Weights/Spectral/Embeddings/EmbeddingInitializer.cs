using System.Numerics;
using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>An embedding table filled with word vectors, aligned to the vocabulary of a model's tokenizer.</summary>
/// <remarks>
/// Rows are in the order of the given vocabulary. All rows share one gain, which gives the entries of the known rows the target standard
/// deviation over the table, so that nothing but the directions differs from a random table of that scale.
/// </remarks>
public sealed class EmbeddingInitializer : IWeightInitializer
{
    private readonly WordVectors _vectors;
    private readonly int[] _rowOf;
    private readonly OutOfVocabulary _unknown;
    private readonly double _gain;
    private readonly double[] _mean;
    private readonly double[] _deviation;

    /// <summary>Aligns vectors to a vocabulary.</summary>
    /// <param name="vectors">Fitted word vectors.</param>
    /// <param name="vocabulary">The model's tokens, row by row; null for the vocabulary of the vectors themselves.</param>
    /// <param name="unknown">What tokens without a vector get. Default: matched Gaussian draws.</param>
    /// <param name="standardDeviation">Root mean square of the entries of known rows about zero, positive; null to keep the vectors as they are. Default: 0.1, which beat a random table of its scale wherever it was tried, while 1, the deviation of frameworks' <c>N(0, 1)</c> tables, loses half a nat where rows feed a dense layer side by side. Where a network averages rows that say the same, as in a mean over a text, 0.3 to 1 is better (docs/evidence.md, embeddings).</param>
    /// <exception cref="ArgumentException">A token is null; none is known; or <paramref name="unknown"/> is Throw and one is not.</exception>
    public EmbeddingInitializer(WordVectors vectors, IReadOnlyList<string>? vocabulary = null, OutOfVocabulary unknown = OutOfVocabulary.Matched, double? standardDeviation = 0.1)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        if (!Enum.IsDefined(unknown))
            throw new ArgumentOutOfRangeException(nameof(unknown), unknown, "Choose Matched, Mean, Zero or Throw.");
        if (standardDeviation is double target && !(target > 0 && double.IsFinite(target)))
            throw new ArgumentOutOfRangeException(nameof(standardDeviation), target, "The standard deviation must be a positive number.");

        _vectors = vectors;
        _unknown = unknown;
        vocabulary ??= vectors.Vocabulary;
        _rowOf = new int[vocabulary.Count];
        for (int token = 0; token < _rowOf.Length; token++)
        {
            _rowOf[token] = vectors.IndexOf(vocabulary[token] ?? throw new ArgumentException($"Token {token} is null.", nameof(vocabulary)));
            if (_rowOf[token] < 0 && unknown == OutOfVocabulary.Throw)
                throw new ArgumentException($"Token {token}, '{vocabulary[token]}', has no vector. Choose another policy than OutOfVocabulary.Throw, or lower MinCount.", nameof(vocabulary));
        }

        int[] known = [.. _rowOf.Where(row => row >= 0)];
        if (known.Length == 0 && _rowOf.Length > 0)
            throw new ArgumentException("No token has a vector; check case and the tokenizer's markers.", nameof(vocabulary));
        KnownCount = known.Length;

        int d = vectors.Dimension;
        _mean = new double[d];
        _deviation = new double[d];
        foreach (int row in known)
        {
            for (int i = 0; i < d; i++)
                _mean[i] += vectors.Row(row)[i] / known.Length;
        }

        double square = 0;
        foreach (int row in known)
        {
            ReadOnlySpan<double> vector = vectors.Row(row);
            for (int i = 0; i < d; i++)
            {
                _deviation[i] += (vector[i] - _mean[i]) * (vector[i] - _mean[i]) / known.Length;
                square += vector[i] * vector[i] / known.Length / d;
            }
        }

        for (int i = 0; i < d; i++)
            _deviation[i] = Math.Sqrt(_deviation[i]);
        _gain = standardDeviation is double wanted && square > 0 ? wanted / Math.Sqrt(square) : 1;
    }

    /// <summary>Tokens that have a vector.</summary>
    public int KnownCount { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The shape is not an embedding of this vocabulary and dimension.</exception>
    public void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightGuard.Check<T>(weights, shape);
        if (shape.Kind != WeightKind.Embedding || shape.Rows != _rowOf.Length || shape.Columns != _vectors.Dimension)
            throw new ArgumentException($"The vectors fill Embedding({_rowOf.Length}, {_vectors.Dimension}), not {shape}.", nameof(shape));

        int d = _vectors.Dimension;
        double[] row = new double[d];
        T[] all = new T[weights.Length];
        for (int token = 0; token < _rowOf.Length; token++)
        {
            if (_rowOf[token] >= 0)
                _vectors.Row(_rowOf[token]).CopyTo(row);
            else
                FillUnknown(row, seed, token);
            TensorPrimitives.Multiply(row, _gain, row);
            WeightGuard.Write<double, T>(row, all.AsSpan(token * d, d), nameof(weights));
        }

        all.CopyTo(weights);
    }

    private void FillUnknown(Span<double> row, ulong seed, int token)
    {
        row.Clear();
        if (_unknown == OutOfVocabulary.Zero)
            return;
        if (_unknown == OutOfVocabulary.Matched)
            RandomFill.Normal(row, 0, 1, seed, stream: 0, offset: (long)token * row.Length);
        for (int i = 0; i < row.Length; i++)
            row[i] = _mean[i] + (_deviation[i] * row[i]);
    }
}
