namespace SpectralInit;

/// <summary>What an embedding row becomes when its token has no word vector.</summary>
public enum OutOfVocabulary
{
    /// <summary>Gaussian draws with the mean and the variance, per dimension, of the rows that have vectors.</summary>
    Matched,

    /// <summary>The mean of the word vectors.</summary>
    Mean,

    /// <summary>Zeros.</summary>
    Zero,

    /// <summary>Refuse: an <see cref="ArgumentException"/> names the first such token when the initializer is made.</summary>
    Throw,
}
