namespace SpectralInit.Kernels;

/// <summary>Memory that will be read next, handed out piece by piece to be fetched into the cache while something else is computed. Only a hint: nothing is read.</summary>
internal unsafe struct FetchAhead(void* start, long bytes)
{
    private readonly byte* _end = (byte*)start + bytes;
    private byte* _next = (byte*)start;

    /// <summary>Bytes not handed out yet.</summary>
    public readonly long Bytes => Math.Max(0, _end - _next);

    /// <summary>The next piece, or <paramref name="otherwise"/> (something cached) when there is none.</summary>
    public byte* Take(long bytes, byte* otherwise)
    {
        if (_next >= _end)
            return otherwise;
        byte* piece = _next;
        _next += bytes;
        return piece;
    }

    /// <summary>The memory as rows <paramref name="stride"/> bytes apart: <paramref name="bytes"/> of each, from byte <paramref name="from"/> on.</summary>
    public readonly RowsAhead Columns(long from, long bytes, nint stride) => _next < _end ? new(_next + from, bytes, stride) : default;
}
