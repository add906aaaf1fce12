using System.Numerics;

namespace SpectralInit;

/// <summary>
/// Fills the weights of one layer. The one contract of the library: random baselines and data-driven initializers are
/// interchangeable behind it.
/// </summary>
/// <remarks>
/// An initializer is immutable, safe to share between threads, and a pure function of (shape, seed): the same inputs give
/// the same bits on any number of threads. There is no hidden random state; two layers initialised with one seed are the
/// caller's visible choice (see <see cref="Seeds.Derive(ulong, string)"/>). Deterministic initializers ignore the seed.
/// </remarks>
public interface IWeightInitializer
{
    /// <summary>Fills <paramref name="weights"/> for a tensor of the given shape.</summary>
    /// <typeparam name="T">Element type: <see cref="float"/>, <see cref="double"/> or <see cref="Half"/>. Values are computed in float or double and rounded once.</typeparam>
    /// <param name="weights">Destination, <see cref="WeightShape.Count"/> elements in the order of <see cref="WeightShape.Layout"/>; untouched when an argument is wrong.</param>
    /// <param name="shape">What the tensor is: fans, layout, kernel.</param>
    /// <param name="seed">The seed; all 64 bits count.</param>
    /// <exception cref="ArgumentException"><paramref name="weights"/> does not have <see cref="WeightShape.Count"/> elements, or the shape does not suit the initializer.</exception>
    void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
