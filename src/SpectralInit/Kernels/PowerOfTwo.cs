using System.Numerics;
using System.Numerics.Tensors;

namespace SpectralInit.Kernels;

/// <summary>Multiplication by 2ᵉ, which rounds nothing but what underflows, also where 2ᵉ itself is no number of the type.</summary>
internal static class PowerOfTwo
{
    /// <summary>values ← 2ᵉ·values.</summary>
    public static void Scale<T>(Span<T> values, int exponent)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (T first, T second) = Factors<T>(exponent);
        if (T.IsNormal(first) && T.IsNormal(second))
        {
            TensorPrimitives.Multiply(values, first, values);
            TensorPrimitives.Multiply(values, second, values);
            return;
        }

        foreach (ref T value in values)
            value = T.ScaleB(value, exponent);
    }

    /// <summary>Two factors of 2ᵉ, as equal as can be: normal numbers for every exponent that a number of the type has, and its negative.</summary>
    public static (T First, T Second) Factors<T>(int exponent)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int half = exponent / 2;
        return (T.ScaleB(T.One, half), T.ScaleB(T.One, exponent - half));
    }
}
