using System.Numerics;

namespace SpectralInit;

/// <summary>Conveniences over <see cref="IBiasInitializer"/>.</summary>
public static class BiasInitializerExtensions
{
    /// <summary>A new array of <see cref="WeightShape.Outputs"/> biases that belong to the weights of the same shape and seed.</summary>
    /// <typeparam name="T">float, double or Half.</typeparam>
    /// <param name="initializer">The initializer.</param>
    /// <param name="shape">What the weight tensor is.</param>
    /// <param name="seed">The seed the weights are drawn with.</param>
    /// <exception cref="ArgumentException">The shape does not suit the initializer.</exception>
    public static T[] CreateBias<T>(this IBiasInitializer initializer, WeightShape shape, ulong seed = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(initializer);
        ArgumentNullException.ThrowIfNull(shape);
        T[] bias = new T[shape.Outputs];
        initializer.InitializeBias<T>(bias, shape, seed);
        return bias;
    }
}
