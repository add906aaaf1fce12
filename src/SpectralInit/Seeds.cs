namespace SpectralInit;

/// <summary>Named sub-seeds: one seed for a run, a distinct and reproducible one for each layer.</summary>
public static class Seeds
{
    /// <summary>
    /// Derives the seed of a named part. Version 1 of the rule: FNV-1a (64 bit) over the name's UTF-16 code units, low byte first,
    /// then the SplitMix64 finalizer over (hash xor finalized seed).
    /// </summary>
    /// <param name="seed">The seed of the whole.</param>
    /// <param name="name">The part, for example <c>"encoder.fc1"</c>. Case matters; any string, the empty one included.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public static ulong Derive(ulong seed, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        ulong hash = 0xCBF29CE484222325;
        foreach (char unit in name)
        {
            hash = (hash ^ (byte)unit) * 0x100000001B3;
            hash = (hash ^ (byte)(unit >> 8)) * 0x100000001B3;
        }

        return Mix(hash ^ Mix(seed));
    }

    /// <summary>Derives the seed of a numbered part: epoch, repetition, layer index.</summary>
    /// <param name="seed">The seed of the whole.</param>
    /// <param name="index">The part's number.</param>
    public static ulong Derive(ulong seed, ulong index) => Mix(Mix(seed) + ((index + 1) * 0x9E3779B97F4A7C15));

    // SplitMix64's finalizer (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014): a bijection.
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
