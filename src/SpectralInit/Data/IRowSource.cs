namespace SpectralInit;

/// <summary>Rows of features, read front to back as often as wanted. Rows stream: a source may be far larger than memory.</summary>
/// <remarks>What reads rows refuses a source that breaks its word (no reader, no columns, other rows than it said) with an <see cref="InvalidOperationException"/> that names its type.</remarks>
public interface IRowSource
{
    /// <summary>Features per row, d ≥ 1.</summary>
    int Columns { get; }

    /// <summary>Number of rows, or null when it is known only at the end.</summary>
    long? RowCount { get; }

    /// <summary>True when the values are exact in <see cref="float"/> (float32, Half, bytes): reading them as float then loses nothing and is faster.</summary>
    bool IsSingle { get; }

    /// <summary>Starts a pass at the first row.</summary>
    /// <returns>A new reader, never null.</returns>
    /// <exception cref="InvalidOperationException">The source can be read only once and has been.</exception>
    IRowReader Open();
}
