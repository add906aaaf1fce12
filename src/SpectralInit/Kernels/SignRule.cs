using System.Numerics.Tensors;

namespace SpectralInit.Kernels;

/// <summary>The sign rule of eigenvectors and singular vectors, version 1: the entry of largest magnitude is positive; on ties the first decides.</summary>
internal static class SignRule
{
    /// <summary>True when the rule wants the vector negated.</summary>
    /// <remarks>TensorPrimitives.IndexOfMaxMagnitude will not do: on ties of x and −x it finds the positive one, wherever it stands.</remarks>
    public static bool WantsNegation(ReadOnlySpan<double> vector)
    {
        if (vector.IsEmpty)
            return false;
        double largest = Math.Abs(TensorPrimitives.MaxMagnitude(vector));
        int place = 0;
        while (place < vector.Length - 1 && Math.Abs(vector[place]) != largest)
            place++;
        return double.IsNegative(vector[place]);
    }
}
