using System.Numerics;

namespace SpectralInit;

/// <summary>An initializer whose weights come from data and therefore imply a bias: centring the inputs is b = −W·μ.</summary>
/// <remarks>
/// With that bias the layer computes W·x + b = W·(x − μ), so every pre-activation has mean zero on the data the weights were fitted to.
/// Random initializers have no mean to subtract and do not implement this interface; their bias is zero.
/// </remarks>
public interface IBiasInitializer : IWeightInitializer
{
    /// <summary>Fills the bias that belongs to the weights of the same shape and seed.</summary>
    /// <typeparam name="T">float, double or Half. Values are computed in double and rounded once.</typeparam>
    /// <param name="bias">Destination, one value per output (<see cref="WeightShape.Outputs"/>); untouched when an argument is wrong.</param>
    /// <param name="shape">What the weight tensor is.</param>
    /// <param name="seed">The seed the weights are drawn with.</param>
    /// <exception cref="ArgumentException"><paramref name="bias"/> does not have <see cref="WeightShape.Outputs"/> elements, or the shape does not suit the initializer.</exception>
    void InitializeBias<T>(Span<T> bias, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
