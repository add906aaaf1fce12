namespace SpectralInit;

/// <summary>The weight of a context word at distance 1 … window from its centre.</summary>
public enum ContextWeighting
{
    /// <summary>1 / distance (Pennington, Socher and Manning, "GloVe", EMNLP 2014, §4.2).</summary>
    Harmonic,

    /// <summary>(window − distance + 1) / window: word2vec's randomly shortened window in expectation (Levy, Goldberg and Dagan, TACL 2015, §3.1).</summary>
    Linear,

    /// <summary>1 at every distance.</summary>
    Uniform,
}
