namespace SpectralInit.Kernels;

/// <summary>Some columns of rows that will be read next, handed out a cache line of every row at a time, to be fetched while something else is computed. Only a hint: nothing is read.</summary>
/// <param name="start">The first value of the first row.</param>
/// <param name="bytes">How many of each row.</param>
/// <param name="stride">Bytes between rows.</param>
internal unsafe struct RowsAhead(void* start, long bytes, nint stride)
{
    private readonly byte* _end = (byte*)start + bytes;
    private byte* _next = (byte*)((nuint)start & ~(nuint)63);

    /// <summary>Bytes between rows.</summary>
    public readonly nint Stride => stride;

    /// <summary>The next line, in the first row; null when there is none.</summary>
    public byte* Take()
    {
        if (_next >= _end)
            return null;
        byte* line = _next;
        _next += 64;
        return line;
    }
}
