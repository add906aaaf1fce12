namespace SpectralInit.Kernels;

/// <summary>Memory to fetch into the cache, a distance ahead of what is being read. Only a hint: nothing is read.</summary>
/// <param name="start">Where reading begins.</param>
/// <param name="distance">How many bytes ahead.</param>
/// <param name="step">Bytes that a kernel moves on by in each of its steps, at most <see cref="Line"/>.</param>
internal unsafe struct SteadyFetch(byte* start, nint distance, nint step)
{
    /// <summary>Bytes fetched at a time.</summary>
    public const int Line = 64;

    private byte* _next = start + distance;
    private byte* _due = start + distance;

    /// <summary>What a kernel of so many steps fetches while some bytes are read: the next memory that is due, or, moving on by 0, something cached.</summary>
    public byte* Take(nint bytes, nint steps, void* cached, out nint moved)
    {
        _due += bytes;
        byte* piece = _next;
        if (piece >= _due)
        {
            moved = 0;
            return (byte*)cached;
        }

        moved = step;
        _next += steps * step;
        return piece;
    }
}
