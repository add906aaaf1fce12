namespace SpectralInit;

/// <summary>One axis of a sliding window: which input coordinate every tap reads at every position.</summary>
internal sealed class WindowAxis
{
    // [position, tap]; −1 in zero padding.
    private readonly int[] _sources;
    private readonly bool[] _inside;

    public WindowAxis(int input, int kernel, int positions, int stride, int dilation, int padding, bool circular)
    {
        (Input, Kernel, Positions, Dilation) = (input, kernel, positions, dilation);
        _sources = new int[positions * kernel];
        _inside = new bool[positions];
        for (int position = 0; position < positions; position++)
        {
            for (int tap = 0; tap < kernel; tap++)
            {
                long coordinate = ((long)position * stride) + ((long)tap * dilation) - padding;
                _sources[(position * kernel) + tap] = circular ? (int)(((coordinate % input) + input) % input)
                    : coordinate < 0 || coordinate >= input ? -1
                    : (int)coordinate;
            }

            int first = _sources[position * kernel];
            _inside[position] = first >= 0 && first + ((long)(kernel - 1) * dilation) < input;
        }
    }

    public int Input { get; }

    public int Kernel { get; }

    public int Positions { get; }

    public int Dilation { get; }

    /// <summary>The input coordinate a tap reads, or −1 in zero padding.</summary>
    public int Source(int position, int tap) => _sources[(position * Kernel) + tap];

    /// <summary>Whether the taps of a position lie inside the input, one <see cref="Dilation"/> after the other.</summary>
    public bool IsInside(int position) => _inside[position];
}
