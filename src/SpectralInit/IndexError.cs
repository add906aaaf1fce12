using System.Runtime.CompilerServices;

namespace SpectralInit;

/// <summary>What every room throws for an index out of range: the exception says what is counted, how many there are and what to do.</summary>
internal static class IndexError
{
    /// <param name="index">The index given.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="thing">What one of them is called.</param>
    /// <param name="advice">What to do, if anything.</param>
    /// <param name="parameter">The parameter that holds the index.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is not 0 … <paramref name="count"/>−1.</exception>
    public static void Check(int index, int count, string thing, string advice = "", [CallerArgumentExpression(nameof(index))] string parameter = "")
    {
        if ((uint)index < (uint)count)
            return;
        string there = count switch
        {
            0 => $"There are no {thing}s",
            1 => $"There is one {thing}, number 0",
            _ => $"There are {count} {thing}s, 0 to {count - 1}",
        };
        throw new ArgumentOutOfRangeException(parameter, index, advice.Length == 0 ? $"{there}." : $"{there}; {advice}.");
    }
}
