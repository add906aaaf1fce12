using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace SpectralInit;

/// <summary>The checks every initializer makes before it writes.</summary>
internal static class WeightGuard
{
    public static void Check<T>(ReadOnlySpan<T> weights, WeightShape shape, string parameter = "weights")
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(shape);
        CheckElement<T>();
        if (weights.Length != shape.Count)
            throw new ArgumentException($"The destination has {weights.Length} elements, the shape {shape.Count}: {shape}.", parameter);
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

    /// <summary>Rounds computed values to T, all or nothing.</summary>
    /// <exception cref="ArgumentException">One is no number, or overflows T; nothing is written.</exception>
    public static void Write<TSource, T>(ReadOnlySpan<TSource> values, Span<T> destination, [CallerArgumentExpression(nameof(destination))] string parameter = "")
        where TSource : unmanaged, IBinaryFloatingPointIeee754<TSource>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckFits<TSource, T>(values, parameter);
        RowBuffer.Convert(values, destination);
    }

    /// <exception cref="ArgumentException">A value is no number, or overflows T.</exception>
    public static void CheckFits<TSource, T>(ReadOnlySpan<TSource> values, string parameter = "weights")
        where TSource : unmanaged, IBinaryFloatingPointIeee754<TSource>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TSource largest = values.IsEmpty ? TSource.Zero : TensorPrimitives.MaxMagnitude(values);
        if (!T.IsFinite(T.CreateTruncating(largest)))
            throw new ArgumentException(FormattableString.Invariant($"Values of magnitude {TSource.Abs(largest):G3} are not finite in {typeof(T).Name}: scale the data or the target, or choose a wider type."), parameter);
    }

    /// <summary>A parameter rounded to T, refused where it would overflow.</summary>
    public static T Rounded<T>(double value, [CallerArgumentExpression(nameof(value))] string parameter = "")
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T rounded = T.CreateTruncating(value);
        return T.IsFinite(rounded)
            ? rounded
            : throw new ArgumentException($"{value:g3} overflows {typeof(T).Name}; choose a smaller parameter or a wider type.", parameter);
    }
}
