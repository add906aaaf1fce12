namespace SpectralInit;

/// <summary>The Gram matrix of centered rows as an operator that also tells the images of what it multiplies.</summary>
internal interface IRowGram : ILinearOperator
{
    /// <summary>Passes over the rows so far.</summary>
    int Passes { get; }

    /// <summary>y ← x·Xc·Xcᵀ, and the images x·Xc of the vectors, vectors × d, unless that span is empty.</summary>
    void Multiply(int vectors, ReadOnlySpan<double> x, Span<double> y, Span<double> images);
}
