using System.Numerics;

namespace SpectralInit;

/// <summary>The checks every initializer makes before it writes.</summary>
internal static class WeightGuard
{
    public static void Check<T>(ReadOnlySpan<T> weights, WeightShape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(shape);
        CheckElement<T>();
        if (weights.Length != shape.Count)
            throw new ArgumentException($"The destination has {weights.Length} elements, the shape {shape.Count}: {shape}.", nameof(weights));
    }

    public static void CheckElement<T>()
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double) && typeof(T) != typeof(Half))
            throw new NotSupportedException($"Weights are float, double or Half, not {typeof(T).Name}.");
    }

    /// <summary>A copy of the initializers of the parts of a tensor, of which there is at least one and none is null.</summary>
    public static IWeightInitializer[] Parts(ReadOnlySpan<IWeightInitializer> parts, string noun, string parameter)
    {
        if (parts.IsEmpty)
            throw new ArgumentException($"Pass one initializer for all {noun}, or one for each.", parameter);
        foreach (IWeightInitializer part in parts)
            ArgumentNullException.ThrowIfNull(part, parameter);
        return parts.ToArray();
    }

    /// <summary>A parameter rounded to T, refused where it would overflow.</summary>
    public static T Rounded<T>(double value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T rounded = T.CreateTruncating(value);
        return T.IsFinite(rounded)
            ? rounded
            : throw new ArgumentException($"{value:g3} overflows {typeof(T).Name}; choose a smaller parameter or a wider type.", nameof(value));
    }
}
