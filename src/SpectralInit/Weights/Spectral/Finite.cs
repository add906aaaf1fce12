using System.Numerics.Tensors;

namespace SpectralInit;

/// <summary>Finds what must not enter a fit.</summary>
internal static class Finite
{
    /// <summary>Index of the first NaN or infinity, or −1.</summary>
    public static int FirstNot(ReadOnlySpan<double> values)
    {
        // One fast sum tells whether to look: it is finite only if every value is.
        if (values.IsEmpty || double.IsFinite(TensorPrimitives.SumOfMagnitudes(values)))
            return -1;
        for (int i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]))
                return i;
        }

        return -1;
    }
}
